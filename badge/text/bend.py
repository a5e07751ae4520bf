"""A line of text laid along a circle: its outlines are bent, so that joined scripts stay joined."""

from collections.abc import Callable, Iterator
from math import cos, degrees, sin
from typing import Final, Literal

import regex

from badge.text.box import FittedLine, Heart
from badge.text.hint import Contour
from badge.text.outline import move, write_outline

_PART = regex.compile(r"[a-z]|-?\d+")
_LENGTHS: Final = {"l": 2, "h": 1, "v": 1, "q": 4, "c": 6}

Point = tuple[float, float]


def bend(
    line: FittedLine, radius_px: float, baseline_px: float, side: Literal["top", "bottom"]
) -> FittedLine:
    """Lays a line along a circle around the origin, its middle upright at the top or at the bottom.

    Lengths stay true on the circle of `radius_px`, the baseline lies on that of `baseline_px`; at the bottom
    letters stand towards the centre. The width remains that of the straight line.
    """
    outward, scale = 1 if side == "top" else -1, line.scale
    middle, radius, baseline = line.width_px / 2 / scale, radius_px / scale, baseline_px / scale

    def place(x: float, y: float) -> Point:
        """Takes a point of the grid to the circle, where y goes up."""
        angle, away = (x - middle) / radius, baseline - outward * y
        return away * sin(angle), outward * away * cos(angle)

    outline = write_outline([_bent(contour, place) for contour in _contours(line.d)], 1.0)
    d = move(outline.x, outline.y) + outline.d if outline.d else ""
    inks = [tuple(edge * scale for edge in outline[-4:])] if d else []
    hearts: list[Heart] = []
    for heart in line.hearts:
        half = heart.size_px / 2
        x, y = heart.x_px + half, heart.y_px + 0.96 * half
        angle = outward * (x / scale - middle) / radius
        x, y = (edge * scale for edge in place(x / scale, y / scale))
        left = x - half * cos(angle) + 0.96 * half * sin(angle)
        top = -y - half * sin(angle) - 0.96 * half * cos(angle)
        hearts.append(Heart(left, top, heart.size_px, degrees(angle)))
        inks.append((x - half, -y - half, x + half, half - y))
    lefts, tops, rights, bottoms = zip(*inks, strict=True) if inks else ((0.0,),) * 4
    ink = (min(lefts), min(tops), max(rights), max(bottoms))
    return line._replace(d=d, ink=ink, hearts=tuple(hearts))


def _bent(contour: Contour, place: Callable[[float, float], Point]) -> Contour:
    """Bends a contour; a line becomes the curve through its bent middle."""
    (x, y), *segments = contour
    bent: Contour = [place(x, y)]
    for segment in segments:
        end_x, end_y = segment[-2:]
        end = place(end_x, end_y)
        if len(segment) == 2:
            (from_x, from_y), (mid_x, mid_y) = bent[-1][-2:], place((x + end_x) / 2, (y + end_y) / 2)
            bent.append((2 * mid_x - (from_x + end[0]) / 2, 2 * mid_y - (from_y + end[1]) / 2, *end))
        elif len(segment) == 4:
            bent.append((*place(segment[0], segment[1]), *end))
        else:
            bent.append((*place(segment[0], segment[1]), *place(segment[2], segment[3]), *end))
        x, y = end_x, end_y
    return bent


def _contours(d: str) -> Iterator[Contour]:
    """Reads the path data that we write, relative integers, back into closed contours of absolute points."""
    parts = iter(_PART.findall(d))
    x = y = 0
    contour: Contour = []
    command = ""
    for part in parts:
        if part == "z":
            if contour[-1][-2:] != contour[0]:
                contour.append(contour[0])
            yield contour
            x, y = (int(value) for value in contour[0])
        elif part == "m":
            x, y = x + int(next(parts)), y + int(next(parts))
            contour, command = [(x, y)], "l"
        elif part.isalpha():
            command = part
        else:
            numbers = [int(part), *(int(next(parts)) for _ in range(_LENGTHS[command] - 1))]
            if command in "hv":
                numbers.insert("vh".index(command), 0)
            points = [numbers[i] + (x, y)[i % 2] for i in range(len(numbers))]
            contour.append(tuple(points))
            x, y = points[-2:]
