"""A picture that moves: its ground is painted once, its heart and texts anew for each pose."""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from badge.catalogue import RenderSpec
from badge.errors import InvalidField
from badge.render.beat import poses
from badge.render.kit import Kit
from badge.render.layout import lay_out
from badge.render.raster import Pixels, rasterize
from badge.render.scene import Scene

MAX_SIDE_PX = 256


class Film(NamedTuple):
    """The frames of one beat, the one at rest first, and how long each is shown.

    `plain` are few colours and sharp letters, which are smaller and better without loss.
    """

    frames: tuple[Pixels, ...]
    lasts_ms: tuple[int, ...]
    plain: bool


def is_film(spec: RenderSpec) -> bool:
    """Tells whether a picture is a row of frames; an SVG moves by its own style."""
    return spec.beats and spec.format == "webp"


def check_film(spec: RenderSpec, kit: Kit) -> None:
    """Refuses a film that would be too large before anything is painted; raises InvalidField."""
    if is_film(spec):
        check_sides(lay_out(spec, kit), kit)


def shoot(scene: Scene, kit: Kit) -> Film:
    """Paints the frames; raises InvalidField where the picture is too large for that."""
    check_sides(scene, kit)
    beat, composer = scene.template.manifest.beat, kit.composer
    if beat is None:
        raise ValueError(f"{scene.template.path} has no heart that beats")
    ground = rasterize(composer.svg(scene, ("ground",)), stencils=kit.stencils)
    timed = poses(beat)
    drawn: dict[float, Pixels] = {}
    for size, svg in composer.beating(scene, {pose.size for pose in timed}):
        drawn[size] = rasterize(svg, ground.data, stencils=kit.stencils)
    return Film(
        frames=tuple(drawn[pose.size] for pose in timed),
        lasts_ms=tuple(pose.lasts_ms for pose in timed),
        plain=bool(scene.stretches),
    )


def check_sides(scene: Scene, kit: Kit) -> None:
    """Refuses what has over 256 pixels on a side; raises InvalidField with the size that fits."""
    width_px, height_px = _sides(scene)
    if max(width_px, height_px) <= MAX_SIDE_PX:
        return
    fits = next(_fitting(scene, kit), None)
    right = f"size={fits} at scale=1 fits, or take .svg" if fits else "none of its sizes fits: take .svg"
    raise InvalidField(
        f"animate=beat moves a webp of at most {MAX_SIDE_PX} x {MAX_SIDE_PX} pixels, and this one has "
        f"{width_px} x {height_px}; {right}",
        field="animate",
    )


def _fitting(scene: Scene, kit: Kit) -> Iterator[str]:
    """Yields the sizes that are small enough, the largest first."""
    sizes = scene.template.manifest.sizes
    if sizes.unit == "side_px" and sizes.minimum <= MAX_SIDE_PX:
        yield str(min(MAX_SIDE_PX, sizes.maximum))
    for size in sorted(sizes.values, key=int, reverse=True):
        smaller = lay_out(replace(scene.spec, size=size, scale=1), kit)
        if max(_sides(smaller)) <= MAX_SIDE_PX:
            yield size


def _sides(scene: Scene) -> tuple[int, int]:
    return scene.width_px * scene.scale, scene.height_px * scene.scale
