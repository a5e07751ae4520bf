"""SVG to pixels by CairoSVG: its own surface class and tag table, with a faster path handler.

Stock CairoSVG reads a path by regular expressions, point by point; ours appends a packed path in one call and
falls back to stock for arcs, smooth curves and markers. Measured in docs/decisions/0006-rendering.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cairocffi
from cairosvg.parser import Tree
from cairosvg.path import path as stock_path
from cairosvg.surface import TAGS, PNGSurface

from badge.render.art import NO_ART, Art
from badge.render.path import compile_path
from badge.render.stencil import Stencils

_MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")
_NOT_PLAIN = ("stroke", "fill-opacity", "fill-rule", "opacity", "display", "visibility", "shape-rendering")


@dataclass(frozen=True, slots=True)
class Pixels:
    """Premultiplied BGRA rows, 4 bytes a pixel, without padding."""

    data: bytes
    width_px: int
    height_px: int

    def rows(self, first: int, last: int) -> bytes:
        """Returns the pixels from row `first` to before row `last`."""
        stride = self.width_px * 4
        return self.data[first * stride : last * stride]


class _PixelSurface(PNGSurface):  # type: ignore[misc]  # cairosvg has no types
    """A CairoSVG surface over memory of ours, which may already hold some rows of a painted ground."""

    def __init__(
        self,
        svg: bytes,
        ground: bytes | None,
        first: int,
        images: Mapping[str, Art],
        stencils: Stencils | None,
    ) -> None:
        self._ground, self._first = ground, first
        self.stencils = stencils or Stencils(max_bytes=0)
        self.art = images
        super().__init__(Tree(bytestring=svg), None, 96)

    def _create_surface(self, width: float, height: float) -> tuple[Any, int, int]:
        width_px, height_px = round(width), round(height)
        if self._ground is not None:
            height_px = len(self._ground) // (width_px * 4)
        buffer = bytearray(self._ground or width_px * height_px * 4)
        surface = cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, width_px, height_px, buffer, width_px * 4)
        surface.set_device_offset(0, -self._first)
        return surface, width_px, height_px

    def pixels(self) -> Pixels:
        self.cairo.flush()
        return Pixels(bytes(self.cairo.get_data()), self.width, self.height)


def rasterize(
    svg: str,
    ground: bytes | None = None,
    first: int = 0,
    *,
    images: Mapping[str, Art] = NO_ART,
    stencils: Stencils | None = None,
) -> Pixels:
    """Draws an SVG document of known pixel size, or the part of it that lies on `ground`.

    `ground` are whole rows of painted pixels, the upper one the document's row `first`.
    An `<image href="bh:crest">` shows `images["crest"]`, and no other image is ever read.
    """
    return _PixelSurface(svg.encode(), ground, first, images, stencils).pixels()


def _fast_path(surface: Any, node: Any) -> None:
    d = node.get("d", "")
    packed = None if any(name in node for name in _MARKERS) else compile_path(d)
    if packed is None:
        stock_path(surface, node)
        return

    def trace(context: Any) -> None:
        data = ffi.cast("cairo_path_data_t *", ffi.from_buffer(packed))
        path = ffi.new("cairo_path_t *", {"status": 0, "data": data, "num_data": len(packed) // 2})
        cairocffi.cairo.cairo_append_path(context._pointer, path)

    ffi = cairocffi.ffi
    fill = node.get("fill", "")
    plain = fill.startswith("#") and surface.stroke_and_fill and not any(name in node for name in _NOT_PLAIN)
    surface.context.new_path()
    if not (plain and surface.stencils.stamp(surface.context, d, trace, surface.map_color(fill, 1))):
        trace(surface.context)


def _ready_image(surface: Any, node: Any) -> None:
    """Paints pixels of ours; stock would fetch an address, decode it and encode it again."""
    art = surface.art[node["href"].removeprefix("bh:")]
    x_px, y_px, width_px, height_px = (float(node[name]) for name in ("x", "y", "width", "height"))
    pixels = cairocffi.ImageSurface(
        cairocffi.FORMAT_ARGB32, art.width_px, art.height_px, bytearray(art.data), art.width_px * 4
    )
    context = surface.context
    context.save()
    context.translate(x_px, y_px)
    context.scale(width_px / art.width_px, height_px / art.height_px)
    context.set_source_surface(pixels)
    context.get_source().set_filter(cairocffi.FILTER_BEST)
    context.paint()
    context.restore()


TAGS["path"] = _fast_path
TAGS["image"] = _ready_image
