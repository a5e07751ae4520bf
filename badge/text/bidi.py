"""The Unicode Bidirectional Algorithm (UAX #9), with bracket pairs (N0) and isolates."""

from dataclasses import dataclass
from typing import Final

import regex

from badge.text.sequence import ISOLATES, resolve_sequence

MAX_DEPTH: Final = 125
_CLASSES: Final = "L R AL EN ES ET AN CS NSM BN B S WS ON LRE LRO RLE RLO PDF LRI RLI FSI PDI"
_RUN = regex.compile("|".join(rf"(?P<{name}>\p{{Bidi_Class={name}}}+)" for name in _CLASSES.split()))
_RTL = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}\p{Cf}]")
_EMBEDDINGS: Final = frozenset({"LRE", "RLE", "LRO", "RLO"})
_REMOVED: Final = _EMBEDDINGS | {"PDF", "BN"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's classes and its levels before L1; a removed character (X9) has level -1."""

    base: int
    classes: list[str]
    levels: list[int]

    def line(self, start: int, end: int) -> list[int]:
        """Returns the levels of the line [start, end), trailing white space reset to the base level (L1)."""
        levels = self.levels[start:end]
        resets = True
        for i in range(end - start - 1, -1, -1):
            kind = self.classes[start + i]
            if kind in ("S", "B"):
                resets = True
                levels[i] = self.base
            elif resets and (kind == "WS" or kind in ISOLATES or kind == "PDI"):
                levels[i] = self.base
            elif kind not in _REMOVED:
                resets = False
        return levels


def needs_bidi(text: str) -> bool:
    """Tells whether a left-to-right text holds anything that could be reordered."""
    return not text.isascii() and _RTL.search(text) is not None


def classes_of(text: str) -> list[str]:
    """Returns the Bidi_Class of each character."""
    classes: list[str] = []
    for run in _RUN.finditer(text):
        classes += [run.lastgroup or ""] * (run.end() - run.start())
    return classes


def resolve(text: str, base: int | None = None) -> Paragraph:
    """Resolves the embedding level of each character of one paragraph; base None finds it (P2, P3)."""
    classes = classes_of(text)
    closers = _match_isolates(classes)
    if base is None:
        base = _first_strong(classes, closers, 0, len(classes)) or 0
    explicit, kinds = _explicit(classes, closers, base)
    levels = list(explicit)
    for sequence in _sequences(classes, explicit, closers):
        level = explicit[sequence[0]]
        sos, eos = _edges(sequence, classes, explicit, closers, base)
        types = [kinds[i] for i in sequence]
        chars, marks = [text[i] for i in sequence], [classes[i] == "NSM" for i in sequence]
        resolve_sequence(types, chars, marks, level, sos, eos)
        for i, kind in zip(sequence, types, strict=True):
            levels[i] = level + (level & 1) if kind == "L" else level | 1 if kind == "R" else (level + 2) & ~1
    return Paragraph(base, classes, levels)


def reorder(levels: list[int]) -> list[int]:
    """Returns the visual order of items with these levels, left to right (L2)."""
    order = list(range(len(levels)))
    odd = [level for level in levels if level & 1]
    for level in range(max(levels, default=0), min(odd, default=1 << 30) - 1, -1):
        start = None
        for i in range(len(order) + 1):
            if i < len(order) and levels[order[i]] >= level:
                start = i if start is None else start
            elif start is not None:
                order[start:i] = order[start:i][::-1]
                start = None
    return order


def _match_isolates(classes: list[str]) -> dict[int, int]:
    """Maps isolate initiators to their matching PDI, and back (BD9)."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for i, kind in enumerate(classes):
        if kind in ISOLATES:
            opened.append(i)
        elif kind == "PDI" and opened:
            pairs[opened[-1]] = i
            pairs[i] = opened.pop()
        elif kind == "B":
            opened.clear()
    return pairs


def _first_strong(classes: list[str], closers: dict[int, int], start: int, end: int) -> int | None:
    i = start
    while i < end:
        kind = classes[i]
        if kind == "L":
            return 0
        if kind in ("R", "AL"):
            return 1
        if kind == "B":
            return None
        i = closers.get(i, end) if kind in ISOLATES else i + 1
    return None


class _Stack:
    """The directional status stack, and what overflowed it (X1, BD2)."""

    def __init__(self, base: int) -> None:
        self._entries = [(base, "", False)]
        self._lost_isolates = self._lost_embeddings = self._isolates = 0

    @property
    def top(self) -> tuple[int, str]:
        level, override, _ = self._entries[-1]
        return level, override

    def push(self, odd: bool, override: str, isolate: bool) -> None:
        """Opens an embedding, an override or an isolate (X2-X5)."""
        level = self._entries[-1][0]
        deeper = (level + 1) | 1 if odd else (level + 2) & ~1
        if deeper <= MAX_DEPTH and not self._lost_isolates and not self._lost_embeddings:
            self._isolates += isolate
            self._entries.append((deeper, override, isolate))
        elif isolate:
            self._lost_isolates += 1
        elif not self._lost_isolates:
            self._lost_embeddings += 1

    def pop_isolate(self) -> None:
        """Closes the last isolate, and the embeddings within it (X6a)."""
        if self._lost_isolates:
            self._lost_isolates -= 1
        elif self._isolates:
            self._lost_embeddings = 0
            while not self._entries[-1][2]:
                self._entries.pop()
            self._entries.pop()
            self._isolates -= 1

    def pop_embedding(self) -> None:
        """Closes the last embedding or override (X7)."""
        if self._lost_isolates:
            return
        if self._lost_embeddings:
            self._lost_embeddings -= 1
        elif not self._entries[-1][2] and len(self._entries) > 1:
            self._entries.pop()


def _explicit(classes: list[str], closers: dict[int, int], base: int) -> tuple[list[int], list[str]]:
    """Gives explicit levels and overridden classes (X1-X8)."""
    levels = [base] * len(classes)
    kinds = list(classes)
    stack = _Stack(base)
    for i, kind in enumerate(classes):
        if kind == "PDI":
            stack.pop_isolate()
        elif kind == "B":
            stack = _Stack(base)
        level, override = stack.top
        if kind in _REMOVED:
            level = -1
        elif kind != "B":
            kinds[i] = override or kind
        levels[i] = level
        if kind in ISOLATES:
            end = closers.get(i, len(classes))
            odd = kind == "RLI" or (kind == "FSI" and _first_strong(classes, closers, i + 1, end) == 1)
            stack.push(odd, "", True)
        elif kind in _EMBEDDINGS:
            stack.push(kind[0] == "R", kind[0] if kind[2] == "O" else "", False)
        elif kind == "PDF":
            stack.pop_embedding()
    return levels, kinds


def _sequences(classes: list[str], levels: list[int], closers: dict[int, int]) -> list[list[int]]:
    """Joins level runs across isolates into isolating run sequences, without what X9 removes (BD13)."""
    runs: list[list[int]] = []
    for i, level in enumerate(levels):
        if level < 0:
            continue
        if runs and levels[runs[-1][-1]] == level and classes[runs[-1][-1]] != "B":
            runs[-1].append(i)
        else:
            runs.append([i])
    by_first = {run[0]: run for run in runs}
    sequences = []
    for run in runs:
        if classes[run[0]] == "PDI" and run[0] in closers:
            continue
        sequence = list(run)
        while classes[sequence[-1]] in ISOLATES and sequence[-1] in closers:
            sequence += by_first[closers[sequence[-1]]]
        sequences.append(sequence)
    return sequences


def _edges(
    sequence: list[int], classes: list[str], levels: list[int], closers: dict[int, int], base: int
) -> tuple[str, str]:
    """Returns the strong types that stand before and after a sequence: sos and eos (X10)."""
    first, last = sequence[0], sequence[-1]
    before = next((levels[i] for i in range(first - 1, -1, -1) if levels[i] >= 0), base)
    after = base
    if classes[last] not in ISOLATES or last in closers:
        after = next((levels[i] for i in range(last + 1, len(levels)) if levels[i] >= 0), base)
    sos, eos = (max(levels[first], level) & 1 for level in (before, after))
    return "LR"[sos], "LR"[eos]
