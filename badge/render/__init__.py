"""Spec to bytes. `render` shows the whole pipeline; nothing here knows a network, a clock or a setting."""

from badge.catalogue import RenderSpec
from badge.errors import BlueHeartError
from badge.render.encode import MEDIA_TYPES, encode
from badge.render.ground import ground_key
from badge.render.kit import Kit, key_of
from badge.render.layout import lay_out
from badge.render.notice import notice_spec
from badge.render.picture import Picture
from badge.render.raster import Pixels, rasterize
from badge.render.scene import Scene

__all__ = ["Kit", "Picture", "Scene", "key_of", "lay_out", "render", "render_notice"]


def render(spec: RenderSpec, kit: Kit) -> Picture:
    """Draws a picture: spec → scene → SVG → pixels → file."""
    scene = lay_out(spec, kit)
    if spec.format == "svg":
        body = kit.composer.svg(scene).encode()
    else:
        body = encode(_paint(scene, kit), spec.format, opaque=scene.template.manifest.opaque)
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


def _paint(scene: Scene, kit: Kit) -> Pixels:
    if scene.template.manifest.row is not None:
        return rasterize(kit.composer.svg(scene))
    key = ground_key(scene)
    ground = kit.grounds.get(key)
    if ground is None:
        ground = rasterize(kit.composer.svg(scene, ("ground",))).data
        kit.grounds.put(key, ground)
    return rasterize(kit.composer.svg(scene, ("ink",)), ground)
