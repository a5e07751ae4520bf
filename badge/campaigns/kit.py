"""A squad's kit: every player's pictures in every size, in one ZIP with a contact sheet and texts."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image

from badge.campaigns.order import KitOrder, Variant, variants
from badge.campaigns.squad import Player, Squad
from badge.catalogue import RenderSpec, Template
from badge.catalogue.fields import ColourField, ImageField
from badge.catalogue.filename import file_stem
from badge.content.disclaimer import DISCLAIMER
from badge.errors import BlueHeartError, InvalidField
from badge.render.art import Art
from badge.render.batch import draw_all
from badge.render.film import check_film
from badge.render.kit import Kit
from badge.render.picture import Picture
from badge.render.sheet import contact_sheet, thumbnail

MAX_PICTURES = 20_000
_THUMB_PX = 240
_SHEET_ROWS = 50
# A ZIP stores local time; a fixed one makes two kits of the same list equal byte for byte.
_WHEN = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class KitPicture:
    """One picture of the kit: its place in the ZIP, and what it shows."""

    path: str
    spec: RenderSpec


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line of the list that makes no picture, and what would be right."""

    line: int
    detail: str


@dataclass(frozen=True, slots=True)
class KitPlan:
    """Every picture to draw, a player's beside each other, the lines that make none, the wishes not met."""

    pictures: tuple[KitPicture, ...]
    refused: tuple[RefusedRow, ...]
    unmet: tuple[str, ...]
    art: Mapping[str, Art]


def columns_of(templates: Sequence[Template]) -> tuple[str, ...]:
    """Returns the columns that a list may have for these templates: their own fields, and `lang`."""
    named = {
        name
        for template in templates
        for name, field in template.manifest.fields.items()
        if not isinstance(field, ColourField | ImageField)
    }
    return (*sorted(named), "lang")


def plan_kit(squad: Squad, order: KitOrder, kit: Kit) -> KitPlan:
    """Returns what a kit holds; a row with a mistake is refused whole, and named by its line.

    Raises ValueError where it would hold over 20,000 pictures, InvalidField where no template has a size.
    """
    made, unmet = variants(order)
    pictures: list[KitPicture] = []
    refused: list[RefusedRow] = []
    taken: set[str] = set()
    for player in squad.players:
        try:
            _check_row(player, made)
            specs = [_spec(player, variant, order, kit) for variant in made]
        except BlueHeartError as error:
            refused.append(RefusedRow(player.line, error.detail))
            continue
        stem = _unique(_stem(player), taken)
        pictures += [KitPicture(f"{_folder(spec)}/{stem}.{spec.format}", spec) for spec in specs]
        if len(pictures) > MAX_PICTURES:
            raise ValueError(f"that kit would hold more than {MAX_PICTURES:,} pictures; split the list")
    art = {order.crest.digest: order.crest} if order.crest else {}
    return KitPlan(tuple(pictures), tuple(refused), unmet, art)


def write_kit(plan: KitPlan, path: Path, processes: int | None = None) -> Iterator[str]:
    """Draws the plan into a ZIP and yields each picture's place in it; `path` appears when it is whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as kit:
            yield from _fill(kit, plan, processes)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fill(kit: zipfile.ZipFile, plan: KitPlan, processes: int | None) -> Iterator[str]:
    thumbs: list[Image.Image] = []
    rows: list[tuple[str, int, int, str]] = []
    jobs = ((picture.path, picture.spec) for picture in plan.pictures)
    drawn = draw_all(jobs, processes=processes, art=plan.art)
    for name, picture in _in_order(drawn, [picture.path for picture in plan.pictures]):
        kit.writestr(zipfile.ZipInfo(name, _WHEN), picture.body)
        thumbs.append(thumbnail(picture.body, _THUMB_PX))
        rows.append((_cell(name), picture.width_px, picture.height_px, _cell(picture.alt)))
        yield name
    for sheet, body in _sheets(thumbs, columns=len({_folder(picture.spec) for picture in plan.pictures})):
        kit.writestr(zipfile.ZipInfo(sheet, _WHEN), body)
    kit.writestr(zipfile.ZipInfo("texts.csv", _WHEN), _texts(rows))
    kit.writestr(zipfile.ZipInfo("README.txt", _WHEN), _README)


def _in_order(drawn: Iterator[tuple[str, Picture]], names: Sequence[str]) -> Iterator[tuple[str, Picture]]:
    """Yields the pictures as they are named, whichever core was the first."""
    early: dict[str, Picture] = {}
    for name in names:
        while name not in early:
            early.update((next(drawn),))
        yield name, early.pop(name)


def _spec(player: Player, variant: Variant, order: KitOrder, kit: Kit) -> RenderSpec:
    fields = variant.template.manifest.fields
    said = {name: cell for name, cell in player.cells.items() if name in fields}
    colours = [name for name, field in fields.items() if isinstance(field, ColourField)]
    said |= dict(zip(colours, order.colours, strict=False))
    said |= {"lang": player.cells.get("lang", order.lang), "size": variant.size}
    if order.theme:
        said["theme"] = order.theme
    images = [name for name, field in fields.items() if isinstance(field, ImageField)] if order.crest else []
    given = {images[0]: order.crest.digest} if images and order.crest else {}
    path = f"/{variant.template.path}.{variant.format}"
    spec = kit.catalogue.parse(path, urlencode(said).encode(), images=given).spec
    check_film(spec, kit)
    return spec


def _check_row(player: Player, made: Sequence[Variant]) -> None:
    """Refuses cells without a column, and a player without a name, also where only the file would have it."""
    if player.beyond:
        raise InvalidField(
            f"{player.beyond[:40]!r} stands right of the last column; is a comma in a cell? put it in quotes"
        )
    if "name" not in player.cells and any("name" in v.template.manifest.fields for v in made):
        raise InvalidField("name is missing; the files are named after it", field="name")


def _stem(player: Player) -> str:
    """Returns the name of a row's files: a player's with the number, or a match's, whatever its cells say."""
    cells = player.cells
    if "name" in cells:
        return file_stem(f"{cells.get('number', '')} {cells['name']}")
    return file_stem(" ".join(value for column, value in cells.items() if column != "lang"))


def _folder(spec: RenderSpec) -> str:
    return f"{spec.kind}-{spec.template}-{spec.size}"


def _unique(stem: str, taken: set[str]) -> str:
    """Returns the name, numbered where it is taken: file systems may not tell capitals from small letters."""
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name.casefold())
    return name


def _sheets(thumbs: Sequence[Image.Image], columns: int) -> Iterator[tuple[str, bytes]]:
    page = columns * _SHEET_ROWS
    for number, start in enumerate(range(0, len(thumbs), page), 1):
        out = io.BytesIO()
        contact_sheet(thumbs[start : start + page], columns).save(out, "JPEG", quality=88)
        yield (f"contact-sheet-{number}.jpg" if len(thumbs) > page else "contact-sheet.jpg"), out.getvalue()


def _texts(rows: Sequence[tuple[str, int, int, str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("file", "width", "height", "alt text"), *rows])
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """Returns a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


_README = f"""Blue Heart kit

contact-sheet.jpg   every picture at a glance
texts.csv           the alternative text of each picture: paste it where the network asks for one,
                    so that blind and partially sighted people are told what the picture says

{DISCLAIMER}
"""
