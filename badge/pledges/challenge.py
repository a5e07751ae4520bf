"""Proof that someone took the trouble: ALTCHA's proof of work for scripts, a dated token for plain forms."""

import asyncio
import base64
import binascii
import hmac
import secrets
import struct
import time

import altcha

from badge.errors import ProofRefused, Unavailable
from badge.pledges.pace import Pace
from badge.pledges.pledge import check_slug
from badge.pledges.proof import Solved, read_solved
from badge.store.entry import Proof
from badge.store.lane import StoreError
from badge.store.mac import Mac
from badge.store.pledges import PledgeStore

_ALGORITHM = "PBKDF2/SHA-256"
_CHALLENGE_S = 600
_MOST_AT_ONCE = 128  # some 0.2 s of one core's PBKDF2: beyond that a client is told to come back
_SKEW_S = 60

_TOKEN = struct.Struct(">I16s16s")
_YOUNGEST_S = 3
_OLDEST_S = 2 * 3600


class Challenges:
    """Issues and spends proofs; secrets and spent nonces live in the data store, so replicas share them.

    A spent nonce must not come back with a cache's eviction or restart, hence the data store. Where that is
    away the proof is not accepted (Unavailable), which costs nothing: no pledge can be counted then either.
    """

    def __init__(self, store: PledgeStore, *, cost: int, attempts: int, pace: Pace | None = None) -> None:
        self._store = store
        self._cost = cost
        self._attempts = attempts
        self._pace = pace
        self._issuing = 0

    async def issue(self, campaign: str) -> dict[str, object]:
        """Returns a new challenge as ALTCHA's JSON, for 10 minutes; raises NotFound, Unavailable."""
        check_slug(campaign)
        if self._issuing >= _MOST_AT_ONCE:
            raise Unavailable("Too many people ask for a challenge at this moment.", retry_after_s=1)
        self._issuing += 1
        try:
            secret, answer_secret = await self._subkey("challenge"), await self._subkey("challenge answer")
            attempts = self._attempts << (await self._pace.level(campaign) if self._pace else 0)
            challenge = await asyncio.to_thread(self._make, campaign, attempts, secret, answer_secret)
        finally:
            self._issuing -= 1
        parameters: dict[str, object] = challenge.to_dict()
        return parameters

    async def spend(self, campaign: str, solution: str, key: str) -> None:
        """Accepts a solution for one key, however often that key brings it; raises as check()."""
        proof = await self.check(campaign, solution, key)
        try:
            is_ours = await self._store.claim(campaign, proof.nonce, proof.owner, proof.keep_s)
        except StoreError as error:
            raise _away() from error
        if not is_ours:
            raise spent_before()

    async def check(self, campaign: str, solution: str, key: str) -> Proof:
        """Returns what a right solution lets one idempotency key spend, however often that key brings it.

        Raises ProofRefused, NotFound, Unavailable.

        The nonce is bound to the key: anything may die before the answer arrives, and the client then comes
        back with both.
        """
        check_slug(campaign)
        solved = _read(solution)
        parameters = solved.challenge.parameters
        now_s = int(time.time())
        if parameters.expires_at < now_s:
            raise _refused("The challenge is older than 10 minutes: ask for a new one")
        # Our challenges carry a signature of their answer, so that checking one is two HMACs.
        if not solved.holds(await self._mac("challenge"), await self._mac("challenge answer")):
            raise _refused("The proof of work is wrong: solve a challenge of this service")
        if parameters.data.campaign != campaign:
            raise _refused(f"The challenge was made for another campaign than {campaign}: ask for one for it")
        owner = (await self._mac("nonce owner")).digest(key.encode())[:16]
        # A span and not a moment: the store's clock may be another.
        return Proof(parameters.nonce, owner, parameters.expires_at - now_s + _SKEW_S)

    async def issue_form_token(self, campaign: str) -> str:
        """Returns a signed token that a form may send from 3 s to 2 h from now; raises as issue()."""
        check_slug(campaign)
        issued, nonce = int(time.time()), secrets.token_bytes(16)
        tag = await self._tag(campaign, issued, nonce)
        return base64.urlsafe_b64encode(_TOKEN.pack(issued, nonce, tag)).decode()

    async def spend_form_token(self, campaign: str, token: str) -> str:
        """Returns the idempotency key of a token, by which it counts once; raises as spend()."""
        check_slug(campaign)
        again = "load the page again and press the button there"
        try:
            issued, nonce, tag = _TOKEN.unpack(
                base64.b64decode(token.encode(), altchars=b"-_", validate=True)
            )
        except (binascii.Error, struct.error, ValueError):
            raise _refused(f"The form's token is not whole: {again}") from None
        if not hmac.compare_digest(tag, await self._tag(campaign, issued, nonce)):
            raise _refused(f"The form's token is not one of this page: {again}")
        age_s = time.time() - issued
        if age_s < _YOUNGEST_S:
            raise _refused("That was faster than a person: wait three seconds and press the button again")
        if age_s > _OLDEST_S:
            raise _refused(f"The form is older than two hours: {again}")
        return "form:" + base64.urlsafe_b64encode(nonce).decode().rstrip("=")

    def _make(self, campaign: str, attempts: int, secret: bytes, answer_secret: bytes) -> altcha.Challenge:
        # A prefix can only ask for powers of 16. A hidden counter (ALTCHA's deterministic mode) allows any
        # mean and spares the unlucky: 1 to 2·mean − 1 attempts, all equally likely.
        return altcha.create_challenge(
            _ALGORITHM,
            self._cost,
            counter=secrets.randbelow(2 * attempts - 1),
            expires_at=int(time.time()) + _CHALLENGE_S,
            data={"campaign": campaign},
            hmac_secret=secret,
            hmac_key_secret=answer_secret,
        )

    async def _tag(self, campaign: str, issued: int, nonce: bytes) -> bytes:
        message = struct.pack(">I16s", issued, nonce) + campaign.encode()
        return (await self._mac("form token")).digest(message)[:16]

    async def _subkey(self, purpose: str) -> bytes:
        try:
            return await self._store.subkey(purpose)
        except StoreError as error:
            raise _away() from error

    async def _mac(self, purpose: str) -> Mac:
        try:
            return await self._store.mac(purpose)
        except StoreError as error:
            raise _away() from error


def spent_before() -> ProofRefused:
    """Returns the error of a proof that another key has spent."""
    return _refused("The challenge was used before: ask for a new one")


def _read(solution: str) -> Solved:
    try:
        return read_solved(solution)
    except ValueError:
        raise _refused("The solution is not ALTCHA's base64 payload of a solved challenge") from None


def _refused(why: str) -> ProofRefused:
    return ProofRefused(f"{why}.", field="solution")


def _away() -> Unavailable:
    return Unavailable("Pledges cannot be taken now; send the same request again.")
