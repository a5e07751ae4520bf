"""The layout of cards and avatars: a heart in its box, texts under each other in theirs."""

from badge.catalogue import CanvasSize
from badge.catalogue.manifest import Box, Canvas, Column
from badge.render.scene import Laid, PlacedLine, PlacedText, Rect, heart_in
from badge.render.typeset import Typesetter
from badge.text import FittedText

_SHRINKS = (1.0, 0.92, 0.85, 0.78, 0.7, 0.6)
_SHRINKS_BESIDE = _SHRINKS[:4]
_SLACK_ABOVE = {"top": 0.0, "middle": 0.5, "bottom": 1.0}


def set_canvas(layout: Canvas, canvas: CanvasSize, typesetter: Typesetter) -> Laid:
    """Sets the heart and every column in the canvas's safe area; right-to-left languages mirror the boxes."""
    rtl = typesetter.language.dir == "rtl"
    unit_px = min(canvas.width_px, canvas.height_px)
    texts: dict[str, PlacedText] = {}
    for column in layout.columns:
        texts.update(set_column(column, _rect(column.box, canvas, rtl=rtl), unit_px, typesetter))
    heart = layout.heart and heart_in(_rect(layout.heart, canvas, rtl=rtl), rim=True)
    return Laid(canvas.width_px, texts, heart)


def _rect(box: Box, canvas: CanvasSize, *, rtl: bool) -> Rect:
    x, y, width, height = box
    safe_px = canvas.height_px - canvas.clear_top_px - canvas.clear_bottom_px
    return Rect(
        (1 - x - width if rtl else x) * canvas.width_px,
        canvas.clear_top_px + y * safe_px,
        width * canvas.width_px,
        height * safe_px,
    )


def set_column(column: Column, box: Rect, unit_px: float, typesetter: Typesetter) -> dict[str, PlacedText]:
    """Fits a column's texts into a box; `unit_px` is the length that text sizes are fractions of.

    The texts shrink together first; only what is too tall even then loses lines.
    """
    names = [name for name in column.texts if typesetter.says(name)]
    if column.flow == "line":
        if line := _set_line(column, names, box, unit_px, typesetter):
            return line
        names = names[:1]
    gap_px = column.gap * unit_px
    fitted: list[FittedText] = []
    for shrink, most in _attempts(max((typesetter.texts[name].max_lines for name in names), default=1)):
        fitted = [
            typesetter.fit(
                name,
                box.width_px,
                unit_px * column.sizes.get(name, typesetter.texts[name].size),
                min(most, typesetter.texts[name].max_lines),
                shrink,
            )
            for name in names
        ]
        if _height(fitted, gap_px) <= box.height_px:
            break
    y_px = _start(column, box, fitted, gap_px)
    placed: dict[str, PlacedText] = {}
    for name, text in zip(names, fitted, strict=True):
        first_px = y_px + _top(text)
        lines = tuple(
            PlacedLine(
                _line_x(column, box, line.width_px, rtl=typesetter.language.dir == "rtl"),
                round(first_px + i * text.line_height_px),
                line,
            )
            for i, line in enumerate(text.lines)
        )
        placed[name] = PlacedText(typesetter.texts[name].fill, text, lines, box)
        y_px += _body(text) + gap_px
    return placed


def _set_line(
    column: Column, names: list[str], box: Rect, unit_px: float, typesetter: Typesetter
) -> dict[str, PlacedText] | None:
    """Sets texts beside each other on one baseline, the first in the middle of the box.

    Where the others would make the first small they stay away; None where even the first must be wrapped.
    """
    for beside, shrink in [*((names, s) for s in _SHRINKS_BESIDE), (names[:1], 1.0)]:
        fitted = [
            typesetter.fit(
                name, box.width_px, unit_px * column.sizes.get(name, typesetter.texts[name].size), 1, shrink
            )
            for name in beside
        ]
        gap_px = column.gap * unit_px
        width_px = sum(text.width_px for text in fitted) + gap_px * (len(beside) - 1)
        if width_px <= box.width_px and not any(text.truncated for text in fitted):
            break
    else:
        return None
    rtl = typesetter.language.dir == "rtl"
    x_px = _line_x(column, box, width_px, rtl=rtl)
    y_px = round(box.y_px + (box.height_px + fitted[0].cap_height_px) / 2)
    placed: dict[str, PlacedText] = {}
    for name, text in list(zip(beside, fitted, strict=True))[:: -1 if rtl else 1]:
        line = PlacedLine(x_px, y_px, text.lines[0])
        placed[name] = PlacedText(typesetter.texts[name].fill, text, (line,), box)
        x_px += text.width_px + gap_px
    return placed


def _attempts(max_lines: int) -> list[tuple[float, int]]:
    return [(shrink, max_lines) for shrink in _SHRINKS] + [
        (_SHRINKS[-1], n) for n in range(max_lines - 1, 0, -1)
    ]


def _start(column: Column, box: Rect, fitted: list[FittedText], gap_px: float) -> float:
    """Returns the top of the stack's ink: aligned by eye: a J's tail or an É's accent moves no baseline."""
    slack_px = box.height_px - _height(fitted, gap_px)
    by_ink_px = slack_px * _SLACK_ABOVE[column.valign]
    if column.valign != "middle" or not fitted:
        return box.y_px + by_ink_px
    accent_px = _slight(_top(fitted[0]) - fitted[0].cap_height_px, fitted[0])
    tail_px = _slight(fitted[-1].lines[-1].ink[3], fitted[-1])
    return box.y_px + min(max(by_ink_px + (tail_px - accent_px) / 2, 0.0), max(slack_px, 0.0))


def _slight(beyond_px: float, text: FittedText) -> float:
    """Returns how far ink goes beyond the capitals where that is slight, else 0 (Arabic, Thai)."""
    return beyond_px if 0 < beyond_px <= 0.32 * text.cap_height_px else 0.0


def _top(text: FittedText) -> float:
    return max(text.cap_height_px, -text.lines[0].ink[1])


def _body(text: FittedText) -> float:
    return _top(text) + (len(text.lines) - 1) * text.line_height_px + max(0.0, text.lines[-1].ink[3])


def _height(texts: list[FittedText], gap_px: float) -> float:
    return sum(map(_body, texts)) + gap_px * max(0, len(texts) - 1)


def _line_x(column: Column, box: Rect, width_px: float, *, rtl: bool) -> float:
    if column.align == "middle":
        return box.x_px + (box.width_px - width_px) / 2
    return box.right_px - width_px if (column.align == "end") != rtl else box.x_px
