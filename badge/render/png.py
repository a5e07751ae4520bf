"""PNG in pieces: the rows that were compressed before are copied, only the others are compressed anew.

A piece of raw deflate data (RFC 1951) ends on a whole byte, so pieces can follow each other, and each is
compressed knowing the rows before it. Rows carry no filter: `sub` and `up` only made our gradients larger.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image
from zlib_ng import zlib_ng

WINDOW_BYTES = 32_768
_ADLER = 65_521
_LAST_BLOCK = b"\x03\x00"  # an empty one with fixed codes


class Piece(NamedTuple):
    """Some rows of a picture: compressed, with the checksum (Adler-32) and the length of what they were."""

    data: bytes
    adler: int
    length: int


def raw_rows(pixels: bytes, width_px: int, *, opaque: bool) -> bytes:
    """Returns premultiplied BGRA pixels as RGB or RGBA rows of filter type 0 (PNG third edition, 9.2)."""
    mode, raw = ("RGB", "BGRX") if opaque else ("RGBA", "BGRa")
    size = (width_px, len(pixels) // (4 * width_px))
    data = Image.frombuffer(mode, size, pixels, "raw", raw, 0, 1).tobytes()
    stride = width_px * len(mode)
    return b"".join([b"\0" + data[i : i + stride] for i in range(0, len(data), stride)])


def compress(rows: bytes, level: int, before: bytes = b"") -> Piece:
    """Compresses rows; `before` is what stands above them in every picture that this piece is used in."""
    packer = zlib_ng.compressobj(level, zlib_ng.DEFLATED, -15, 9, zdict=before[-WINDOW_BYTES:])
    data = packer.compress(rows) + packer.flush(zlib_ng.Z_SYNC_FLUSH)
    return Piece(data, zlib.adler32(rows), len(rows))


def write(width_px: int, height_px: int, pieces: Iterable[Piece], *, opaque: bool) -> bytes:
    """Returns the file that holds the pieces from top to bottom."""
    parts, adler = [b"\x78\x9c"], 1
    for piece in pieces:
        parts.append(piece.data)
        adler = _join(adler, piece)
    parts += (_LAST_BLOCK, struct.pack(">I", adler))
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2 if opaque else 6, 0, 0, 0)
    chunks = _chunk(b"IHDR", header), _chunk(b"IDAT", b"".join(parts)), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _join(adler: int, piece: Piece) -> int:
    """Returns the Adler-32 of what has the one and then of the piece (as adler32_combine of zlib)."""
    low, high = adler & 0xFFFF, adler >> 16
    sum_low = (low + (piece.adler & 0xFFFF) - 1) % _ADLER
    sum_high = (high + (piece.adler >> 16) + (low - 1) * piece.length) % _ADLER
    return sum_high << 16 | sum_low


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
