"""Spec to bytes: `draw` and `finish` are the whole pipeline. Nothing here knows network, clock, settings."""

from collections.abc import Mapping

import msgspec

from badge.catalogue import RenderSpec
from badge.errors import BlueHeartError
from badge.render.art import NO_ART, Art
from badge.render.compose import UNDER_INK
from badge.render.encode import MEDIA_TYPES, encode
from badge.render.film import Film, is_film, shoot
from badge.render.ground import Ground, Painted, Strip, ground_key
from badge.render.kit import Kit, key_of
from badge.render.layout import lay_out
from badge.render.notice import notice_spec
from badge.render.picture import Picture
from badge.render.raster import Pixels, rasterize
from badge.render.scene import Scene

__all__ = [
    "Art",
    "Drawing",
    "Kit",
    "Picture",
    "Scene",
    "draw",
    "finish",
    "key_of",
    "lay_out",
    "notice_spec",
    "render",
    "render_notice",
]


class Drawing(msgspec.Struct, frozen=True):
    """A scene as SVG text, as pixels or as frames, before it is a file."""

    spec: RenderSpec
    scene: Scene
    drawn: str | Pixels | Painted | Film


def render(spec: RenderSpec, kit: Kit, art: Mapping[str, Art] = NO_ART) -> Picture:
    """Draws a picture: spec → scene → SVG → pixels → file; `art` are its images by digest."""
    return finish(draw(spec, kit, art))


def draw(spec: RenderSpec, kit: Kit, art: Mapping[str, Art] = NO_ART) -> Drawing:
    """Draws the first part: spec → scene → SVG → pixels."""
    scene = lay_out(spec, kit, art)
    if spec.format == "svg":
        return Drawing(spec, scene, kit.composer.svg(scene))
    return Drawing(spec, scene, shoot(scene, kit) if is_film(spec) else _paint(scene, kit, art))


def finish(drawing: Drawing) -> Picture:
    """Makes the file of a drawing."""
    spec, scene, drawn = drawing.spec, drawing.scene, drawing.drawn
    if isinstance(drawn, str):
        body = drawn.encode()
    else:
        body = encode(drawn, spec.format, opaque=scene.template.manifest.opaque)
    return Picture(
        body=body,
        media_type=MEDIA_TYPES[spec.format],
        width_px=scene.width_px * scene.scale,
        height_px=scene.height_px * scene.scale,
        alt=scene.alt,
        missing=scene.missing,
    )


def render_notice(error: BlueHeartError, format_: str, kit: Kit) -> Picture:
    """Draws the small picture that says what is wrong with a request."""
    return render(notice_spec(error, format_), kit)


def _paint(scene: Scene, kit: Kit, art: Mapping[str, Art]) -> Pixels | Painted:
    """Paints a row whole; of a card only the rows that texts touch, onto a copy of its ground."""
    if scene.stretches:
        return rasterize(kit.composer.svg(scene), stencils=kit.stencils)
    key = ground_key(scene)
    ground = kit.grounds.get(key)
    if ground is None:
        images = {name: art[digest] for name, digest in scene.spec.images}
        ground = Ground(rasterize(kit.composer.svg(scene, UNDER_INK), images=images, stencils=kit.stencils))
        kit.grounds.put(key, ground)
    spans = kit.composer.ink_rows(scene)
    if not spans:
        return Painted(ground, ())
    top, bottom = spans[0][0], spans[-1][1]
    painted = rasterize(
        kit.composer.svg(scene, ("ink",)), ground.pixels.rows(top, bottom), top, stencils=kit.stencils
    )
    return Painted(
        ground, tuple(Strip(first, last, painted.rows(first - top, last - top)) for first, last in spans)
    )
