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


@dataclass(frozen=True, slots=True)
class Pixels:
    """Premultiplied BGRA rows, 4 bytes a pixel, without padding."""

    data: bytes
    width_px: int
    height_px: int


class _PixelSurface(PNGSurface):  # type: ignore[misc]
    """A CairoSVG surface over memory of ours, which may already hold a painted ground."""

    def __init__(self, svg: bytes, ground: bytes | None, images: Mapping[str, Art]) -> None:
        self._ground = ground
        self.art = images
        super().__init__(Tree(bytestring=svg), None, 96)

    def _create_surface(self, width: float, height: float) -> tuple[Any, int, int]:
        width_px, height_px = round(width), round(height)
        buffer = bytearray(self._ground or width_px * height_px * 4)
        surface = cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, width_px, height_px, buffer, width_px * 4)
        return surface, width_px, height_px

    def pixels(self) -> Pixels:
        self.cairo.flush()
        return Pixels(bytes(self.cairo.get_data()), self.width, self.height)


def rasterize(svg: str, ground: bytes | None = None, images: Mapping[str, Art] = NO_ART) -> Pixels:
    """Draws an SVG document of known pixel size, on top of `ground` where there is one.

    An `<image href="bh:crest">` shows `images["crest"]`, and no other image is ever read.
    """
    return _PixelSurface(svg.encode(), ground, images).pixels()


def _fast_path(surface: Any, node: Any) -> None:
    packed = None
    if not any(name in node for name in ("marker", "marker-start", "marker-mid", "marker-end")):
        packed = compile_path(node.get("d", ""))
    if packed is None:
        stock_path(surface, node)
        return
    ffi = cairocffi.ffi
    data = ffi.cast("cairo_path_data_t *", ffi.from_buffer(packed))
    path = ffi.new("cairo_path_t *", {"status": 0, "data": data, "num_data": len(packed) // 2})
    surface.context.new_path()
    cairocffi.cairo.cairo_append_path(surface.context._pointer, path)


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
