"""A picture's URL, resolved: every value valid, every default filled in, one canonical spelling."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from badge.catalogue.canvas import CANVASES
from badge.catalogue.manifest import Format, Manifest, Sizes, TextField, Theme
from badge.catalogue.query import near, read_query
from badge.content import HAN_FORMS, LANGUAGES, RefusedWords, canonical_lang
from badge.errors import InvalidField, UnknownParameter
from badge.text import clean, graphemes, is_visible

MAX_PIXELS = 9_500_000
MAX_GRAPHEME_POINTS = 20
MAX_AGE_S = 31_536_000
SCALES = ("1", "2", "3", "4")
_DELIVERY = ("download", "maxage")
_RESERVED = frozenset({"v"})


@dataclass(frozen=True, slots=True)
class RenderSpec:
    """What to draw, wholly: two equal specs are the same picture."""

    kind: str
    template: str
    format: Format
    lang: str
    theme: Theme
    size: str
    scale: int
    texts: tuple[tuple[str, str], ...]
    live: tuple[tuple[str, int], ...]
    canonical: str

    @property
    def identity(self) -> str:
        """Returns the canonical URL with the live values that it does not show."""
        return self.canonical + "".join(f"#{name}={value}" for name, value in self.live)


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """A spec with what the visitor asked about its delivery."""

    spec: RenderSpec
    ignored: tuple[str, ...]
    download: bool
    maxage_s: int | None
    sidecar: bool


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one template reads a query: its manifest with the rules that all templates share."""

    kind: str
    name: str
    manifest: Manifest
    refused: RefusedWords

    @property
    def parameters(self) -> tuple[str, ...]:
        """Returns every name that this template reads, the visitor's own fields first."""
        live = ("campaign",) if self.manifest.live else ()
        return (*self.manifest.fields, *live, "lang", "theme", "size", "scale", *_DELIVERY)

    def read(self, ext: str, query: bytes, live: Mapping[str, int]) -> PictureRequest:
        """Resolves a query; raises InvalidField, UnknownParameter, RepeatedParameter or BadRequest."""
        values = read_query(query)
        ignored = self._ignored(values)
        sidecar = ext == "json"
        format_: Format = self.manifest.formats[0] if sidecar else ext  # type: ignore[assignment]
        lang = _choice(
            {"lang": canonical_lang(values.get("lang", "en"))}, "lang", (*LANGUAGES, *HAN_FORMS), "en"
        )
        theme = self._theme(values, format_)
        size = _size(values, self.manifest.sizes)
        scale = int(_choice(values, "scale", SCALES, "1"))
        check_pixels(self.manifest.sizes, size, scale)
        texts = tuple(
            (name, text) for name, f in self.manifest.fields.items() if (text := self._text(values, name, f))
        )
        choices = (
            ("lang", lang, "en"),
            ("theme", theme, self.manifest.default_theme),
            ("size", size, self.manifest.sizes.default),
            ("scale", str(scale), "1"),
            ("campaign", values.get("campaign", "world") if self.manifest.live else "world", "world"),
        )
        asked = dict(texts) | {name: value for name, value, default in choices if value != default}
        spec = RenderSpec(
            kind=self.kind,
            template=self.name,
            format=format_,
            lang=lang,
            theme=theme,
            size=size,
            scale=scale,
            texts=texts,
            live=tuple((name, live.get(name, 0)) for name in self.manifest.live),
            canonical=_canonical(f"/{self.kind}/{self.name}.{format_}", asked),
        )
        return PictureRequest(
            spec=spec,
            ignored=ignored,
            download=_choice(values, "download", ("0", "1"), "0") == "1",
            maxage_s=_whole(values, "maxage", 0, MAX_AGE_S),
            sidecar=sidecar,
        )

    def _ignored(self, values: Mapping[str, str]) -> tuple[str, ...]:
        known = self.parameters
        strange = [name for name in values if name not in known and name not in _RESERVED]
        for name in strange:
            if meant := near(name, known):
                raise UnknownParameter(f"{name} is not a parameter; did you mean {meant}?", field=meant)
        return tuple(sorted(strange))

    def _theme(self, values: Mapping[str, str], format_: Format) -> Theme:
        theme: Theme = _choice(values, "theme", self.manifest.themes, self.manifest.default_theme)  # type: ignore[assignment]
        if theme == "auto" and format_ != "svg":
            raise InvalidField(
                f"theme=auto follows the reader's device, as only svg can; for {format_} say light or dark",
                field="theme",
            )
        return theme

    def _text(self, values: Mapping[str, str], name: str, field: TextField) -> str:
        raw = values.get(name)
        if raw is None:
            if field.required:
                raise InvalidField(f"{name} is missing; say {name}=… ({field.help})", field=name)
            return ""
        text = read_text(raw, name, field.max_graphemes)
        if found := self.refused.find(text):
            raise InvalidField(
                f"{name} says {found!r}, a word that makes a badge look like a certificate; leave it out",
                field=name,
            )
        return text


def read_text(raw: str, name: str, max_graphemes: int) -> str:
    """Cleans a visitor's text; raises InvalidField where it shows nothing, or is too long to draw."""
    if len(raw) > max_graphemes * MAX_GRAPHEME_POINTS:
        raise InvalidField(f"{name} is {len(raw)} characters long; at most {max_graphemes} fit", field=name)
    text = clean(raw)
    if not is_visible(text):
        raise InvalidField(f"{name} shows nothing; give it at least one visible letter", field=name)
    clusters = graphemes(text)
    if len(clusters) > max_graphemes:
        raise InvalidField(f"{name} is {len(clusters)} letters long; at most {max_graphemes} fit", field=name)
    if max(map(len, clusters)) > MAX_GRAPHEME_POINTS:
        raise InvalidField(
            f"{name} has a letter with more than {MAX_GRAPHEME_POINTS - 1} marks on it; use fewer", field=name
        )
    return text


def check_pixels(sizes: Sizes, size: str, scale: int) -> None:
    """Refuses a canvas of more than 9.5 million pixels; raises InvalidField with the scale that fits."""
    if sizes.unit == "height_px":
        return
    canvas = CANVASES.get(size)
    area_px = canvas.width_px * canvas.height_px if canvas else int(size) ** 2
    if area_px * scale**2 > MAX_PIXELS:
        most = max(s for s in (1, 2, 3, 4) if area_px * s**2 <= MAX_PIXELS or s == 1)
        raise InvalidField(
            f"scale={scale} makes more than 9.5 megapixels; at {size} use at most {most}", field="scale"
        )


def _canonical(path: str, asked: Mapping[str, str]) -> str:
    if not asked:
        return path
    return path + "?" + "&".join(f"{name}={quote(asked[name], safe='')}" for name in sorted(asked))


def _choice(values: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    value = values.get(name, default)
    if value not in known:
        hint = f"; did you mean {meant}?" if (meant := near(value[:40], known)) else ""
        raise InvalidField(f"{name} must be one of {', '.join(known)}{hint}", field=name)
    return value


def _whole(values: Mapping[str, str], name: str, low: int, high: int) -> int | None:
    raw = values.get(name)
    if raw is None:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9 and low <= int(raw) <= high):
        raise InvalidField(f"{name} must be a whole number from {low} to {high}", field=name)
    return int(raw)


def _size(values: Mapping[str, str], sizes: Sizes) -> str:
    if sizes.unit == "side_px":
        side = _whole(values, "size", sizes.minimum, sizes.maximum)
        return sizes.default if side is None else str(side)
    return _choice(values, "size", sizes.values, sizes.default)
