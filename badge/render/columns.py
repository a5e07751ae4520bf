"""Columns of texts: under each other in a box, or beside each other in a line."""

from badge.catalogue.manifest import Column
from badge.render.scene import PlacedLine, PlacedText, Rect
from badge.render.typeset import Typesetter
from badge.text import FittedLine, FittedText

_SHRINKS = (1.0, 0.92, 0.85, 0.78, 0.7, 0.6, 0.55, 0.5)
_SHRINKS_BESIDE = _SHRINKS[:4]
_SMALL_PRINT = 0.78  # what is not the largest of its column, or follows it, shrinks no further
_BEFORE_CUT = 0.75  # texts that are whole at this much of their least size are not cut
_TAIL_EM = 0.22  # of a g or a y: a name without them keeps the same rhythm
_OPTICAL_EM = 0.025
_SLACK_ABOVE = {"top": 0.0, "middle": 0.5, "bottom": 1.0}


def set_column(
    column: Column, box: Rect, unit_px: float, typesetter: Typesetter, pace: float = 1.0
) -> tuple[dict[str, PlacedText], float]:
    """Fits a column's texts into a box; `unit_px` is the length that text sizes are fractions of.

    The texts shrink together first, from `pace`, small print least; only what is far too tall even then loses
    lines. Texts of one design size are set in one size. Returns also the pace they came to, for the columns
    that follow: what is smaller by design stays smaller.
    """
    names = [name for name in column.texts if typesetter.says(name)]
    if column.flow == "line":
        if line := _set_line(column, names, box, unit_px, typesetter):
            return line, pace
        names = names[:1]
    fitted, pace, small = _fit_stack(column, names, box, unit_px, typesetter, pace)
    gaps_px = _gaps(column, names, unit_px * pace)
    y_px = _start(column, box, fitted, sum(gaps_px))
    placed: dict[str, PlacedText] = {}
    for name, text, gap_px in zip(names, fitted, [*gaps_px, 0.0], strict=True):
        first_px = y_px + _top(text)
        lines = tuple(
            PlacedLine(
                _line_x(column, box, *_edges(line, text.size_px), rtl=typesetter.language.dir == "rtl"),
                round(first_px + i * text.line_height_px),
                line,
            )
            for i, line in enumerate(text.lines)
        )
        placed[name] = PlacedText(typesetter.texts[name].fill, text, lines, box)
        y_px += _step(text) + gap_px
    return placed, small


def _fit_stack(
    column: Column, names: list[str], box: Rect, unit_px: float, typesetter: Typesetter, pace: float
) -> tuple[list[FittedText], float, float]:
    """Returns the texts as large as their stack allows, and the paces of the largest and of the others."""
    sizes_px = {name: _size(column, name, unit_px, typesetter) for name in names}
    largest_px = max(sizes_px.values(), default=0.0)
    shrink = small = pace
    fitted: list[FittedText] = []
    whole: list[FittedText] = []
    for shrink, small, most in _attempts(
        max((typesetter.texts[name].max_lines for name in names), default=1), pace
    ):
        fitted = _levelled(
            sizes_px,
            {name: shrink if size_px == largest_px else small for name, size_px in sizes_px.items()},
            box.width_px,
            most,
            typesetter,
        )
        gaps_px = sum(_gaps(column, names, unit_px * shrink))
        if not any(text.truncated for text in fitted):
            whole = fitted
        if _height(fitted, gaps_px) <= box.height_px:
            break
    if _factor(whole, gaps_px, box.height_px) >= _BEFORE_CUT:
        fitted = whole
    factor = min(1.0, _factor(fitted, gaps_px, box.height_px))
    return (fitted if factor == 1 else [text.scaled(factor) for text in fitted]), shrink, small


def _levelled(
    sizes_px: dict[str, float],
    shrinks: dict[str, float],
    width_px: float,
    most: int,
    typesetter: Typesetter,
) -> list[FittedText]:
    """Fits texts into a width, those of one design size in the size that all of them came to."""

    def fit(name: str, shrink: float) -> FittedText:
        lines = min(most, typesetter.texts[name].max_lines)
        return typesetter.fit(name, width_px, sizes_px[name], lines, shrink)

    fitted = {name: fit(name, shrink) for name, shrink in shrinks.items()}
    for name, text in fitted.items():
        least_px = min(other.size_px for peer, other in fitted.items() if sizes_px[peer] == sizes_px[name])
        if text.size_px > least_px:
            fitted[name] = fit(name, least_px / sizes_px[name])
    return list(fitted.values())


def _set_line(
    column: Column, names: list[str], box: Rect, unit_px: float, typesetter: Typesetter
) -> dict[str, PlacedText] | None:
    """Sets texts beside each other on one baseline, the first in the middle of the box.

    Where the others would make the first small they stay away; None where even the first must be wrapped.
    """
    for beside, shrink in [*((names, s) for s in _SHRINKS_BESIDE), (names[:1], 1.0)]:
        fitted = [
            typesetter.fit(name, box.width_px, _size(column, name, unit_px, typesetter), 1, shrink)
            for name in beside
        ]
        gap_px = column.gap * unit_px
        width_px = sum(text.width_px for text in fitted) + gap_px * (len(beside) - 1)
        if width_px <= box.width_px and not any(text.truncated for text in fitted):
            break
    else:
        return None
    rtl = typesetter.language.dir == "rtl"
    x_px = _line_x(column, box, 0.0, width_px, rtl=rtl)
    y_px = round(box.y_px + (box.height_px + fitted[0].cap_height_px) / 2)
    placed: dict[str, PlacedText] = {}
    for name, text in list(zip(beside, fitted, strict=True))[:: -1 if rtl else 1]:
        line = PlacedLine(x_px, y_px, text.lines[0])
        placed[name] = PlacedText(typesetter.texts[name].fill, text, (line,), box)
        x_px += text.width_px + gap_px
    return placed


def _size(column: Column, name: str, unit_px: float, typesetter: Typesetter) -> float:
    return unit_px * column.sizes.get(name, typesetter.texts[name].size)


def _gaps(column: Column, names: list[str], unit_px: float) -> list[float]:
    """Returns the room above each text but the first."""
    return [column.gaps.get(name, column.gap) * unit_px for name in names[1:]]


def _attempts(max_lines: int, pace: float) -> list[tuple[float, float, int]]:
    """Returns what is tried in turn: the shrink of the largest text, that of small print, the most lines."""
    least = _SHRINKS[-1]
    return [(shrink, max(shrink, _SMALL_PRINT), max_lines) for shrink in _SHRINKS if shrink <= pace] + [
        (least, least, n) for n in range(max_lines, 0, -1)
    ]


def _start(column: Column, box: Rect, fitted: list[FittedText], gaps_px: float) -> float:
    """Returns the top of the stack's ink: aligned by eye: a J's tail or an É's accent moves no baseline."""
    slack_px = box.height_px - _height(fitted, gaps_px)
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


def _step(text: FittedText) -> float:
    """Returns the height of a text that another follows: with room for a tail even where it has none."""
    tail_px = max(0.0, text.lines[-1].ink[3])
    return _body(text) - tail_px + max(tail_px, _TAIL_EM * text.size_px)


def _height(texts: list[FittedText], gaps_px: float) -> float:
    return gaps_px + sum(_step(text) for text in texts[:-1]) + sum(_body(text) for text in texts[-1:])


def _factor(texts: list[FittedText], gaps_px: float, height_px: float) -> float:
    """Returns what makes a stack as high as its box, 0 where there is none."""
    return (height_px - gaps_px) / _height(texts, 0.0) if texts else 0.0


def _edges(line: FittedLine, size_px: float) -> tuple[float, float]:
    """Returns from where to where the eye sees a line: a V reaches a little further out than an M."""
    out_px = _OPTICAL_EM * size_px
    left_px, _, right_px, _ = line.ink
    return max(0.0, left_px - out_px), min(line.width_px, right_px + out_px)


def _line_x(column: Column, box: Rect, left_px: float, right_px: float, *, rtl: bool) -> float:
    """Returns where a line begins, which is seen from `left_px` to `right_px` of it."""
    if column.align == "middle":
        return box.x_px + (box.width_px - left_px - right_px) / 2
    return box.right_px - right_px if (column.align == "end") != rtl else box.x_px - left_px
