"""A solved challenge as ALTCHA's clients send it back, and whether both signatures of ours in it hold.

ALTCHA signs the canonical JSON of a challenge: members sorted, no spaces. Structs whose fields are in that
order are written so by msgspec, which spares the library's own way of doing it, in Python, an eighth of
what a pledge costs. A test holds both to the same verdict.
"""

import binascii
import hmac

import msgspec

from badge.store.mac import Mac

_LONGEST = 4096


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a challenge was made for."""

    campaign: str


class Parameters(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The parameters of our challenges, in the order in which ALTCHA signs them."""

    algorithm: str
    cost: int
    data: Data
    expires_at: int
    key_length: int
    key_prefix: str
    key_signature: str
    nonce: str
    salt: str


class Challenge(msgspec.Struct, frozen=True):
    """A challenge and the signature that makes it one of ours."""

    parameters: Parameters
    signature: str


class Solution(msgspec.Struct, frozen=True, rename="camel"):
    """What the client found; clients may add how long that took."""

    derived_key: str


class Solved(msgspec.Struct, frozen=True):
    """A challenge with its solution."""

    challenge: Challenge
    solution: Solution

    def holds(self, challenges: Mac, answers: Mac) -> bool:
        """Tells whether the challenge bears our signature, and the solution is the one that it signs."""
        parameters = self.challenge.parameters
        try:
            answer = binascii.unhexlify(self.solution.derived_key)
        except ValueError:
            return False
        return _same(self.challenge.signature, challenges.digest(_encode(parameters))) and _same(
            parameters.key_signature, answers.digest(answer)
        )


def _same(signature: str, code: bytes) -> bool:
    return hmac.compare_digest(signature.encode(), code.hex().encode())


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Solved).decode


def read_solved(text: str) -> Solved:
    """Reads ALTCHA's base64 payload; raises ValueError where it is none of a challenge like ours."""
    if len(text) > _LONGEST:
        raise ValueError("too long")
    try:
        return _decode(binascii.a2b_base64(text))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError("not a payload") from error
