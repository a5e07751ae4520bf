"""A finished picture: its bytes and what must be known about them without decoding."""

from dataclasses import dataclass
from typing import Self

import msgspec

_FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes of one rendering with its media type, size in device pixels, alt text, missing letters."""

    body: bytes
    media_type: str
    width_px: int
    height_px: int
    alt: str
    missing: tuple[str, ...] = ()

    def pack(self) -> bytes:
        """Returns the bytes that a cache store keeps: a MessagePack header, then the body."""
        head = msgspec.msgpack.encode(
            (
                _FORMAT_VERSION,
                self.media_type,
                self.width_px,
                self.height_px,
                self.alt,
                self.missing,
                len(self.body),
            )
        )
        return len(head).to_bytes(4, "big") + head + self.body

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Reads what `pack` wrote; raises ValueError on anything else, a cut body included."""
        start = 4 + int.from_bytes(data[:4], "big")
        try:
            version, media_type, width_px, height_px, alt, missing, length = msgspec.msgpack.decode(
                data[4:start], type=tuple[int, str, int, int, str, tuple[str, ...], int]
            )
        except msgspec.DecodeError as error:
            raise ValueError(f"not a packed picture: {error}") from None
        if version != _FORMAT_VERSION or len(data) - start != length:
            raise ValueError("a packed picture of another version, or cut short")
        return cls(data[start:], media_type, width_px, height_px, alt, missing)
