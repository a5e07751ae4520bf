"""A template's manifest.toml, typed: what it accepts, how it is laid out, which colours it wears.

The structs are the schema: unknown members are refused, so a designer's typing error is named, not ignored.
All boxes are fractions (left, top, width, height) of the canvas inside its safe area; all text sizes, and the
lengths of rings, are fractions of the canvas's shorter side (of its height in a row).
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from badge.catalogue.fields import Field, FieldName, Name, RecordField

_WORD = re.compile(r"\{([a-z_]+)\}")
Format = Literal["svg", "png", "jpg", "webp"]
Extension = Format | Literal["json"]
FORMATS: tuple[Format, ...] = get_args(Format)
Theme = Literal["light", "dark", "auto"]
Align = Literal["start", "middle", "end"]
Aspect = Literal["banner", "wide", "square", "tall"]
Fraction = Annotated[float, Meta(ge=0, le=1)]
Box = tuple[Fraction, Fraction, Fraction, Fraction]
Colour = Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]


class LiveField(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number that is read before the picture is drawn and can never be typed.

    `count` is a campaign's pledges, `days` are those to 30 July in the zone of the field `tz`; `example`
    stands for it in the gallery.
    """

    help: str
    example: int = 1234
    maximum: int = 2**53


class Sizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `size` means: heights of a row in pixels, sides of a square in pixels, or names of canvases."""

    unit: Literal["height_px", "side_px", "canvas"]
    default: str
    values: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One text of the picture: what it says, how large it wants to be and how far it may give way.

    `lang` is for what is said in English in every language; `spacing` is in em, `upper` is for capitals.
    """

    say: str
    size: Fraction
    fill: Name
    weight: Annotated[int, Meta(ge=400, le=700)] = 500
    max_lines: Annotated[int, Meta(ge=1, le=8)] = 1
    min_size: Annotated[float, Meta(ge=0.2, le=1)] = 0.6
    line_height: Annotated[float, Meta(ge=1, le=2)] = 1.25
    lang: Literal["", "en"] = ""
    spacing: Annotated[float, Meta(ge=0, le=0.5)] = 0.0
    upper: bool = False


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Texts under each other in a box; in a `line` beside the first, where that leaves it large.

    `gap` is the room between two texts, `gaps` that above the texts it names.
    """

    box: Box
    texts: tuple[Name, ...]
    flow: Literal["stack", "line"] = "stack"
    align: Align = "start"
    valign: Literal["top", "middle", "bottom"] = "middle"
    gap: Fraction = 0.0
    gaps: dict[Name, Fraction] = {}
    sizes: dict[Name, Fraction] = {}


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A box for a white disc with a picture of the visitor's in it, a crest."""

    box: Box
    align: Align = "middle"


class Ring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text along a circle, upright in the middle of its arc; its ink stays in a band around the circle."""

    text: Name
    radius: Fraction
    band: Fraction
    sweep_deg: Annotated[int, Meta(ge=10, le=340)]
    side: Literal["top", "bottom"] = "top"
    centre: tuple[Fraction, Fraction] = (0.5, 0.5)


class Canvas(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where things go on a canvas of one aspect class; `discs` by the image field that fills them."""

    heart: Box | None = None
    discs: dict[Name, Spot] = {}
    columns: tuple[Column, ...] = ()
    rings: tuple[Ring, ...] = ()

    @property
    def texts(self) -> frozenset[str]:
        """Returns the names of all texts that it places."""
        return frozenset(name for column in self.columns for name in column.texts) | {
            ring.text for ring in self.rings
        }


class Segment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One coloured stretch of a row: an optional heart, then a text; it is left out where that says nothing.

    `heart` may name a choice: the heart is there unless that says `none`.
    """

    fill: Name
    text: Name
    heart: bool | FieldName = False


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A badge that is as wide as what it says; lengths are fractions of its `size`, as its `height` is.

    `pad` is between an end and a text, `seam` between a text and the next stretch, `heart_pad` between an
    end and a heart, `lone_pad` around a text whose neighbour is left out; these three default to `pad`.
    `gap` is between heart and text, `lone_gap` where that text's neighbour is left out.
    """

    segments: tuple[Segment, ...]
    height: Annotated[float, Meta(gt=0, le=2)] = 1.0
    pad: Fraction
    seam: Fraction | None = None
    heart_pad: Fraction | None = None
    lone_pad: Fraction | None = None
    heart: Fraction
    gap: Fraction
    lone_gap: Fraction | None = None
    max_text: Annotated[float, Meta(ge=1, le=60)]


class Beat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the heart beats where a visitor says `animate=beat`: how large it is at its first and second beat.

    1 is its size at rest; what beats stands in the drawing's block `heart`.
    """

    first: Annotated[float, Meta(ge=0.8, le=1.25)]
    second: Annotated[float, Meta(ge=0.8, le=1.25)]


class Contrast(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pair of palette colours and the ratio it must reach (WCAG 2.2, 1.4.3 and 1.4.11)."""

    ink: Name
    ground: Name
    ratio: Annotated[float, Meta(ge=1, le=21)]


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A real request: a golden test, a tile of the gallery and a picture in the docs.

    `live` is what its live number was, where that is not the field's own example.
    """

    query: str
    live: int | None = None
    note: Literal["short", "long", "rtl", "cjk", "emoji", "mixed", "other"]


Shade = Literal["ground", "deep", "light", "accent"]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything about a template but its drawing; `opaque` promises that the ground covers the canvas.

    `rows` are for the values of a choice named `style`. `path` names the fields that the long form of an
    address says, `/kind/name/label-message-color.svg`.
    `campaign` gives roles of the palette to a campaign's colours: its ground, a deeper shade of it, its
    light, its accent. Its crest goes into the image field `crest`.
    """

    title: str
    creator: str
    licence: str
    alt: str
    formats: tuple[Format, ...]
    themes: tuple[Theme, ...] = ("light", "dark")
    default_theme: Theme = "light"
    max_age_s: Annotated[int, Meta(ge=0, le=31_536_000)] = 86_400
    hidden: bool = False
    opaque: bool = False
    fields: dict[FieldName, Field] = {}
    path: tuple[FieldName, ...] = ()
    live: dict[Literal["count", "days"], LiveField] = {}
    sizes: Sizes
    texts: dict[Name, Text] = {}
    row: Row | None = None
    rows: dict[Name, Row] = {}
    layout: dict[Aspect, Canvas] = {}
    beat: Beat | None = None
    palette: dict[Literal["light", "dark"], dict[Name, Colour]]
    contrast: tuple[Contrast, ...] = ()
    campaign: dict[Name, Shade] = {}
    examples: tuple[Example, ...]

    def alt_lang(self, lang: str) -> str:
        """Returns the language of the alt text of a picture in `lang`: a record of ours is still English."""
        return "en" if any(isinstance(field, RecordField) for field in self.fields.values()) else lang

    def row_for(self, values: Mapping[str, str]) -> Row | None:
        """Returns the row of a request, that of its `style` where there are several; None for a canvas."""
        return self.rows[values["style"]] if self.rows else self.row

    @property
    def counts(self) -> bool:
        """Tells whether it shows a campaign's count."""
        return "count" in self.live

    def shown(self, live: int | None = None) -> Mapping[str, int]:
        """Returns what its live numbers are in an example."""
        return {name: field.example if live is None else live for name, field in self.live.items()}

    @property
    def words(self) -> frozenset[str]:
        """Returns every `{word}` that its texts and its alt text say."""
        said = (self.alt, *(text.say for text in self.texts.values()))
        return frozenset(word for sentence in said for word in split_sentence(sentence)[1::2])


@lru_cache(maxsize=1024)
def split_sentence(sentence: str) -> tuple[str, ...]:
    """Splits what a text says at its `{words}`: literal text and words take turns, text first and last."""
    return tuple(_WORD.split(sentence))


def read_manifest(path: Path) -> Manifest:
    """Reads a manifest; raises ValueError that names the file and the member that does not fit."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from None


def manifest_schema() -> str:
    """Returns the JSON Schema (draft 2020-12) of manifest.toml, by which editors complete and check it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A Blue Heart template"}
    return json.dumps(schema | msgspec.json.schema(Manifest), indent=1, sort_keys=True) + "\n"
