"""Signed URLs: `sig=` is the HMAC-SHA-256 of a picture's canonical spelling, in base64url without padding.

base64url(HMAC-SHA-256(key, "/badge/wear.svg?name=Zo%C3%AB"))        RFC 2104; RFC 4648, section 5
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Self

_SHORTEST = 32


@dataclass(frozen=True, slots=True)
class Signatures:
    """The deployer's keys: the first one signs, each of them is accepted, so that keys can be changed."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Returns the keys of a list (commas, spaces or lines between them), None for an empty one.

        Raises ValueError, which names no key, where one is so short that it could be guessed.
        """
        keys = tuple(key.encode() for key in re.split(r"[,\s]+", text) if key)
        if any(len(key) < _SHORTEST for key in keys):
            raise ValueError(
                f"each key wants {_SHORTEST} characters or more, as `openssl rand -hex 32` makes them"
            )
        return cls(keys) if keys else None

    def sign(self, canonical: str) -> str:
        """Returns the signature of a canonical spelling by the first key."""
        return _sign(self.keys[0], canonical)

    def hold(self, canonical: str, signature: str) -> bool:
        """Tells whether any key made this signature, in the same time for every wrong one."""
        given = signature.encode()
        made = [hmac.compare_digest(_sign(key, canonical).encode(), given) for key in self.keys]
        return any(made)


def _sign(key: bytes, canonical: str) -> str:
    digest = hmac.digest(key, canonical.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
