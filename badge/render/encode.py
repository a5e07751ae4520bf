"""Pixels to files: one deterministic encoder a format, because an ETag names bytes.

PNG rows carry no filter: on our gradients `sub` and `up` only made files larger (ARCHITECTURE.md, measured).
"""

import io
import struct
import zlib

import deflate
from PIL import Image

from badge.catalogue.manifest import Format
from badge.render.raster import Pixels

MEDIA_TYPES: dict[Format, str] = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}
_PNG_LEVEL = 6
_JPEG_QUALITIES = (90, 82, 74, 66, 58, 50)
# What networks take at most (catalogue/network.py): 300 KB of an og card. No drawing of ours has come near.
_JPEG_BYTES_PER_PX = 0.39
_JPEG_ALWAYS_BYTES = 200_000
_WEBP_QUALITY = 80
_COLOUR_TYPE = {"RGB": 2, "RGBA": 6}


def encode(pixels: Pixels, format_: Format, *, opaque: bool) -> bytes:
    """Returns the file of a picture; `opaque` drops the alpha channel, as JPEG always does."""
    size = (pixels.width_px, pixels.height_px)
    if format_ == "jpg":
        return _jpeg(Image.frombuffer("RGB", size, pixels.data, "raw", "BGRX", 0, 1))
    mode, raw = ("RGB", "BGRX") if opaque else ("RGBA", "BGRa")
    image = Image.frombuffer(mode, size, pixels.data, "raw", raw, 0, 1)
    return _webp(image) if format_ == "webp" else _png(image)


def _jpeg(image: Image.Image) -> bytes:
    """Writes the first quality that stays within the bytes that its pixels may take."""
    most = max(_JPEG_ALWAYS_BYTES, _JPEG_BYTES_PER_PX * image.width * image.height)
    for quality in _JPEG_QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=0)
        if out.tell() <= most:
            break
    return out.getvalue()


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_WEBP_QUALITY)
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    """Writes a PNG with filter type 0 on every row (W3C PNG third edition, 9.2)."""
    data = image.tobytes()
    stride = image.width * len(image.mode)
    rows = b"".join(b"\0" + data[i : i + stride] for i in range(0, len(data), stride))
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, _COLOUR_TYPE[image.mode], 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", bytes(deflate.zlib_compress(rows, _PNG_LEVEL))),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
