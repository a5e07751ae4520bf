"""Glyph outlines as the shortest relative path data, on an integer grid chosen by the drawn size."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final, NamedTuple

import uharfbuzz as hb

from badge.text.hint import Contour, Zones, fit_to_rows

# Units per em. A size takes the first with at least 16 units a pixel; few grids make few cache entries.
_GRIDS: Final = (160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048)
# A curve nearer to its chord than half a unit (1/32 px) is drawn as the chord: (4 * 0.5)².
_STRAIGHT: Final = 4

Point = tuple[int, int]
Segment = tuple[Point, ...]


class Outline(NamedTuple):
    """A glyph on a grid: its first point, the path data after it, the last contour's start, and its ink."""

    x: int
    y: int
    d: str
    end_x: int
    end_y: int
    left: int
    top: int
    right: int
    bottom: int


EMPTY: Final = Outline(0, 0, "", 0, 0, 0, 0, 0, 0)


def grid_for(size_px: float) -> int:
    """Returns the units per em in which text of this size is precise to 1/16 px (capped at 2048)."""
    return _GRIDS[min(bisect_left(_GRIDS, 16 * size_px), len(_GRIDS) - 1)]


def move(dx: int, dy: int) -> str:
    """Writes a relative moveto; a minus sign separates by itself."""
    return f"m{dx}{dy}" if dy < 0 else f"m{dx} {dy}"


def draw_outline(font: hb.Font, glyph: int, scale: float, zones: Zones | None = None) -> Outline:
    """Draws a glyph at `scale` grid units per font unit, y down, contours closed.

    With `zones` of its face its edges are fitted to rows of sixteen units.
    """
    contours: list[Contour] = []
    font.draw_glyph(glyph, _PEN, contours)
    if zones and contours:
        return write_outline(fit_to_rows(contours, scale, zones), 1.0)
    return write_outline(contours, scale)


def write_outline(contours: Iterable[Contour], scale: float) -> Outline:
    """Writes contours, y up, as path data at `scale` grid units per unit of theirs, y down."""
    parts: list[str] = []
    first = last = (0, 0)
    xs: list[int] = []
    ys: list[int] = []
    for contour in contours:
        start, segments = _quantise(contour, scale)
        if len(segments) < 2 and all(len(segment) == 1 for segment in segments):
            continue
        if parts:
            parts.append(move(start[0] - last[0], start[1] - last[1]))
        else:
            first = start
        parts.append(_path_data(start, segments))
        last = start
        for x, y in (start, *(point for segment in segments for point in segment)):
            xs.append(x)
            ys.append(y)
    if not parts:
        return EMPTY
    return Outline(*first, "".join(parts), *last, min(xs), min(ys), max(xs), max(ys))


def _quantise(contour: Contour, scale: float) -> tuple[Point, list[Segment]]:
    """Rounds absolute points to the grid, so that errors never add up, and drops what became nothing."""
    rounded = [
        tuple((round(c[i] * scale), -round(c[i + 1] * scale)) for i in range(0, len(c), 2)) for c in contour
    ]
    start = here = rounded[0][0]
    segments: list[Segment] = []
    for segment in rounded[1:]:
        end = segment[-1]
        if all(point == here for point in segment):
            continue
        segments.append((end,) if _is_straight(here, segment) else segment)
        here = end
    if segments and segments[-1] == (start,):
        segments.pop()  # closing the contour draws this line
    return start, segments


def _is_straight(here: Point, segment: Segment) -> bool:
    end = segment[-1]
    if len(segment) == 2:
        control = segment[0]
        bend = [2 * control[axis] - here[axis] - end[axis] for axis in (0, 1)]
        return bend[0] ** 2 + bend[1] ** 2 <= _STRAIGHT
    return segment[:-1] == (here, end)


def _path_data(here: Point, segments: list[Segment]) -> str:
    parts: list[str] = []
    previous = "l"  # what follows a moveto is a lineto unless it says otherwise
    for segment in segments:
        end = segment[-1]
        command, numbers = "lqc"[len(segment) - 1], ""
        if command == "l" and end[1] == here[1]:
            command, numbers = "h", str(end[0] - here[0])
        elif command == "l" and end[0] == here[0]:
            command, numbers = "v", str(end[1] - here[1])
        else:
            numbers = _numbers(segment, here)
        if command != previous:
            parts.append(command)
        elif numbers[0] != "-":
            parts.append(" ")
        parts.append(numbers)
        previous, here = command, end
    parts.append("z")
    return "".join(parts)


def _numbers(points: Segment, origin: Point) -> str:
    """Writes points relative to the origin; a minus sign separates by itself."""
    text = ""
    for point in points:
        for axis in (0, 1):
            value = point[axis] - origin[axis]
            text += f" {value}" if text and value >= 0 else str(value)
    return text


def _make_pen() -> hb.DrawFuncs:
    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, contours: contours.append([(x, y)]))
    pen.set_line_to_func(lambda x, y, contours: contours[-1].append((x, y)))
    pen.set_quadratic_to_func(lambda cx, cy, x, y, contours: contours[-1].append((cx, cy, x, y)))
    pen.set_cubic_to_func(lambda a, b, c, d, x, y, contours: contours[-1].append((a, b, c, d, x, y)))
    pen.set_close_path_func(lambda _: None)
    return pen


_PEN: Final = _make_pen()  # holds functions only, so threads may share it
