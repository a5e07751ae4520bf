"""What a template must keep to before it may ship; each problem is one sentence with the way out."""

import re
from collections.abc import Iterator

from badge.catalogue.canvas import CANVASES, aspect_of
from badge.catalogue.catalogue import Catalogue, Template
from badge.catalogue.colour import contrast
from badge.catalogue.fields import ChoiceField, ColourField, ImageField, RecordField, TextField
from badge.catalogue.manifest import Manifest
from badge.catalogue.values import Rules

# What browsers and CairoSVG draw alike; blur, masks, blending, <use> and <text> are not among it.
TAGS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polygon", "defs", "stop", "clipPath"}
    | {"linearGradient", "radialGradient", "image"}
)
ATTRIBUTES = frozenset(
    {"id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height"}
    | {"points", "offset", "fill", "stroke", "transform", "class", "clip-path", "gradientUnits"}
    | {"gradientTransform", "stop-color", "stop-opacity", "fill-opacity", "stroke-opacity", "stroke-width"}
    | {"stroke-linejoin", "stroke-linecap", "href"}
)
_MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"<([a-zA-Z]\w*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z_:][\w:.-]*)\s*=\s*[\"']([^\"']*)[\"']")
_VALUE = re.compile(r"var\(|hsl\(|#[0-9a-f]{8}\b|(?:^|\s)url\((?!#)", re.IGNORECASE)


def lint(catalogue: Catalogue) -> list[str]:
    """Returns every problem of every template and of the shared drawings, none when all is well."""
    problems = [
        f"svg_templates/{path}: {p}" for path, source in catalogue.shared.items() for p in _drawing(source)
    ]
    for template in catalogue.templates.values():
        found = (*_meta(template, catalogue.rules), *_colours(template.manifest), *_layout(template))
        problems += [f"svg_templates/{template.path}: {p}" for p in (*found, *_drawing(template.drawing))]
    return problems


def _meta(template: Template, rules: Rules) -> Iterator[str]:
    manifest = template.manifest
    for name in ("title", "creator", "licence", "alt"):
        if not getattr(manifest, name).strip():
            yield f"{name} is empty; say it in manifest.toml"
    if template.manifest.hidden:
        return
    images = {name for name, field in manifest.fields.items() if isinstance(field, ImageField)}
    if images and "svg" in manifest.formats:
        yield "an image field is for rasters: leave svg out of formats, for it would hold the whole picture"
    for name in sorted({name for canvas in manifest.layout.values() for name in canvas.discs} - images):
        yield f"discs.{name} has no field of type image"
    for name, field in manifest.fields.items():
        if isinstance(field, RecordField) and field.default not in rules.records[field.of]:
            yield f"fields.{name}.default {field.default} is not a record that may be shown"
    for role in sorted(manifest.campaign.keys() - manifest.palette["light"].keys()):
        yield f"campaign.{role} is no colour of the palette"
    notes = {example.note for example in manifest.examples}
    wanted = {"short"} if not manifest.texts else {"short", "long", "rtl", "cjk"}
    wanted |= {"emoji"} if any(isinstance(f, TextField) for f in manifest.fields.values()) else set()
    for note in sorted(wanted - notes):
        yield f"there is no example with note = {note!r}; add one: examples are its tests"


def _colours(manifest: Manifest) -> Iterator[str]:
    light, dark = manifest.palette.get("light"), manifest.palette.get("dark")
    if light is None or dark is None or light.keys() != dark.keys():
        yield "palette.light and palette.dark must both be there and name the same colours"
        return
    for theme, palette in (("light", light), ("dark", dark)):
        for pair in manifest.contrast:
            if not {pair.ink, pair.ground} <= palette.keys():
                yield f"contrast names {pair.ink} on {pair.ground}; the palette lacks one of them"
            elif (ratio := contrast(palette[pair.ink], palette[pair.ground])) < pair.ratio:
                yield f"{theme}: {pair.ink} on {pair.ground} is {ratio:.2f}; it must reach {pair.ratio}"
    for name, field in manifest.fields.items():
        if isinstance(field, ColourField) and field.role not in light:
            yield f"fields.{name}.role is {field.role}; the palette has {', '.join(light)}"
    for name, text in manifest.texts.items():
        if text.fill not in light:
            yield f"texts.{name}.fill is {text.fill}; the palette has {', '.join(light)}"
        elif all(pair.ink != text.fill for pair in manifest.contrast):
            yield f"texts.{name} has no contrast promise; add [[contrast]] with ink = {text.fill!r}"


def _layout(template: Template) -> Iterator[str]:
    manifest = template.manifest
    rows = {"": manifest.row} if manifest.row else manifest.rows
    if bool(rows) == bool(manifest.layout) or (manifest.row and manifest.rows):
        yield "a template has either [row], [rows.…] or [layout.…]"
        return
    segments = [segment for row in rows.values() for segment in row.segments]
    yield from _choices(manifest, [s.heart for s in segments if isinstance(s.heart, str)])
    yield from _beat(template)
    used = {name for canvas in manifest.layout.values() for name in canvas.texts}
    used |= {segment.text for segment in segments}
    for name in sorted(used ^ manifest.texts.keys()):
        yield f"texts.{name} must be both described and placed"
    sizes = manifest.sizes
    if sizes.unit == "canvas":
        for name in sizes.values:
            if name not in CANVASES:
                yield f"size {name} is not a canvas; there are {', '.join(CANVASES)}"
            elif (
                aspect := aspect_of(CANVASES[name].width_px, CANVASES[name].height_px)
            ) not in manifest.layout:
                yield f"size {name} is {aspect}; add [layout.{aspect}]"
    elif sizes.unit == "side_px" and not 1 <= sizes.minimum <= int(sizes.default) <= sizes.maximum <= 3000:
        yield "sizes: 1 ≤ minimum ≤ default ≤ maximum ≤ 3000"
    if sizes.unit != "side_px" and sizes.default not in sizes.values:
        yield f"sizes.default {sizes.default} is not among its values"


def _choices(manifest: Manifest, hearts: list[str]) -> Iterator[str]:
    words = {name: f.values for name, f in manifest.fields.items() if isinstance(f, ChoiceField)}
    if manifest.rows and {*words.get("style", ())} != manifest.rows.keys():
        yield "[rows.…] are the values of a field style of type choice; name each, and no other"
    for name in sorted({*hearts}):
        if "none" not in words.get(name, ()):
            yield f"heart = {name!r} must be a field of type choice with a value none"
    for name in sorted({*manifest.path} - manifest.fields.keys()):
        yield f"path names {name}; the fields are {', '.join(manifest.fields)}"


def _beat(template: Template) -> Iterator[str]:
    field, drawn = template.manifest.fields.get("animate"), "{% block heart %}" in template.drawing
    asked = isinstance(field, ChoiceField) and field.values == ("none", "beat") and field.default == "none"
    if not asked == drawn == (template.manifest.beat is not None):
        yield (
            "a heart that beats takes three: [beat], a field animate of type choice with the values none and"
            " beat, and the block heart in the drawing"
        )


def _drawing(source: str) -> Iterator[str]:
    # A dynamic value stands for one plain word, and a macro that paints stands for nothing.
    plain = _MARKUP.sub(lambda m: "0" if m[0].startswith("{{") else "", source)
    for tag, rest in _TAG.findall(plain):
        if tag not in TAGS:
            yield f"<{tag}> is not drawn alike everywhere; use {', '.join(sorted(TAGS))}"
        for name, value in _ATTRIBUTE.findall(rest):
            if name not in ATTRIBUTES:
                yield f"{name}= on <{tag}> is not drawn alike everywhere; see docs/unsupported.md"
            if name == "href" and not (tag == "image" and value.startswith("bh:")):
                yield f'href={value!r} on <{tag}> is never read; only <image href="bh:field"> is'
            if _VALUE.search(value):
                yield f"{name}={value!r} is not drawn by CairoSVG; write a #rrggbb colour or url(#id)"
