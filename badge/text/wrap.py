"""A measured text broken into lines of a given width."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from badge.text.breaks import break_offsets, complex_offsets, korean_offsets
from badge.text.itemize import Itemized
from badge.text.shape import ShapedLine

Span = tuple[int, int]  # the grapheme clusters [first, last) of one line


@dataclass(frozen=True, slots=True)
class Measured:
    """How far the grapheme clusters advance in em (running sums), and where lines may break."""

    sums: list[float]
    spaces: list[bool]
    breaks: list[int]

    @property
    def count(self) -> int:
        """Returns the number of clusters."""
        return len(self.spaces)

    def width(self, first: int, last: int) -> float:
        """Returns the advance of the clusters [first, last) in em."""
        return self.sums[last] - self.sums[first]

    def reach(self, first: int, limit_em: float) -> int:
        """Returns the last cluster (exclusive) up to which a line from `first` is no wider than the limit."""
        return max(first, bisect_right(self.sums, self.sums[first] + limit_em, first) - 1)

    def strip(self, first: int, last: int) -> int:
        """Returns `last` without the spaces before it."""
        while last > first and self.spaces[last - 1]:
            last -= 1
        return last

    def skip(self, first: int) -> int:
        """Returns `first` after the spaces that begin there."""
        while first < self.count and self.spaces[first]:
            first += 1
        return first

    def next_line(self, first: int, limit_em: float, anywhere: bool) -> int:
        """Returns where the line from `first` breaks; with `anywhere`, also within a word too long.

        Returns `first` itself where nothing fits.
        """
        reach = self.skip(self.reach(first, limit_em))
        if reach >= self.count:
            return self.count
        index = bisect_right(self.breaks, reach)
        if index and self.breaks[index - 1] > first:
            return self.breaks[index - 1]
        return reach if anywhere else first

    def wrap(self, limit_em: float, max_lines: int, anywhere: bool = False) -> list[Span] | None:
        """Fills lines one after another; None where they are too many or a word is too long."""
        spans: list[Span] = []
        first = self.skip(0)
        while first < self.count:
            end = self.next_line(first, limit_em, anywhere)
            if end == first or len(spans) == max_lines:
                return None
            spans.append((first, self.strip(first, end)))
            first = end
        return spans

    def balance(self, spans: list[Span], limit_em: float) -> list[Span]:
        """Makes the lines as even as their number allows."""
        low, high = self.width(0, self.count) / len(spans), limit_em
        for _ in range(8):
            middle = (low + high) / 2
            narrower = self.wrap(middle, len(spans))
            if narrower is None:
                low = middle
            else:
                spans, high = narrower, middle
        return spans


def measure(item: Itemized, whole: ShapedLine, breaks: bool) -> Measured:
    """Measures an itemised text by the shape it has as one line; with `breaks`, finds where it may break."""
    text, starts = item.text, item.starts
    by_character = [0.0] * len(text)
    for _, _, _, _, character, advance in whole.glyphs:
        by_character[character] += advance
    sums = [0.0, *accumulate(by_character)]
    # Scripts without spaces break within words too, but only where a reader would not stumble.
    offsets = (
        {*break_offsets(text), *complex_offsets(text)}.difference(korean_offsets(text)) if breaks else set()
    )
    return Measured(
        [sums[start] for start in starts],
        [text[start] == " " for start in starts[:-1]],
        [i for i in range(1, len(starts) - 1) if starts[i] in offsets],
    )
