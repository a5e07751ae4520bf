"""The layout of small badges: a row of coloured stretches, as wide as what it says, on whole pixels."""

from collections.abc import Mapping
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

from badge.catalogue.manifest import Row, Segment
from badge.render.scene import (
    HEART_INK,
    HEART_WIDTH,
    Laid,
    PlacedHeart,
    PlacedLine,
    PlacedText,
    Rect,
    Stretch,
    heart_in,
)
from badge.render.typeset import Typesetter
from badge.text import FittedText


class _Lengths(NamedTuple):
    """The lengths of a row in whole pixels."""

    height: int
    gap: int
    heart: int
    pad: int
    seam: int
    heart_pad: int
    lone_pad: int
    lone_gap: int


def set_row(row: Row, unit_px: int, typesetter: Typesetter, values: Mapping[str, str]) -> Laid:
    """Sets the segments one after the other from the start edge; right-to-left languages mirror the row.

    `unit_px` is the length that the row's own are fractions of. A heart goes to the first segment there is.
    """
    px = _lengths(row, unit_px)
    segments = [segment for segment in row.segments if typesetter.says(segment.text)]
    with_heart = any(_has_heart(segment, values) for segment in row.segments)
    lone = len(segments) < len(row.segments)
    end_pad_px, gap_px = (px.lone_pad, px.lone_gap) if lone else (px.pad, px.gap)
    texts: dict[str, PlacedText] = {}
    stretches: list[Stretch] = []
    x_px, start_px = 0, px.heart_pad + px.heart + gap_px if with_heart else end_pad_px
    for segment in segments:
        text = typesetter.texts[segment.text]
        fitted = typesetter.fit(segment.text, row.max_text * unit_px, text.size * unit_px, 1, hinted=True)
        texts[segment.text] = placed = _centred(text.fill, fitted, start_px, px.height)
        pad_px = end_pad_px if segment is segments[-1] else px.seam
        width_px = round(placed.box.right_px) + pad_px - x_px
        stretches.append(Stretch(Rect(x_px, 0, width_px, px.height), segment.fill))
        x_px += width_px
        start_px = x_px + px.seam
    heart = _heart(px.heart_pad, px.heart, px.height) if with_heart else None
    if typesetter.language.dir == "rtl":
        texts = {name: _mirror_text(text, x_px) for name, text in texts.items()}
        stretches = [Stretch(_mirror(s.rect, x_px), s.fill) for s in stretches]
        heart = heart and heart._replace(x_px=x_px - heart.x_px - heart.width_px)
    return Laid(x_px, texts, heart, tuple(stretches))


@lru_cache(maxsize=256)
def _lengths(row: Row, unit_px: int) -> _Lengths:
    pads = (row.pad, row.seam, row.heart_pad, row.lone_pad)
    parts = (row.height, row.gap, row.heart, *[row.pad if pad is None else pad for pad in pads])
    lone_gap = row.gap if row.lone_gap is None else row.lone_gap
    return _Lengths(*[round(part * unit_px) for part in (*parts, lone_gap)])


def _has_heart(segment: Segment, values: Mapping[str, str]) -> bool:
    if isinstance(segment.heart, bool):
        return segment.heart
    return values[segment.heart] != "none"


def _centred(fill: str, fitted: FittedText, x_px: int, height_px: int) -> PlacedText:
    """Centres a line on its cap height, the baseline on a whole pixel; tall ink moves or shrinks."""
    _, top_px, _, bottom_px = fitted.lines[0].ink
    if bottom_px - top_px > height_px - 1:  # stacked scripts at 20 px: smaller, not cut
        fitted = fitted.scaled((height_px - 1) / (bottom_px - top_px))
        _, top_px, _, bottom_px = fitted.lines[0].ink
    centred_px = round((height_px + fitted.cap_height_px) / 2)
    baseline_px = max(min(centred_px, floor(height_px - bottom_px)), ceil(-top_px))
    box = Rect(x_px, 0, ceil(fitted.width_px), height_px)
    return PlacedText(fill, fitted, (PlacedLine(x_px, baseline_px, fitted.lines[0]),), box)


@lru_cache(maxsize=256)
def _heart(x_px: int, side_px: int, height_px: int) -> PlacedHeart:
    """Places the heart with its upper and lower end on whole pixels."""
    top, bottom = HEART_INK
    heart = heart_in(Rect(x_px, (height_px - side_px) / 2, side_px, side_px), rim=False)
    ink_px = round((bottom - top) * heart.scale)
    scale = ink_px / (bottom - top)
    y_px = round(heart.centre_y_px - ink_px / 2) - top * scale
    return PlacedHeart(heart.centre_x_px - HEART_WIDTH / 2 * scale, y_px, scale)


def _mirror(rect: Rect, width_px: int) -> Rect:
    return rect._replace(x_px=width_px - rect.right_px)


def _mirror_text(text: PlacedText, width_px: int) -> PlacedText:
    box = _mirror(text.box, width_px)
    lines = tuple(
        PlacedLine(line.x_px + box.x_px - text.box.x_px, line.y_px, line.line) for line in text.lines
    )
    return PlacedText(text.fill, text.fitted, lines, box)
