"""Receipts: self-contained signed records that prove a pledge and withdraw it, without a row anywhere.

Signed by HMAC-SHA-256 cut to 128 bits: only the service acts on a receipt. What a stranger checks is the
public log, where the receipt's salt and details open the commitment of the entry at its position.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass

from badge.errors import ReceiptRefused
from badge.store.mac import Mac

_VERSION = 1
_TAG_BYTES = 16
_FIXED = struct.Struct(">IIH12s16s")
_LONGEST = 200
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt holds; position is its entry's place in the log, day counts from 1970-01-01."""

    campaign: str
    position: int
    sequence: int
    day: int
    details: bytes
    salt: bytes

    @property
    def commitment(self) -> bytes:
        """Returns what the log shows of the details: SHA-256(salt ‖ details)."""
        return commit(self.salt, self.details)

    def seal(self, mac: Mac) -> str:
        """Returns the receipt as URL-safe text of fewer than 200 characters."""
        slug = self.campaign.encode()
        body = (
            bytes((_VERSION, len(slug)))
            + slug
            + _FIXED.pack(self.position, self.sequence, self.day, self.details, self.salt)
        )
        return base64.urlsafe_b64encode(body + mac.digest(body)[:_TAG_BYTES]).decode().rstrip("=")

    @classmethod
    def open(cls, text: str, mac: Mac) -> "Receipt":
        """Reads a receipt that this service sealed; raises ReceiptRefused."""
        refused = ReceiptRefused(
            "This is not a receipt of this service, or it was changed: paste it whole, as it was given.",
            field="receipt",
        )
        if len(text) > _LONGEST or not text.isascii():
            raise refused
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise refused from None
        body, tag = sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:]
        if not hmac.compare_digest(mac.digest(body)[:_TAG_BYTES], tag) or body[0] != _VERSION:
            raise refused
        end = 2 + body[1]
        return cls(body[2:end].decode(), *_FIXED.unpack(body[end:]))


def commit(salt: bytes, details: bytes) -> bytes:
    """Returns the commitment to a pledge's private details."""
    return hashlib.sha256(salt + details).digest()
