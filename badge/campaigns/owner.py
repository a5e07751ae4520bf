"""Who may change a campaign: its owner by a key that we know only the digest of, or the administrator."""

import hashlib
import hmac
import secrets
from enum import StrEnum

from badge.errors import Unauthorized
from badge.store.campaigns import OWNER_BYTES

NOBODY = bytes(OWNER_BYTES)
_PREFIX = "bho_"


class Role(StrEnum):
    """What a token makes of its bearer."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"


class Doorkeeper:
    """Knows the administrator's token, where one is set, by its digest alone."""

    def __init__(self, admin_token: str) -> None:
        self._admin = digest_of(admin_token) if admin_token else NOBODY

    def is_administrator(self, token: str | None) -> bool:
        """Tells whether this is the administrator's token, in constant time."""
        return token is not None and hmac.compare_digest(digest_of(token), self._admin)

    def admit(self, token: str | None, owner: bytes) -> Role:
        """Returns the role that a token has for the campaign of `owner` (a digest); raises Unauthorized."""
        if self.is_administrator(token):
            return Role.ADMINISTRATOR
        if token is not None and hmac.compare_digest(digest_of(token), owner):
            return Role.OWNER
        raise Unauthorized(
            "this needs the campaign's owner key, or the administrator's token: send Authorization: Bearer …"
        )


def new_owner_key() -> str:
    """Returns a fresh owner key of 256 random bits; it is shown once and kept nowhere."""
    return _PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """Returns the 32 bytes by which a token is known; it is random, so no slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
