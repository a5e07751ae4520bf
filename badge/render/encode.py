"""Pixels to files: one deterministic encoder a format, because an ETag names bytes."""

import io
from collections.abc import Iterator

from PIL import Image

from badge.catalogue.manifest import Format
from badge.render.beat import BEATS
from badge.render.film import Film
from badge.render.ground import Ground, Painted
from badge.render.png import WINDOW_BYTES, Piece, compress, raw_rows, write
from badge.render.raster import Pixels

MEDIA_TYPES: dict[Format, str] = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}
_PNG_LEVEL = 5
_PNG_GROUND_LEVEL = 8  # once for many pictures
_PNG_PIECES = (64, 8, 1)  # rows of a piece of ground, which begins at a multiple of them
_JPEG_QUALITIES = (90, 82, 74, 66, 58, 50)
# What networks take at most (catalogue/network.py): 300 KB of an og card. No drawing of ours has come near.
_JPEG_BYTES_PER_PX = 0.39
_JPEG_ALWAYS_BYTES = 200_000
_WEBP_QUALITY = 80
_WEBP_FILM_QUALITY, _WEBP_FILM_ALPHA_QUALITY = 78, 50
_WEBP_NO_KEY_FRAMES = 98  # a film is shorter: after the first frame only what changed
_WEBP_METHOD = 2  # a third of the time of the default, and 4 % more bytes


def encode(drawn: Pixels | Painted | Film, format_: Format, *, opaque: bool) -> bytes:
    """Returns the file of a picture; `opaque` drops the alpha channel, as JPEG always does.

    A film becomes an animated WebP, whatever the format.
    """
    if isinstance(drawn, Film):
        return _webp_film(drawn, opaque=opaque)
    if format_ == "png":
        return _png(drawn, opaque=opaque)
    pixels = drawn.flat() if isinstance(drawn, Painted) else drawn
    if format_ == "jpg":
        return _jpeg(_image(pixels, opaque=True))
    return _webp(_image(pixels, opaque=opaque))


def _image(pixels: Pixels, *, opaque: bool) -> Image.Image:
    mode, raw = ("RGB", "BGRX") if opaque else ("RGBA", "BGRa")
    return Image.frombuffer(mode, (pixels.width_px, pixels.height_px), pixels.data, "raw", raw, 0, 1)


def _jpeg(image: Image.Image) -> bytes:
    """Writes the first quality that stays within the bytes that its pixels may take."""
    most = max(_JPEG_ALWAYS_BYTES, _JPEG_BYTES_PER_PX * image.width * image.height)
    for quality in _JPEG_QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
        if out.tell() <= most:
            break
    return out.getvalue()


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_WEBP_QUALITY, method=_WEBP_METHOD)
    return out.getvalue()


def _webp_film(film: Film, *, opaque: bool) -> bytes:
    out = io.BytesIO()
    frames = [_image(frame, opaque=opaque) for frame in film.frames]
    frames[0].save(
        out,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=list(film.lasts_ms),
        loop=BEATS,
        lossless=film.plain,
        quality=_WEBP_FILM_QUALITY,
        alpha_quality=_WEBP_FILM_ALPHA_QUALITY,
        kmin=_WEBP_NO_KEY_FRAMES,
        kmax=_WEBP_NO_KEY_FRAMES + 1,
        method=_WEBP_METHOD,
    )
    return out.getvalue()


def _png(drawn: Pixels | Painted, *, opaque: bool) -> bytes:
    if isinstance(drawn, Painted):
        pixels, pieces = drawn.ground.pixels, _pieces(drawn, opaque=opaque)
    else:
        rows = raw_rows(drawn.data, drawn.width_px, opaque=opaque)
        pixels, pieces = drawn, iter((compress(rows, _PNG_LEVEL),))
    return write(pixels.width_px, pixels.height_px, pieces, opaque=opaque)


def _pieces(drawn: Painted, *, opaque: bool) -> Iterator[Piece]:
    """Yields the rows of a picture: those of the ground as they are kept, those of the strips anew."""
    ground, row = drawn.ground, 0
    width_px, height_px = ground.pixels.width_px, ground.pixels.height_px
    window = -(-WINDOW_BYTES // (width_px * (3 if opaque else 4)))
    for strip in drawn.strips:
        yield from _clean(ground, row, strip.first, window, opaque=opaque)
        before = raw_rows(
            ground.pixels.rows(max(row, strip.first - window), strip.first), width_px, opaque=opaque
        )
        yield compress(raw_rows(strip.data, width_px, opaque=opaque), _PNG_LEVEL, before)
        row = strip.last
    yield from _clean(ground, row, height_px, window, opaque=opaque)


def _clean(ground: Ground, start: int, end: int, window: int, *, opaque: bool) -> Iterator[Piece]:
    first = start
    while first < end:
        last = first + next(n for n in _PNG_PIECES if first % n == 0 and first + n <= end)
        # What is above is known where no strip is near.
        known = first - start >= window
        if (piece := ground.pieces.get((first, last, known))) is None:
            width_px = ground.pixels.width_px
            before = ground.pixels.rows(first - window, first) if known else b""
            rows = raw_rows(ground.pixels.rows(first, last), width_px, opaque=opaque)
            piece = compress(rows, _PNG_GROUND_LEVEL, raw_rows(before, width_px, opaque=opaque))
            ground.pieces[first, last, known] = piece
        yield piece
        first = last
