"""A line of text laid along a circle: its outlines are bent, so that joined scripts stay joined."""

from collections.abc import Callable, Iterator
from math import cos, degrees, sin
from typing import Final, Literal

import regex

from badge.text.box import FittedLine, Heart
from badge.text.outline import Contour, move, write_outline

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
    outward = 1 if side == "top" else -1

    def turn(x_px: float) -> float:
        return (x_px - line.width_px / 2) / radius_px

    def place(x_px: float, y_px: float) -> Point:
        away_px, angle = baseline_px - outward * y_px, turn(x_px)
        return away_px * sin(angle), -outward * away_px * cos(angle)

    def to_grid(x: float, y: float) -> Point:
        bent_x, bent_y = place(x * line.scale, y * line.scale)
        return bent_x / line.scale, -bent_y / line.scale

    outline = write_outline((_bent(contour, to_grid) for contour in _contours(line.d)), 1.0)
    d = move(outline.x, outline.y) + outline.d if outline.d else ""
    inks = [tuple(edge * line.scale for edge in outline[-4:])] if d else []
    hearts: list[Heart] = []
    for heart in line.hearts:
        angle = outward * turn(heart.x_px + heart.size_px / 2)
        middle_x, middle_y = place(heart.x_px + heart.size_px / 2, heart.y_px + 0.48 * heart.size_px)
        half = heart.size_px / 2
        x = middle_x - half * cos(angle) + 0.96 * half * sin(angle)
        y = middle_y - half * sin(angle) - 0.96 * half * cos(angle)
        hearts.append(heart._replace(x_px=x, y_px=y, turn_deg=degrees(angle)))
        inks.append((middle_x - half, middle_y - half, middle_x + half, middle_y + half))
    lefts, tops, rights, bottoms = zip(*inks, strict=True) if inks else ((0.0,),) * 4
    ink = (min(lefts), min(tops), max(rights), max(bottoms))
    return line._replace(d=d, ink=ink, hearts=tuple(hearts))


def _bent(contour: Contour, place: Callable[[float, float], Point]) -> Contour:
    """Bends a contour; a line becomes the curve through its bent middle."""
    (x, y), *segments = contour
    bent: Contour = [place(x, y)]
    for segment in segments:
        points = [place(*segment[i : i + 2]) for i in range(0, len(segment), 2)]
        if len(points) == 1:
            (end_x, end_y), (start_x, start_y) = points[0], bent[-1][-2:]
            middle_x, middle_y = place((x + segment[0]) / 2, (y + segment[1]) / 2)
            points.insert(0, (2 * middle_x - (start_x + end_x) / 2, 2 * middle_y - (start_y + end_y) / 2))
        bent.append(tuple(value for point in points for value in point))
        x, y = segment[-2:]
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
