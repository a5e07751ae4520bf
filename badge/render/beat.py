"""The heartbeat: one rhythm, told to an SVG as CSS and to a film as frames.

It ends by itself: whoever only sees a picture cannot stop it, and what moves beside a text for more than five
seconds must be stoppable (WCAG 2.2, 2.2.2).
"""

from itertools import pairwise
from typing import NamedTuple

from badge.catalogue.manifest import Beat
from badge.render.scene import PlacedHeart

BEATS = 4
PERIOD_MS = 1200
FRAME_MS = 80
_TURNS_MS = (0, 160, 320, 480, 640)  # rest, first beat, rest, second beat, rest until the end of the period


class Pose(NamedTuple):
    """How large the heart is, where 1 is at rest, and for how long."""

    size: float
    lasts_ms: int


def poses(beat: Beat) -> tuple[Pose, ...]:
    """Returns one period as poses that differ from their neighbours, from rest to rest."""
    sizes: list[float] = []
    for start, end in pairwise(_turns(beat)):
        steps = (end.at_ms - start.at_ms) // FRAME_MS
        sizes += [start.size + (end.size - start.size) * _eased(step / steps) for step in range(steps)]
    moving = tuple(Pose(size, FRAME_MS) for size in sizes)
    return (*moving, Pose(1.0, PERIOD_MS - FRAME_MS * len(moving)))


def style(beat: Beat, heart: PlacedHeart) -> str:
    """Returns the CSS of the class `beat`, for readers who have not asked for less motion."""
    turns: dict[float, list[str]] = {}
    for turn in _turns(beat):
        turns.setdefault(turn.size, []).append(f"{turn.at_ms / PERIOD_MS:.2%}".replace(".00%", "%"))
    turns[1.0].append("to")
    keys = "".join(
        f"{','.join(at)}{{transform:{'none' if size == 1 else f'scale({size:g})'}}}"
        for size, at in turns.items()
    )
    return (
        "<style>@media(prefers-reduced-motion:no-preference){"
        f".beat{{animation:beat {PERIOD_MS / 1000:g}s cubic-bezier(.3333,0,.6667,1) {BEATS};"
        f"transform-origin:{heart.centre_x_px:g}px {heart.centre_y_px:g}px}}"
        f"@keyframes beat{{{keys}}}}}</style>"
    )


class _Turn(NamedTuple):
    at_ms: int
    size: float


def _turns(beat: Beat) -> tuple[_Turn, ...]:
    sizes = (1.0, beat.first, 1.0, beat.second, 1.0)
    return tuple(_Turn(at_ms, size) for at_ms, size in zip(_TURNS_MS, sizes, strict=True))


def _eased(part: float) -> float:
    """Returns what cubic-bezier(1/3, 0, 2/3, 1) makes of a part of a way: its x is the part itself."""
    return part * part * (3 - 2 * part)
