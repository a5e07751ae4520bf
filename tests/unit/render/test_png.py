"""PNG in pieces: a valid file, the same bytes whatever was kept from earlier pictures."""

import io
import struct
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from badge.render import Kit, lay_out, render
from badge.render.encode import encode
from badge.render.ground import Ground, Painted, Strip, ink_rows
from badge.render.png import compress, raw_rows, write
from badge.render.proof import example_specs
from badge.render.raster import Pixels, rasterize

NAMES = ("Ana", "Zoë Müller", "山田 太郎", "Ana")


def chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(file):
        (length,) = struct.unpack(">I", file[at : at + 4])
        kind, data = file[at + 4 : at + 8], file[at + 8 : at + 8 + length]
        assert struct.unpack(">I", file[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + data),)
        yield kind, data
        at += 12 + length


def rows_in(file: bytes) -> bytes:
    """Every row as it was before compression; zlib holds the file to its checksum and its end."""
    stream = zlib.decompressobj()
    rows = stream.decompress(b"".join(data for kind, data in chunks(file) if kind == b"IDAT"))
    assert stream.eof and not stream.unused_data
    return rows


@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=6), st.booleans())
def test_pieces_make_one_stream(parts: list[bytes], knowing: bool) -> None:
    pieces = [compress(part, 5, b"".join(parts[:i]) if knowing else b"") for i, part in enumerate(parts)]
    assert rows_in(write(1, 1, pieces, opaque=True)) == b"".join(parts)


def test_bytes_do_not_depend_on_what_was_kept() -> None:
    def drawn(kit: Kit, *names: str) -> list[bytes]:
        path = "/card/supporter.png"
        return [render(kit.catalogue.parse(path, f"name={n}".encode()).spec, kit).body for n in names]

    warm = Kit.load()
    assert drawn(warm, *NAMES) == [drawn(Kit.load(), name)[0] for name in NAMES]
    assert drawn(warm, *reversed(NAMES)) == drawn(warm, *NAMES)[::-1]


@given(st.lists(st.integers(0, 63), max_size=8, unique=True).map(sorted), st.booleans())
def test_any_strips_over_any_ground_are_the_flat_picture(edges: list[int], opaque: bool) -> None:
    ground = Ground(Pixels(bytes(range(256)) * (90 * 64 * 4 // 256), 90, 64))
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    painted = Painted(ground, tuple(Strip(a, b, b"\x07\x05\x03\xff" * 90 * (b - a)) for a, b in spans))
    for _ in range(2):  # the second time with the pieces that the first one left
        file = encode(painted, "png", opaque=opaque)
        assert rows_in(file) == raw_rows(painted.flat().data, 90, opaque=opaque)


def test_only_the_rows_under_texts_are_painted_and_nothing_is_missing(kit: Kit) -> None:
    for template in kit.catalogue.templates.values():
        if template.manifest.row is not None:
            continue
        for spec in example_specs(template, kit):
            scene = lay_out(spec, kit)
            painted = sum(last - first for first, last in ink_rows(scene))
            assert painted < scene.height_px * scene.scale
            file = render(replace(spec, format="png"), kit).body
            whole = rasterize(kit.composer.svg(scene))
            assert rows_in(file) == raw_rows(whole.data, whole.width_px, opaque=template.manifest.opaque)


@pytest.mark.parametrize("url", ["/badge/wear.png?name=Ana", "/avatar/pin.png?name=Ana", "/card/thanks.png"])
def test_other_readers_agree(kit: Kit, url: str) -> None:
    path, _, query = url.partition("?")
    picture = render(kit.catalogue.parse(path, query.encode()).spec, kit)
    with Image.open(io.BytesIO(picture.body)) as image:
        image.verify()
        assert image.size == (picture.width_px, picture.height_px)
