"""Painted grounds: the part of a card that no name changes, kept as pixels, and what is painted over."""

from collections import OrderedDict
from collections.abc import Hashable
from math import ceil, floor
from threading import Lock
from typing import NamedTuple

from badge.render.png import Piece
from badge.render.raster import Pixels
from badge.render.scene import Scene

_AROUND_PX = 2  # of a text's ink, for what antialiasing adds
_APART_PX = 12  # rows of ground between two texts that are worth leaving alone
_KEPT = 1.25  # of its pixels: what a ground and its compressed pieces weigh


class Ground:
    """The pixels of a ground, and its rows as pieces of a PNG file, made when first wanted."""

    __slots__ = ("pieces", "pixels")

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels
        self.pieces: dict[tuple[int, int, bool], Piece] = {}


class Strip(NamedTuple):
    """Rows that were painted over, from `first` to before `last`."""

    first: int
    last: int
    data: bytes


class Painted(NamedTuple):
    """A ground with the strips that replace some of its rows, from top to bottom."""

    ground: Ground
    strips: tuple[Strip, ...]

    def flat(self) -> Pixels:
        """Returns all rows as one picture."""
        parts: list[bytes] = []
        row = 0
        for strip in self.strips:
            parts += (self.ground.pixels.rows(row, strip.first), strip.data)
            row = strip.last
        pixels = self.ground.pixels
        parts.append(self.ground.pixels.rows(row, pixels.height_px))
        return Pixels(b"".join(parts), pixels.width_px, pixels.height_px)


def ground_key(scene: Scene) -> Hashable:
    """Returns what a ground depends on: template, canvas, look, crests, choices, a row."""
    spec, template = scene.spec, scene.template
    chosen = [value for name, value in spec.values if name in template.choices]
    look = spec.size, spec.theme, spec.scale, scene.rtl, spec.images
    return template.digest, *look, *chosen, *scene.palette.values(), *scene.stretches


def ink_rows(scene: Scene) -> list[tuple[int, int]]:
    """Returns the rows of device pixels that texts touch, from top to bottom, as spans that lie apart."""
    spans: list[tuple[int, int]] = []
    height_px = scene.height_px * scene.scale
    for ink in sorted((text.ink for text in scene.texts.values()), key=lambda ink: ink.y_px):
        first = max(0, floor(ink.y_px * scene.scale) - _AROUND_PX)
        last = min(height_px, ceil(ink.bottom_px * scene.scale) + _AROUND_PX)
        if spans and first < spans[-1][1] + _APART_PX:
            spans[-1] = spans[-1][0], max(spans[-1][1], last)
        elif first < last:
            spans.append((first, last))
    return spans


class GroundCache:
    """The most recently used grounds, bounded in bytes; safe to use from several threads."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held_bytes = 0.0
        self._grounds: OrderedDict[Hashable, Ground] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Ground | None:
        """Returns a ground, if it is still here."""
        with self._lock:
            if key in self._grounds:
                self._grounds.move_to_end(key)
            return self._grounds.get(key)

    def put(self, key: Hashable, ground: Ground) -> None:
        """Keeps a ground; one that is larger than the whole cache is not kept."""
        if _weight(ground) > self._max_bytes:
            return
        with self._lock:
            if (before := self._grounds.pop(key, None)) is not None:
                self._held_bytes -= _weight(before)
            self._held_bytes += _weight(ground)
            self._grounds[key] = ground
            while self._held_bytes > self._max_bytes:
                self._held_bytes -= _weight(self._grounds.popitem(last=False)[1])


def _weight(ground: Ground) -> float:
    return len(ground.pixels.data) * _KEPT
