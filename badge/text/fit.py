"""A text made to fit its box: shrunk, then wrapped, then cut with an ellipsis."""

from itertools import pairwise
from math import floor
from typing import Final

from badge.text.box import FittedLine, FittedText, TextBox
from badge.text.fonts import FontBook
from badge.text.itemize import Itemized, itemize
from badge.text.shape import ShapedLine, draw_line, shape_line
from badge.text.wrap import Measured, Span, measure

ELLIPSIS: Final = "…"
_STEP_PX: Final = 0.25  # sizes go down in these steps, so that few of them share the outlines kept
_ONE_LINE: Final = 0.75  # a text that may wrap shrinks to this before it does
_APART_EM: Final = 0.06  # between the ink of one line and of the next
_SLACK_PX: Final = 1e-6  # of floating point


def fit(text: str, box: TextBox, fonts: FontBook) -> FittedText:
    """Fits a text into its box: shrinks it, wraps it (UAX #14), then cuts it with an ellipsis."""
    return _Fitting(text, box, fonts).result()


class _Fitting:
    """One text on its way into one box."""

    def __init__(self, text: str, box: TextBox, fonts: FontBook) -> None:
        self._box = box
        self._fonts = fonts
        self._primary = fonts.primary.cut(box.weight)
        self._item = itemize(text, box.lang, box.direction, fonts)
        self._whole = self._shape(self._item, (0, len(self._item.starts) - 1))
        missing = self._whole.missing
        self._missing = tuple(dict.fromkeys(missing)) if missing else ()

    def result(self) -> FittedText:
        """Tries one line, then more lines, then the ellipsis."""
        box = self._box
        line = self._draw(self._whole, box.size_px)
        if self._fits(line):
            return self._finish([line], box.size_px)
        size = self._step_down(box.size_px * box.width_px / line.width_px)
        while size:
            if box.max_lines > 1 and size < _ONE_LINE * box.size_px:
                break
            line = self._draw(self._whole, size)
            if self._fits(line):
                return self._finish([line], size)
            size = self._step_down(size - _STEP_PX)
        measured = measure(self._item, self._whole, breaks=box.max_lines > 1)
        wrapped = None
        if box.max_lines > 1:
            wrapped = self._wrap(measured, size, False) or self._wrap(measured, 0.0, True)
        return wrapped or self._cut(measured)

    def _wrap(self, measured: Measured, single_px: float, anywhere: bool) -> FittedText | None:
        """Wraps at the largest size that fits, unless one line fits at a size as large."""
        box = self._box
        size = self._largest(measured, anywhere)
        while size or single_px:
            if single_px >= size:
                line = self._draw(self._whole, single_px)
                if self._fits(line):
                    return self._finish([line], single_px)
                single_px = self._step_down(single_px - _STEP_PX)
                continue
            limit_em = box.width_px / size
            spans = measured.wrap(limit_em, box.max_lines, anywhere)
            if spans:
                for choice in (spans if anywhere else measured.balance(spans, limit_em), spans):
                    lines = [self._draw(self._shape(self._item, span), size) for span in choice]
                    if all(map(self._fits, lines)):
                        return self._finish(lines, size)
            size = self._step_down(size - _STEP_PX)
        return None

    def _largest(self, measured: Measured, anywhere: bool) -> float:
        """Returns the largest size at which the text wraps into its lines, 0 where none does."""
        box = self._box
        steps = [box.floor_px]
        steps += [
            step * _STEP_PX
            for step in range(floor(box.floor_px / _STEP_PX) + 1, floor(box.size_px / _STEP_PX) + 1)
        ]
        steps.append(box.size_px)
        low, high = -1, len(steps) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if measured.wrap(box.width_px / steps[middle], box.max_lines, anywhere) is None:
                high = middle - 1
            else:
                low = middle
        return steps[low] if low >= 0 else 0.0

    def _cut(self, measured: Measured) -> FittedText:
        """Sets the text at its smallest size, as far as it goes, and ends it with an ellipsis."""
        box, size = self._box, self._box.floor_px
        limit_em = box.width_px / size
        lines: list[FittedLine] = []
        first = measured.skip(0)
        while len(lines) < box.max_lines - 1 and first < measured.count:
            end = measured.next_line(first, limit_em, True)
            line = self._draw(self._shape(self._item, (first, measured.strip(first, end))), size)
            while end > first and not self._fits(line):
                end = measured.strip(first, end - 1)
                line = self._draw(self._shape(self._item, (first, end)), size)
            if end == first:
                break
            lines.append(line)
            first = end
        last = self._last_line(measured, first, size)
        return self._finish([*lines, last], size, truncated=True)

    def _last_line(self, measured: Measured, first: int, size: float) -> FittedLine:
        box, text, starts = self._box, self._item.text, self._item.starts
        direction = box.direction if box.direction != "auto" else "rtl" if self._item.rtl else "ltr"
        end = measured.reach(first, box.width_px / size)
        while end >= first:
            end = measured.strip(first, end)
            item = itemize(text[starts[first] : starts[end]] + ELLIPSIS, box.lang, direction, self._fonts)
            line = self._draw(self._shape(item, (0, len(item.starts) - 1)), size)
            if self._fits(line):
                return line
            end -= max(1, (end - first) // 16)
        return self._draw(self._shape(self._item, (0, 0)), size)

    def _shape(self, item: Itemized, span: Span) -> ShapedLine:
        return shape_line(item, *span, self._box.weight, self._box.letter_spacing_em)

    def _draw(self, line: ShapedLine, size_px: float) -> FittedLine:
        return draw_line(line, size_px, self._primary.cap_height_em, self._fonts, self._box.hinted)

    def _fits(self, line: FittedLine) -> bool:
        return line.width_px <= self._box.width_px + _SLACK_PX

    def _step_down(self, size_px: float) -> float:
        """Returns the next size not above this one, 0 below the floor."""
        if size_px < self._box.floor_px:
            return 0.0
        return max(floor(size_px / _STEP_PX) * _STEP_PX, self._box.floor_px)

    def _finish(self, lines: list[FittedLine], size_px: float, truncated: bool = False) -> FittedText:
        primary = self._primary
        height = self._box.line_height_em * size_px
        for above, below in pairwise(lines):
            height = max(height, above.ink[3] - below.ink[1] + _APART_EM * size_px)
        return FittedText(
            text=self._item.text,
            lines=tuple(lines),
            size_px=size_px,
            line_height_px=height,
            cap_height_px=primary.cap_height_em * size_px,
            ascent_px=max(primary.ascent_em * size_px, -min([line.ink[1] for line in lines])),
            descent_px=max(primary.descent_em * size_px, max([line.ink[3] for line in lines])),
            width_px=max([line.width_px for line in lines]),
            rtl=self._item.rtl,
            truncated=truncated,
            missing=self._missing,
        )
