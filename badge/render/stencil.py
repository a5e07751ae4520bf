"""Outlines painted through their coverage; that of our own sentences, which come again and again, is kept.

Filling a line of text takes cairo a millisecond, stamping its coverage a twentieth of that. An outline that
comes for the first time is only noted: a visitor's name, which rarely comes twice, leaves no stencil. Kept or
not, the pixels are the same.
"""

import hashlib
from collections.abc import Callable
from math import ceil, floor
from typing import Any, NamedTuple

import cairocffi

from badge.text.memo import Memo

_MAX_AREA_PX = 2**20
_NOTED_BYTES = 2**20
_KEY_BYTES = 200

Key = tuple[bytes, float, float, float]
Trace = Callable[[Any], None]


class Stencil(NamedTuple):
    """The coverage of an outline beside the whole pixel of its origin; no surface where it is too large."""

    surface: Any
    x_px: int
    y_px: int
    bytes: int


class Stencils:
    """The stencils of one process, bounded in bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._kept: Memo[Key, Stencil] = Memo(max_bytes, lambda stencil: stencil.bytes)
        self._noted: Memo[Key, bool] = Memo(_NOTED_BYTES, lambda _: _KEY_BYTES)

    def stamp(self, context: Any, d: str, trace: Trace, colour: tuple[float, ...]) -> bool:
        """Paints the outline `d`, which `trace` appends to a context; False where it must be filled instead.

        That is where the outline is turned, for a stencil is of one scale, or very large.
        """
        xx, yx, xy, yy, x0, y0 = context.get_matrix().as_tuple()
        if yx or xy or xx != yy:
            return False
        x_px, y_px = floor(x0), floor(y0)
        # One fraction of a pixel, to a thousandth: what an outline is set to is never finer.
        x, y = round(x0 - x_px, 3), round(y0 - y_px, 3)
        key = hashlib.blake2b(d.encode(), digest_size=16).digest(), xx, x, y
        stencil = self._kept.get(key)
        if stencil is None:
            stencil = _fill(trace, xx, x, y)
            if self._noted.get(key):
                self._kept.put(key, stencil)
            else:
                self._noted.put(key, True)
        if stencil.surface is None:
            return False
        context.save()
        context.identity_matrix()
        context.set_source_rgba(*colour)
        context.mask_surface(stencil.surface, x_px + stencil.x_px, y_px + stencil.y_px)
        context.restore()
        return True


def _fill(trace: Trace, scale: float, x: float, y: float) -> Stencil:
    matrix = cairocffi.Matrix(scale, 0, 0, scale, x, y)
    trial = cairocffi.Context(cairocffi.ImageSurface(cairocffi.FORMAT_A8, 1, 1))
    trial.set_matrix(matrix)
    trace(trial)
    trial.identity_matrix()
    left, top, right, bottom = trial.path_extents()
    x_px, y_px = floor(left) - 1, floor(top) - 1
    width_px, height_px = ceil(right) + 1 - x_px, ceil(bottom) + 1 - y_px
    if width_px * height_px > _MAX_AREA_PX:
        return Stencil(None, 0, 0, _KEY_BYTES)
    surface = cairocffi.ImageSurface(cairocffi.FORMAT_A8, width_px, height_px)
    context = cairocffi.Context(surface)
    context.translate(-x_px, -y_px)
    context.transform(matrix)
    trace(context)
    context.fill()
    surface.flush()
    return Stencil(surface, x_px, y_px, surface.get_stride() * height_px + _KEY_BYTES)
