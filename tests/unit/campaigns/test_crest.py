"""A crest is bounded before it is decoded, and is drawn anew."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from badge.campaigns.crest import MAX_CREST_BYTES, redraw
from badge.errors import BlueHeartError, InvalidField, PayloadTooLarge, UnsupportedMedia


def picture(format_: str, size: tuple[int, int] = (200, 100), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#0055a4").save(out, format_, **more)
    return out.getvalue()


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_what_may_be_sent_becomes_a_png(format_: str) -> None:
    drawn = Image.open(io.BytesIO(redraw(picture(format_))))
    assert (drawn.format, drawn.size, drawn.mode) == ("PNG", (200, 100), "RGBA")


def test_metadata_and_a_second_file_behind_the_picture_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Zoe was here"
    exif[0x0112] = 6  # turned on its side
    drawn = redraw(picture("JPEG", exif=exif) + b"PK\x03\x04 and a script")
    assert b"Zoe" not in drawn
    assert b"script" not in drawn
    assert Image.open(io.BytesIO(drawn)).size == (100, 200)


def test_a_large_crest_is_made_small_enough() -> None:
    noise = Image.frombytes("RGB", (1200, 1200), random.Random(1).randbytes(1200 * 1200 * 3))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=50)
    drawn = redraw(out.getvalue())
    assert len(drawn) <= MAX_CREST_BYTES
    assert max(Image.open(io.BytesIO(drawn)).size) <= 512


def bomb(width_px: int, height_px: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (bomb(60_000, 60_000), InvalidField),
        (bomb(2**31 - 1, 2**31 - 1), InvalidField),
        (bomb(1_000_000, 1), InvalidField),
        (bomb(100, 100), UnsupportedMedia),
        (b"", UnsupportedMedia),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnsupportedMedia),
        (picture("GIF"), UnsupportedMedia),
        (picture("PNG")[:60], UnsupportedMedia),
        (b"\0" * (4 * 2**20 + 1), PayloadTooLarge),
    ],
    ids=range(9),
)
def test_what_cannot_be_a_crest_is_refused(body: bytes, error: type[BlueHeartError]) -> None:
    with pytest.raises(error):
        redraw(body)


@pytest.mark.parametrize(
    ("colour", "words"),
    [
        ((200, 0, 0, 0), "no visible pixel"),
        ((200, 0, 0, 4), "no visible pixel"),
        ((255, 255, 255, 255), "is white, and stands in a white disc"),
        ((250, 252, 250, 128), "is white, and stands in a white disc"),
    ],
)
def test_a_crest_that_nobody_can_see_is_refused(colour: tuple[int, ...], words: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), colour).save(out, "PNG")
    with pytest.raises(InvalidField, match=words):
        redraw(out.getvalue())


def test_a_white_crest_with_one_line_of_colour_is_kept() -> None:
    out = io.BytesIO()
    crest = Image.new("RGBA", (640, 640), "white")
    crest.paste("#ffd100", (0, 300, 640, 310))
    crest.save(out, "PNG")
    assert redraw(out.getvalue())
