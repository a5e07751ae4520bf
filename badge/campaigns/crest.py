"""A crest: a stranger's picture, bounded before it is decoded and drawn anew before it is kept."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from badge.errors import InvalidField, PayloadTooLarge, UnsupportedMedia

MAX_UPLOAD_BYTES = 4 * 2**20
MAX_CREST_BYTES = 256 * 1024
MAX_PIXELS = 25_000_000
MIN_SIDE_PX = 32
MIN_ALPHA = 16  # of 255: less is as good as nothing
MAX_LIGHT = 245
MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp")
_FORMATS = ("PNG", "JPEG", "WEBP")
_SIDES_PX = (512, 384, 256, 160)


def redraw(body: bytes) -> bytes:
    """Returns a crest as PNG, 512 pixels at most on its longer side and 256 KB at most, without metadata.

    Raises UnsupportedMedia where it is no PNG, JPEG or WebP, InvalidField where its sides do not fit or
    nothing of it can be seen, PayloadTooLarge where it cannot be made small enough.
    """
    if len(body) > MAX_UPLOAD_BYTES:
        raise PayloadTooLarge(f"the crest is larger than {MAX_UPLOAD_BYTES // 2**20} MB")
    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as opened:
            _check_sides(*opened.size)
            opened.draft("RGB", (_SIDES_PX[0], _SIDES_PX[0]))  # a JPEG is decoded small
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (InvalidField, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels("far too many") from None
    except UnidentifiedImageError:
        raise UnsupportedMedia("the crest is no PNG, JPEG or WebP: export it as one of these") from None
    except Exception as error:  # what a decoder raises on broken bytes is not promised
        raise UnsupportedMedia(f"the crest cannot be decoded ({type(error).__name__})") from None
    picture.thumbnail((_SIDES_PX[0], _SIDES_PX[0]), Image.Resampling.LANCZOS)
    _check_visible(picture)
    for side_px in _SIDES_PX:
        picture.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
        drawn = io.BytesIO()
        Image.frombytes("RGBA", picture.size, picture.tobytes()).save(drawn, "PNG", optimize=True)
        if drawn.tell() <= MAX_CREST_BYTES:
            return drawn.getvalue()
    raise PayloadTooLarge(
        f"the crest takes more than {MAX_CREST_BYTES // 1024} KB at any size; use a simpler one"
    )


def _check_sides(width_px: int, height_px: int) -> None:
    if width_px * height_px > MAX_PIXELS:
        raise _too_many_pixels(f"{width_px} x {height_px}")
    if min(width_px, height_px) < MIN_SIDE_PX:
        raise InvalidField(
            f"the crest is {width_px} x {height_px} pixels; at least {MIN_SIDE_PX} on each side are needed",
            field="crest",
        )


def _check_visible(picture: Image.Image) -> None:
    """Refuses what nobody could see in the white disc that a crest stands in."""
    if _darkest(picture.getchannel("A").point(lambda alpha: 255 - alpha)) > 255 - MIN_ALPHA:
        raise InvalidField(
            "the crest has no visible pixel: export it again, with more than its background", field="crest"
        )
    white = Image.new("RGBA", picture.size, "white")
    if _darkest(Image.alpha_composite(white, picture).convert("L")) > MAX_LIGHT:
        raise InvalidField(
            "the crest is white, and stands in a white disc: give the one that is made for light paper",
            field="crest",
        )


def _darkest(picture: Image.Image) -> int:
    return next(level for level, count in enumerate(picture.histogram()) if count)


def _too_many_pixels(how_many: str) -> InvalidField:
    most = MAX_PIXELS // 1_000_000
    return InvalidField(f"the crest has {how_many} pixels; at most {most} megapixels are read", field="crest")
