"""A picture's URL, resolved: every value valid, every default filled in, one canonical spelling."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from badge.catalogue.canvas import CANVASES
from badge.catalogue.fields import ColourField, ImageField, default_of
from badge.catalogue.manifest import Format, Manifest, Sizes, Theme
from badge.catalogue.network import NETWORKS, size_for, suits
from badge.catalogue.palette import Look, tint_of, wear
from badge.catalogue.query import near, read_query
from badge.catalogue.values import Rules, check_moment, read_choice, read_value, read_whole
from badge.content import HAN_FORMS, LANGUAGES, canonical_lang
from badge.errors import InvalidField, UnknownParameter

MAX_PIXELS = 9_500_000
MAX_AGE_S = 31_536_000
_LANGUAGES = (*LANGUAGES, *HAN_FORMS)
SCALES = ("1", "2", "3", "4")
_MOVING: tuple[Format, ...] = ("svg", "webp")
_DELIVERY = ("download", "maxage", "sig")
_RESERVED = frozenset({"v"})


@dataclass(frozen=True, slots=True)
class RenderSpec:
    """What to draw, wholly: two equal specs are the same picture.

    `values` holds every field that says something, in its one spelling; `images` the digest of each picture
    that came beside the address, `tint` the colours that a campaign gives to roles of the palette.
    """

    kind: str
    template: str
    format: Format
    lang: str
    theme: Theme
    size: str
    scale: int
    values: tuple[tuple[str, str], ...]
    live: tuple[tuple[str, int], ...]
    canonical: str
    images: tuple[tuple[str, str], ...] = ()
    campaign: str = ""
    tint: tuple[tuple[str, str], ...] = ()

    @property
    def beats(self) -> bool:
        """Tells whether its heart beats."""
        return ("animate", "beat") in self.values

    @property
    def changes(self) -> bool:
        """Tells whether the same URL may be another picture in a minute: a campaign's, or a live one."""
        return bool(self.campaign or self.live)

    @property
    def identity(self) -> str:
        """Returns the canonical URL with what it does not show: counts, pictures, a campaign's colours."""
        beside = (*self.live, *self.images, *self.tint)
        return self.canonical + "".join(f"#{name}={value}" for name, value in beside)

    @property
    def subject(self) -> str:
        """Returns 16 hex digits for what the picture says, whatever its size, format, language and theme.

        What moves says what it says at rest.
        """
        values = tuple(value for value in self.values if value[0] != "animate")
        said = f"{self.kind}/{self.template}\n{values}\n{self.images}\n{self.campaign}"
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """A spec with what the visitor asked about its delivery."""

    spec: RenderSpec
    ignored: tuple[str, ...]
    download: bool
    maxage_s: int | None
    sidecar: bool
    signature: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one template reads a query: its manifest with the rules that all templates share."""

    kind: str
    name: str
    manifest: Manifest
    rules: Rules

    @property
    def parameters(self) -> tuple[str, ...]:
        """Returns every name that this template reads, the visitor's own fields first."""
        live = ("campaign",) if self.is_of_campaigns else ()
        network = ("for",) if suits(self.manifest) else ()
        return (*self.manifest.fields, *live, "lang", "theme", "size", "scale", *network, *_DELIVERY)

    @property
    def is_of_campaigns(self) -> bool:
        """Tells whether a campaign's count or look shows in this template."""
        return self.manifest.counts or bool(self.manifest.campaign)

    def read(
        self,
        ext: str,
        said: Mapping[str, str],
        query: bytes,
        live: Mapping[str, int],
        images: Mapping[str, str],
        look: Look,
    ) -> PictureRequest:
        """Resolves what a path said and a query, which goes first where both say a value (as at shields.io).

        Raises InvalidField, UnknownParameter, RepeatedParameter or BadRequest.
        """
        asked = {**said, **read_query(query)}
        ignored = self._ignored(asked)
        sidecar = ext == "json"
        size, format_ = self._size_and_format(asked, self.manifest.formats[0] if sidecar else ext)  # type: ignore[arg-type]
        lang = read_choice("lang", canonical_lang(asked.get("lang", "en")), _LANGUAGES)
        theme = self._theme(asked, format_)
        scale = int(read_choice("scale", asked.get("scale", "1"), SCALES))
        check_pixels(self.manifest.sizes, size, scale)
        values = self._values(asked)
        if values.get("animate") == "beat" and format_ not in _MOVING:
            raise InvalidField(
                f"a {format_} stands still; animate=beat moves as .svg or as .webp", field="animate"
            )
        check_moment(self.manifest.fields, values)
        for shade in self.manifest.palette:
            wear(self.manifest, values, shade)
        campaign = (
            asked.get("campaign", "world" if self.manifest.counts else "") if self.is_of_campaigns else ""
        )
        spelled = (
            ("lang", lang, "en"),
            ("theme", theme, self.manifest.default_theme),
            ("size", size, self.manifest.sizes.default),
            ("scale", str(scale), "1"),
            ("campaign", campaign or "world", "world"),
            *self._spelled(values),
        )
        spec = RenderSpec(
            kind=self.kind,
            template=self.name,
            format=format_,
            lang=lang,
            theme=theme,
            size=size,
            scale=scale,
            values=tuple(values.items()),
            live=tuple((name, live.get(name, 0)) for name in self.manifest.live),
            canonical=_canonical(
                f"/{self.kind}/{self.name}.{format_}",
                {name: value for name, value, default in spelled if value != default},
            ),
            images=self._images(images, look),
            campaign=campaign,
            tint=tuple(tint_of(self.manifest, look).items()),
        )
        return PictureRequest(
            spec=spec,
            ignored=ignored,
            download=read_choice("download", asked.get("download", "0"), ("0", "1")) == "1",
            maxage_s=read_whole("maxage", asked["maxage"], 0, MAX_AGE_S) if "maxage" in asked else None,
            sidecar=sidecar,
            signature=asked.get("sig", ""),
        )

    def _ignored(self, asked: Mapping[str, str]) -> tuple[str, ...]:
        known = self.parameters
        strange = [name for name in asked if name not in known and name not in _RESERVED]
        for name in strange:
            if meant := near(name, known):
                raise UnknownParameter(f"{name} is not a parameter; did you mean {meant}?", field=meant)
        return tuple(sorted(strange))

    def _size_and_format(self, asked: Mapping[str, str], ext: Format) -> tuple[str, Format]:
        if "for" not in asked or not suits(self.manifest):
            return read_size(asked.get("size", self.manifest.sizes.default), self.manifest.sizes), ext
        name = read_choice("for", asked["for"], tuple(NETWORKS))
        for given in ("size", "scale"):
            if given in asked:
                raise InvalidField(f"for={name} picks the {given} itself; leave {given} out", field=given)
        return size_for(NETWORKS[name], self.manifest)

    def _theme(self, asked: Mapping[str, str], format_: Format) -> Theme:
        manifest = self.manifest
        theme: Theme = read_choice("theme", asked.get("theme", manifest.default_theme), manifest.themes)  # type: ignore[assignment]
        if theme == "auto" and format_ != "svg":
            raise InvalidField(
                f"theme=auto follows the reader's device, as only svg can; for {format_} say light or dark",
                field="theme",
            )
        return theme

    def _values(self, asked: Mapping[str, str]) -> dict[str, str]:
        read = (
            (name, read_value(name, field, asked.get(name), self.rules))
            for name, field in self.manifest.fields.items()
            if not isinstance(field, ImageField) or name in asked
        )
        return {name: value for name, value in read if value}

    def _spelled(self, values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """Yields each value as a URL writes it, a colour without its #, and what it is by itself."""
        for name, value in values.items():
            field = self.manifest.fields[name]
            yield name, value[1:] if isinstance(field, ColourField) else value, default_of(field)

    def _images(self, given: Mapping[str, str], look: Look) -> tuple[tuple[str, str], ...]:
        fields = {name: f for name, f in self.manifest.fields.items() if isinstance(f, ImageField)}
        if look.crest and self.manifest.campaign:
            given = {"crest": look.crest} | dict(given)
        for name, field in fields.items():
            if field.required and name not in given:
                raise InvalidField(f"{name} is missing; give it as a file ({field.help})", field=name)
        return tuple((name, given[name]) for name in fields if name in given)


def check_pixels(sizes: Sizes, size: str, scale: int) -> None:
    """Refuses a canvas of more than 9.5 million pixels; raises InvalidField with the scale that fits."""
    if sizes.unit == "height_px":
        return
    area_px = CANVASES[size].area_px if size in CANVASES else int(size) ** 2
    if area_px * scale**2 > MAX_PIXELS:
        most = max(s for s in (1, 2, 3, 4) if area_px * s**2 <= MAX_PIXELS or s == 1)
        raise InvalidField(
            f"scale={scale} makes more than 9.5 megapixels; at {size} use at most {most}", field="scale"
        )


def _canonical(path: str, said: Mapping[str, str]) -> str:
    if not said:
        return path
    return path + "?" + "&".join(f"{name}={quote(said[name], safe='')}" for name in sorted(said))


def read_size(raw: str, sizes: Sizes) -> str:
    """Returns a size in its one spelling; raises InvalidField with those that there are."""
    if sizes.unit == "side_px":
        return str(read_whole("size", raw, sizes.minimum, sizes.maximum))
    return read_choice("size", raw, sizes.values)
