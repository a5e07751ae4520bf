"""A finished picture: its bytes and what must be known about them without decoding."""

from typing import Self

import msgspec

from badge.coding import Coding, compress, is_compressible

# Part of the name under which a cache store keeps it, so that old and new replicas never read each other's.
FORMAT_VERSION = 2


class Picture(msgspec.Struct, frozen=True):
    """The bytes of one rendering with its media type, size in device pixels, alt text, missing letters.

    `gzip` and `brotli` are the same bytes in these codings, empty where that does not pay.
    """

    body: bytes
    media_type: str
    width_px: int
    height_px: int
    alt: str
    missing: tuple[str, ...] = ()
    gzip: bytes = b""
    brotli: bytes = b""

    @property
    def size_bytes(self) -> int:
        """Returns what all forms of the bytes take together."""
        return len(self.body) + len(self.gzip) + len(self.brotli)

    def compressed(self) -> Self:
        """Returns the picture with both codings of its bytes, where its type shrinks."""
        if not is_compressible(self.media_type):
            return self
        return msgspec.structs.replace(
            self, gzip=compress(self.body, "gzip"), brotli=compress(self.body, "br")
        )

    def coded(self, asked: Coding) -> tuple[bytes, Coding]:
        """Returns the bytes in the coding asked for, or as they are where there is no such form."""
        form = self.brotli if asked == "br" else self.gzip if asked == "gzip" else b""
        return (form, asked) if form else (self.body, "")

    def pack(self) -> bytes:
        """Returns the bytes that a cache store keeps: a MessagePack header, then the body in each coding."""
        head = msgspec.msgpack.encode(
            (
                FORMAT_VERSION,
                self.media_type,
                self.width_px,
                self.height_px,
                self.alt,
                self.missing,
                len(self.body),
                len(self.gzip),
                len(self.brotli),
            )
        )
        return b"".join((len(head).to_bytes(4, "big"), head, self.body, self.gzip, self.brotli))

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Reads what `pack` wrote; raises ValueError on anything else, a cut body included."""
        start = 4 + int.from_bytes(data[:4], "big")
        try:
            version, media_type, width_px, height_px, alt, missing, *lengths = msgspec.msgpack.decode(
                data[4:start], type=tuple[int, str, int, int, str, tuple[str, ...], int, int, int]
            )
        except msgspec.DecodeError as error:
            raise ValueError(f"not a packed picture: {error}") from None
        if version != FORMAT_VERSION or min(lengths) < 0 or len(data) - start != sum(lengths):
            raise ValueError("a packed picture of another version, or cut short")
        gzip_at = start + lengths[0]
        brotli_at = gzip_at + lengths[1]
        return cls(
            body=data[start:gzip_at],
            media_type=media_type,
            width_px=width_px,
            height_px=height_px,
            alt=alt,
            missing=missing,
            gzip=data[gzip_at:brotli_at],
            brotli=data[brotli_at:],
        )
