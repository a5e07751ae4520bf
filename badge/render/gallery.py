"""A contact sheet of everything we draw: sizes × languages × themes, as one page and one PNG a template."""

import html
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from badge.catalogue import Template
from badge.content import LANGUAGES
from badge.render import render
from badge.render.kit import Kit

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
_THUMB_PX = 420
_GAP_PX = 16
_PAPER = (236, 240, 244)


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of the gallery: its URL and its drawn PNG."""

    url: str
    png: bytes


def tiles(template: Template, kit: Kit) -> Iterator[Tile]:
    """Draws a template in each of its sizes, our ten languages and its raster themes."""
    sizes = template.manifest.sizes
    names = sizes.values or (str(max(48, sizes.minimum)), sizes.default)
    live = dict.fromkeys(template.manifest.live, 12_345)
    for theme in (t for t in template.manifest.themes if t != "auto"):
        for size in names:
            for lang in LANGUAGES:
                fields = "".join(f"{name}={quote(SAMPLES[lang])}&" for name in template.manifest.fields)
                query = f"{fields}lang={lang}&size={size}&theme={theme}"
                spec = kit.catalogue.parse(f"/{template.path}.png", query.encode(), live).spec
                yield Tile(f"/{template.path}.png?{query}", render(spec, kit).body)


def write_gallery(folder: Path, kit: Kit, progress: Callable[[str], None]) -> list[Path]:
    """Writes index.html and one sheet a template into `folder`, naming each to `progress`."""
    folder.mkdir(parents=True, exist_ok=True)
    sheets: list[Path] = []
    sections: list[str] = []
    for template in kit.catalogue.templates.values():
        if template.manifest.hidden:
            continue
        progress(template.path)
        drawn = list(tiles(template, kit))
        sheet = folder / f"{template.kind}-{template.name}.png"
        _sheet(drawn).save(sheet, optimize=True)
        sheets.append(sheet)
        sections.append(_section(template, drawn, folder))
    (folder / "index.html").write_text(_PAGE.format(body="\n".join(sections)), "utf-8")
    return sheets


def _sheet(drawn: list[Tile]) -> Image.Image:
    thumbs = []
    for tile in drawn:
        image = Image.open(io.BytesIO(tile.png)).convert("RGBA")
        image.thumbnail((_THUMB_PX, _THUMB_PX), Image.Resampling.LANCZOS)
        thumbs.append(image)
    columns = 5
    width_px = max(t.width for t in thumbs)
    rows = [thumbs[i : i + columns] for i in range(0, len(thumbs), columns)]
    heights = [max(t.height for t in row) for row in rows]
    size = (columns * (width_px + _GAP_PX) + _GAP_PX, sum(heights) + _GAP_PX * (len(rows) + 1))
    sheet = Image.new("RGB", size, _PAPER)
    y_px = _GAP_PX
    for row, height_px in zip(rows, heights, strict=True):
        for i, thumb in enumerate(row):
            sheet.paste(thumb, (_GAP_PX + i * (width_px + _GAP_PX), y_px), thumb)
        y_px += height_px + _GAP_PX
    return sheet


def _section(template: Template, drawn: list[Tile], folder: Path) -> str:
    pictures = folder / template.kind / template.name
    pictures.mkdir(parents=True, exist_ok=True)
    figures = []
    for i, tile in enumerate(drawn):
        (pictures / f"{i:03}.png").write_bytes(tile.png)
        url = html.escape(tile.url)
        source = f"{template.kind}/{template.name}/{i:03}.png"
        figures.append(
            f'<figure><img loading="lazy" src="{source}" alt=""><figcaption>{url}</figcaption></figure>'
        )
    title = html.escape(template.manifest.title)
    return f"<h2>{template.path}: {title}</h2><div>{''.join(figures)}</div>"


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Blue Heart gallery</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:14px/1.4 system-ui;margin:24px;background:#ecf0f4;color:#0b1f33}}
div{{display:flex;flex-wrap:wrap;gap:16px;align-items:end}}figure{{margin:0;max-width:420px}}
img{{max-width:100%;max-height:420px}}figcaption{{font-size:11px;overflow-wrap:anywhere;color:#365}}</style>
<h1>Everything we draw</h1>
{body}
</html>
"""
