"""A picture's URL, resolved: every value valid, every default filled in, one canonical spelling."""

from collections.abc import Mapping
from urllib.parse import quote

from badge.catalogue.canvas import CANVASES
from badge.catalogue.fields import ColourField, ImageField, ZoneField, default_of, is_required
from badge.catalogue.manifest import Extension, Format, Manifest, Sizes, Theme
from badge.catalogue.network import NETWORKS, size_for, suits
from badge.catalogue.palette import Look, tint_of, wear
from badge.catalogue.query import near, read_query
from badge.catalogue.spec import PictureRequest, RenderSpec
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


class Grammar:
    """How one template reads a query: its manifest with the rules that all templates share."""

    def __init__(self, kind: str, name: str, manifest: Manifest, rules: Rules) -> None:
        """Finds out once what each of its pictures would ask of the manifest."""
        self._kind, self._name, self._manifest, self._rules = kind, name, manifest, rules
        self._of_campaigns = manifest.counts or bool(manifest.campaign)
        self._campaign = "world" if manifest.counts else ""
        live = ("campaign",) if self._of_campaigns else ()
        network = ("for",) if suits(manifest) else ()
        self.parameters = (*manifest.fields, *live, "lang", "theme", "size", "scale", *network, *_DELIVERY)
        self._known = _RESERVED.union(self.parameters)
        self._images = {name: f for name, f in manifest.fields.items() if isinstance(f, ImageField)}
        self._fields = [
            (name, field, default_of(field), is_required(field))
            for name, field in manifest.fields.items()
            if name not in self._images
        ]
        self._colours = frozenset(n for n, f in manifest.fields.items() if isinstance(f, ColourField))
        self._zoned = any(isinstance(field, ZoneField) for field in manifest.fields.values())

    def read(
        self,
        ext: Extension,
        said: Mapping[str, str],
        query: bytes,
        live: Mapping[str, int | None],
        images: Mapping[str, str],
        look: Look,
    ) -> PictureRequest:
        """Resolves what a path said and a query, which goes first where both say a value (as at shields.io).

        Raises InvalidField, UnknownParameter, RepeatedParameter or BadRequest.
        """
        manifest = self._manifest
        asked = {**said, **read_query(query)}
        ignored = () if self._known.issuperset(asked) else self._ignored(asked)
        size, format_ = self._size_and_format(asked, manifest.formats[0] if ext == "json" else ext)
        lang = read_choice("lang", canonical_lang(asked["lang"]), _LANGUAGES) if "lang" in asked else "en"
        theme = self._theme(asked, format_)
        scale = read_choice("scale", asked["scale"], SCALES) if "scale" in asked else "1"
        check_pixels(manifest.sizes, size, int(scale))
        values = self._values(asked, format_)
        campaign = (asked.get("campaign") or self._campaign) if self._of_campaigns else ""
        spelled = {
            name: value[1:] if name in self._colours else value
            for name, _, default, _ in self._fields
            if (value := values.get(name, default)) != default
        }
        if lang != "en":
            spelled["lang"] = lang
        if theme != manifest.default_theme:
            spelled["theme"] = theme
        if size != manifest.sizes.default:
            spelled["size"] = size
        if scale != "1":
            spelled["scale"] = scale
        if campaign not in ("", "world"):
            spelled["campaign"] = campaign
        spec = RenderSpec(
            kind=self._kind,
            template=self._name,
            format=format_,
            lang=lang,
            theme=theme,
            size=size,
            scale=int(scale),
            values=tuple(values.items()),
            live=tuple([(name, n) for name in manifest.live if (n := live.get(name, 0)) is not None]),
            canonical=_canonical(f"/{self._kind}/{self._name}.{format_}", spelled),
            images=self._given(images, look) if self._images else (),
            campaign=campaign,
            tint=tuple(tint_of(manifest, look).items()) if look.ground else (),
        )
        return PictureRequest(
            spec,
            ignored,
            download="download" in asked and read_choice("download", asked["download"], ("0", "1")) == "1",
            maxage_s=read_whole("maxage", asked["maxage"], 0, MAX_AGE_S) if "maxage" in asked else None,
            sidecar=ext == "json",
            signature=asked.get("sig", ""),
        )

    def _ignored(self, asked: Mapping[str, str]) -> tuple[str, ...]:
        strange = sorted(asked.keys() - self._known)
        for name in strange:
            if meant := near(name, self.parameters):
                raise UnknownParameter(f"{name} is not a parameter; did you mean {meant}?", field=meant)
        return tuple(strange)

    def _size_and_format(self, asked: Mapping[str, str], ext: Format) -> tuple[str, Format]:
        if "for" not in asked or not suits(self._manifest):
            sizes = self._manifest.sizes
            return read_size(asked.get("size", sizes.default), sizes), ext
        name = read_choice("for", asked["for"], tuple(NETWORKS))
        for given in ("size", "scale"):
            if given in asked:
                raise InvalidField(f"for={name} picks the {given} itself; leave {given} out", field=given)
        return size_for(NETWORKS[name], self._manifest)

    def _theme(self, asked: Mapping[str, str], format_: Format) -> Theme:
        manifest = self._manifest
        if "theme" not in asked:
            return manifest.default_theme
        theme = read_choice("theme", asked["theme"], manifest.themes)
        if theme == "auto" and format_ != "svg":
            raise InvalidField(
                f"theme=auto follows the reader's device, as only svg can; for {format_} say light or dark",
                field="theme",
            )
        return theme

    def _values(self, asked: Mapping[str, str], format_: Format) -> dict[str, str]:
        """Returns the value of each field that says something; raises where they do not go together."""
        values: dict[str, str] = {}
        for name, field, default, required in self._fields:
            raw = asked.get(name)
            value = default if raw is None and not required else read_value(name, field, raw, self._rules)
            if value:
                values[name] = value
        for name in self._images.keys() & asked.keys():
            read_value(name, self._images[name], asked[name], self._rules)
        if values.get("animate") == "beat" and format_ not in _MOVING:
            raise InvalidField(
                f"a {format_} stands still; animate=beat moves as .svg or as .webp", field="animate"
            )
        if self._zoned:
            check_moment(self._manifest.fields, values)
        if not self._colours.isdisjoint(values):
            for shade in self._manifest.palette:
                wear(self._manifest, values, shade)
        return values

    def _given(self, given: Mapping[str, str], look: Look) -> tuple[tuple[str, str], ...]:
        if look.crest and self._manifest.campaign and not given:
            given = {"crest": look.crest}
        for name, field in self._images.items():
            if field.required and name not in given:
                raise InvalidField(f"{name} is missing; give it as a file ({field.help})", field=name)
        return tuple((name, given[name]) for name in self._images if name in given)


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
