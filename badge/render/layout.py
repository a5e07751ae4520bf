"""Spec to scene: the sizes, the boxes and the texts that fit them."""

from collections.abc import Mapping

from badge.catalogue import CANVASES, CanvasSize, RenderSpec, aspect_of
from badge.catalogue.palette import wear
from badge.render.art import NO_ART, Art
from badge.render.canvas import set_canvas
from badge.render.kit import Kit
from badge.render.row import set_row
from badge.render.say import say, vocabulary
from badge.render.scene import Scene
from badge.render.typeset import Typesetter


def lay_out(spec: RenderSpec, kit: Kit, art: Mapping[str, Art] = NO_ART) -> Scene:
    """Resolves a spec into a scene: every text is shaped and fitted, every box is in pixels.

    `art` are the pictures of its `images`, by digest.
    """
    template = kit.catalogue.templates[spec.kind, spec.template]
    manifest = template.manifest
    language = kit.strings.lang(spec.lang)
    words = vocabulary(spec, template, kit)
    typesetter = Typesetter(template, words, language, kit.fonts)
    values, tint = dict(spec.values), dict(spec.tint)
    density = 1
    if row := manifest.row_for(values):
        height_px = round(int(spec.size) * row.height)
        laid = set_row(row, int(spec.size), typesetter, values)
    else:
        canvas = CANVASES.get(spec.size) or CanvasSize(int(spec.size), int(spec.size))
        height_px, density = canvas.height_px, canvas.density
        layout = manifest.layout[aspect_of(canvas.width_px, canvas.height_px)]
        laid = set_canvas(layout, canvas, typesetter, {name: art[digest] for name, digest in spec.images})
    return Scene(
        template=template,
        spec=spec,
        language=language,
        width_px=laid.width_px,
        height_px=height_px,
        texts=laid.texts,
        heart=laid.heart,
        stretches=laid.stretches,
        discs=laid.discs,
        palette=wear(manifest, values, "dark" if spec.theme == "dark" else "light", tint),
        night=wear(manifest, values, "dark", tint) if spec.theme == "auto" else None,
        alt=say(manifest.alt, words),
        density=density,
    )
