"""Draws every example of every template and says what came out wrong (part of `blueheart check`)."""

from collections.abc import Iterator

from jinja2 import TemplateError
from msgspec.structs import replace

from badge.catalogue import RenderSpec, Template
from badge.errors import BlueHeartError
from badge.render import lay_out, render
from badge.render.kit import Kit
from badge.render.say import say, vocabulary
from badge.render.scene import Scene

_TOLERANCE_PX = 0.75


def example_specs(template: Template, kit: Kit) -> Iterator[RenderSpec]:
    """Yields the spec of each example, in the template's first format."""
    for example in template.manifest.examples:
        path = f"/{template.path}.{template.manifest.formats[0]}"
        if template.manifest.hidden:
            continue
        yield kit.catalogue.parse(path, example.query.encode(), template.manifest.shown(example.live)).spec


def prove(kit: Kit) -> list[str]:
    """Returns a sentence for each example that does not parse, fit or draw in every format."""
    problems: list[str] = []
    for template in kit.catalogue.templates.values():
        try:
            for spec in example_specs(template, kit):
                problems += [
                    f"svg_templates/{template.path}: {spec.canonical}: {p}" for p in _faults(spec, kit)
                ]
        except BlueHeartError as error:
            problems.append(f"svg_templates/{template.path}: an example is refused: {error.detail}")
        except TemplateError as error:
            problems.append(f"svg_templates/{template.path}: the drawing ends with: {error}")
    return problems


def _faults(spec: RenderSpec, kit: Kit) -> Iterator[str]:
    template = kit.catalogue.templates[spec.kind, spec.template]
    words = vocabulary(spec, template, kit)
    for word in sorted(template.words - words.keys() - template.manifest.fields.keys()):
        yield f"{{{word}}} is not a word; there are {', '.join(words)}"
    if not say(template.manifest.alt, words).strip():
        yield "its alt text is empty"
    scene = lay_out(spec, kit)
    yield from leaks(scene)
    for format_ in template.manifest.formats:
        if spec.theme != "auto" or format_ == "svg":
            render(replace(spec, format=format_), kit)


def leaks(scene: Scene) -> Iterator[str]:
    """Yields each text whose ink leaves its box, and each letter that no font has."""
    for name, text in scene.texts.items():
        ink, box = text.ink, text.box
        over_px = max(
            box.x_px - ink.x_px,
            box.y_px - ink.y_px,
            ink.right_px - box.right_px,
            ink.bottom_px - box.bottom_px,
        )
        if over_px > _TOLERANCE_PX:
            yield f"texts.{name} leaves its box by {over_px:.1f} px"
    for letter in scene.missing:
        yield f"no font has {letter!r}"
