"""The layout of small badges: a row of coloured stretches, as wide as what it says, on whole pixels."""

from collections.abc import Mapping
from math import ceil, floor

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


def set_row(row: Row, unit_px: int, typesetter: Typesetter, values: Mapping[str, str]) -> Laid:
    """Sets the segments one after the other from the start edge; right-to-left languages mirror the row.

    `unit_px` is the length that the row's own are fractions of. A heart goes to the first segment there is.
    """
    height_px, gap_px, heart_px = (round(part * unit_px) for part in (row.height, row.gap, row.heart))
    segments = [segment for segment in row.segments if typesetter.says(segment.text)]
    with_heart = any(_has_heart(segment, values) for segment in row.segments)
    end_pad = row.lone_pad if len(segments) < len(row.segments) else None
    texts: dict[str, PlacedText] = {}
    stretches: list[Stretch] = []
    heart_box: Rect | None = None
    x_px = 0
    for segment in segments:
        first, last = segment is segments[0], segment is segments[-1]
        start_pad = row.seam if not first else row.heart_pad if with_heart else end_pad
        start_px = x_px + _px(start_pad, row, unit_px)
        if first and with_heart:
            heart_box = Rect(start_px, (height_px - heart_px) / 2, heart_px, heart_px)
            start_px += heart_px + gap_px
        text = typesetter.texts[segment.text]
        fitted = typesetter.fit(segment.text, row.max_text * unit_px, text.size * unit_px, 1, hinted=True)
        _, top_px, _, bottom_px = fitted.lines[0].ink
        if bottom_px - top_px > height_px - 1:  # stacked scripts at 20 px: smaller, not cut
            fitted = fitted.scaled((height_px - 1) / (bottom_px - top_px))
        width_px = ceil(fitted.width_px)
        box = Rect(start_px, 0, width_px, height_px)
        texts[segment.text] = _centred(text.fill, fitted, box)
        end_px = start_px + width_px + _px(end_pad if last else row.seam, row, unit_px)
        stretches.append(Stretch(Rect(x_px, 0, end_px - x_px, height_px), segment.fill))
        x_px = end_px
    if typesetter.language.dir == "rtl":
        texts = {name: _mirror_text(text, x_px) for name, text in texts.items()}
        stretches = [Stretch(_mirror(s.rect, x_px), s.fill) for s in stretches]
        heart_box = heart_box and _mirror(heart_box, x_px)
    return Laid(x_px, texts, heart_box and _heart(heart_box), tuple(stretches))


def _has_heart(segment: Segment, values: Mapping[str, str]) -> bool:
    if isinstance(segment.heart, bool):
        return segment.heart
    return values[segment.heart] != "none"


def _px(part: float | None, row: Row, unit_px: int) -> int:
    return round((row.pad if part is None else part) * unit_px)


def _centred(fill: str, fitted: FittedText, box: Rect) -> PlacedText:
    """Centres the line on its cap height, the baseline on a whole pixel; tall ink moves it into the box."""
    _, top_px, _, bottom_px = fitted.lines[0].ink
    centred_px = round((box.height_px + fitted.cap_height_px) / 2)
    baseline_px = max(min(centred_px, floor(box.height_px - bottom_px)), ceil(-top_px))
    return PlacedText(fill, fitted, (PlacedLine(box.x_px, baseline_px, fitted.lines[0]),), box)


def _heart(box: Rect) -> PlacedHeart:
    """Places the heart with its upper and lower end on whole pixels."""
    top, bottom = HEART_INK
    heart = heart_in(box, rim=False)
    height_px = round((bottom - top) * heart.scale)
    scale = height_px / (bottom - top)
    y_px = round(heart.centre_y_px - height_px / 2) - top * scale
    return PlacedHeart(heart.centre_x_px - HEART_WIDTH / 2 * scale, y_px, scale)


def _mirror(rect: Rect, width_px: int) -> Rect:
    return rect._replace(x_px=width_px - rect.right_px)


def _mirror_text(text: PlacedText, width_px: int) -> PlacedText:
    box = _mirror(text.box, width_px)
    lines = tuple(
        PlacedLine(line.x_px + box.x_px - text.box.x_px, line.y_px, line.line) for line in text.lines
    )
    return PlacedText(text.fill, text.fitted, lines, box)
