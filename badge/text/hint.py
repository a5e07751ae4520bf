"""Small outlines fitted to the rows of pixels, as fonts are hinted: crisp at 1x, and alike everywhere.

Skia, which draws for Chromium, rounds every point of a path to a quarter of a row. Where outlines have their
points there already, cairo, Chromium and the eye see the same letter (docs/decisions/0006-rendering.md).
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Final, NamedTuple

Contour = list[tuple[float, ...]]  # its first point, then segments: the end of a line, or controls and end

ROW: Final = 16  # grid units
QUARTER: Final = ROW // 4
_OVERSHOOT_EM: Final = 0.022  # round letters pass the height of flat ones by less
_SHORT_EM: Final = 0.007
_STROKE_EM: Final = 0.16  # what is thicker is no stroke
_NEAR: Final = 0.1  # the end of a chord, where a point between two curves would bend them


class Zones(NamedTuple):
    """The em of a face and the heights where most of its letters end, in font units."""

    em: int
    tops: tuple[float, ...]


def fit_to_rows(contours: Sequence[Contour], scale: float, zones: Zones) -> list[Contour]:
    """Returns contours, y up, at `scale` grid units per font unit, with their points on quarters of a row.

    Baseline, x-height and capitals come to whole rows; a stroke is as thick in one letter as in the next.
    """
    edges = sorted({y for contour in contours for y in _edges(contour)})
    rows = _rows(edges, scale, zones)

    def place(y: float) -> float:
        if not edges:
            return y * scale
        i = max(bisect_right(edges, y) - 1, 0)
        if y <= edges[0] or i + 1 == len(edges):
            return rows[i] + (y - edges[i]) * scale
        return rows[i] + (y - edges[i]) * (rows[i + 1] - rows[i]) / (edges[i + 1] - edges[i])

    return [
        _joined([tuple(place(v) if i % 2 else v * scale for i, v in enumerate(part)) for part in contour])
        for contour in contours
    ]


def _edges(contour: Contour) -> Iterator[float]:
    """Yields the heights at which a contour turns back or runs level."""
    heights = [part[i] for part in contour for i in range(1, len(part), 2)]
    ends = [i == len(part) - 1 for part in contour for i in range(1, len(part), 2)]
    if contour[0] == contour[-1][-2:]:
        del heights[0], ends[0]
    for i, y in enumerate(heights):
        before, after = heights[i - 1] - y, heights[(i + 1) % len(heights)] - y
        if ends[i] and (before * after > 0 or not before or not after):
            yield y


def _rows(edges: Sequence[float], scale: float, zones: Zones) -> list[float]:
    """Returns where each edge goes: its zone's row, a stroke's thickness from its other edge, or nearby."""
    fixed = [_zone(y, scale, zones) for y in edges]
    thick = [
        max(QUARTER, _nearest((above - below) * scale)) if above - below < _STROKE_EM * zones.em else 0.0
        for below, above in pairwise(edges)
    ]
    rows = list(fixed)
    for i, width in enumerate(thick):
        below, above = fixed[i], fixed[i + 1]
        if width and below is not None and above is None:
            rows[i + 1] = below + width
        elif width and above is not None and below is None:
            rows[i] = above - width
    placed: list[float] = []
    for i, y in enumerate(edges):
        row = rows[i]
        if row is None:
            row = _nearest(y * scale)
            if i < len(thick) and thick[i] and rows[i + 1] is None:
                rows[i + 1] = row + thick[i]
        placed.append(max(row, placed[-1]) if placed else row)
    return placed


def _zone(y: float, scale: float, zones: Zones) -> float | None:
    short, over = _SHORT_EM * zones.em, _OVERSHOOT_EM * zones.em
    if -over <= y <= short:
        return 0
    for top in zones.tops:
        if -short <= y - top <= over:
            return round(top * scale / ROW) * ROW
    return None


def _nearest(units: float) -> float:
    return round(units / QUARTER) * QUARTER


def _joined(contour: Contour) -> Contour:
    """Moves the ends of segments to quarters of a row."""
    closed = len(contour) > 1 and contour[0] == contour[-1][-2:]
    after = [*contour[1:], contour[1] if closed else ()]
    before = [contour[-1] if closed else contour[0], *contour[1:]]
    return [
        (*part[:-2], *_joint(source, target))
        for part, source, target in zip(contour, before, after, strict=True)
    ]


def _joint(source: tuple[float, ...], target: tuple[float, ...]) -> tuple[float, float]:
    """Returns the end of `source` on a quarter of a row: on their tangent where two curves meet smoothly."""
    x, y = source[-2:]
    row = _nearest(y)
    if len(source) > 2 and len(target) > 2:
        (x1, y1), (x2, y2) = source[-4:-2], target[:2]
        bend = abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1))
        part = (row - y1) / (y2 - y1) if y1 != y2 else 0.0
        if bend < hypot(x2 - x1, y2 - y1) and _NEAR < part < 1 - _NEAR:
            return x1 + part * (x2 - x1), row
    return x, row
