"""A contact sheet of everything we draw: sizes × languages × themes, as one page and one PNG a template."""

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image

from badge.catalogue import RenderSpec, Template
from badge.catalogue.query import read_query
from badge.content import LANGUAGES
from badge.render.batch import draw_all
from badge.render.kit import Kit
from badge.render.sheet import contact_sheet, thumbnail

SAMPLES = {
    "en": "Zoë Müller",
    "fr": "Chloé L’Hôpital",
    "es": "María José Núñez",
    "ar": "محمد عبد الله",
    "ru": "Анастасия Щербакова",
    "zh": "王小明",
    "nl": "Club Brugge",
    "de": "Jürgen Großmann",
    "pt": "João Conceição",
    "ja": "山田 太郎",
}
_THUMB_PX = 260


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of the gallery: its place in the folder and what it shows."""

    path: str
    spec: RenderSpec


def tiles(template: Template, kit: Kit) -> Iterator[Tile]:
    """Yields a template by theme (those of rasters), then by size, then by language."""
    manifest = template.manifest
    sizes = manifest.sizes.values or (str(max(48, manifest.sizes.minimum)), manifest.sizes.default)
    live = manifest.shown()
    for theme in (t for t in manifest.themes if t != "auto"):
        for size in sizes:
            for lang in LANGUAGES:
                query = urlencode({**_said(template, lang), "lang": lang, "size": size, "theme": theme})
                spec = kit.catalogue.parse(f"/{template.path}.png", query.encode(), live).spec
                yield Tile(f"{template.path}/{theme}-{size}-{lang}.png", spec)


def write_gallery(
    folder: Path, kit: Kit, templates: Sequence[Template], source: Path | None = None
) -> Iterator[Tile]:
    """Draws every tile of the templates, a sheet of each and `index.html` into `folder`, as they are done.

    A sheet has a column a language and a row for each theme and size. `source` is the folder that the
    templates were read from, where it is not ours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for template in templates:
        thumbs: dict[Tile, Image.Image] = {}
        asked = list(tiles(template, kit))
        (folder / template.path).mkdir(parents=True, exist_ok=True)
        for tile, picture in draw_all(((tile, tile.spec) for tile in asked), source):
            (folder / tile.path).write_bytes(picture.body)
            thumbs[tile] = thumbnail(picture.body, _THUMB_PX)
            yield tile
        contact_sheet([thumbs[tile] for tile in asked], len(LANGUAGES)).save(sheet_of(folder, template))
    sections = "\n".join(_section(template, list(tiles(template, kit))) for template in templates)
    (folder / "index.html").write_text(_PAGE.format(body=sections), "utf-8")


def sheet_of(folder: Path, template: Template) -> Path:
    """Returns where the contact sheet of a template is written."""
    return folder / f"{template.kind}-{template.name}.png"


def _said(template: Template, lang: str) -> dict[str, str]:
    """Returns what the fields say: as the example in this language, or the first, with a name of ours."""
    examples = [read_query(example.query.encode()) for example in template.manifest.examples]
    example = next((e for e in examples if e.get("lang", "en") == lang), examples[0])
    said = {name: value for name, value in example.items() if name in template.manifest.fields}
    return said | ({"name": SAMPLES[lang]} if "name" in template.manifest.fields else {})


def _section(template: Template, drawn: Iterable[Tile]) -> str:
    figures = "".join(
        f'<figure><img loading="lazy" src="{html.escape(tile.path)}" alt="">'
        f"<figcaption>{html.escape(tile.spec.canonical)}</figcaption></figure>"
        for tile in drawn
    )
    return f"<h2>{template.path}: {html.escape(template.manifest.title)}</h2><div>{figures}</div>"


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Blue Heart gallery</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:14px/1.4 system-ui;margin:24px;background:#ecf0f4;color:#0b1f33}}
div{{display:flex;flex-wrap:wrap;gap:16px;align-items:end}}figure{{margin:0;max-width:420px}}
img{{max-width:100%;max-height:420px}}figcaption{{font-size:11px;overflow-wrap:anywhere;color:#365}}</style>
<h1>Everything we draw</h1>
{body}
</html>
"""
