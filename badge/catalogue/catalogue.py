"""Every template, read once from its folder: found by name, parsed against, digested."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from badge.catalogue.fields import ChoiceField, TextField
from badge.catalogue.grammar import Grammar
from badge.catalogue.manifest import Extension, Manifest, read_manifest
from badge.catalogue.network import NETWORKS, suits
from badge.catalogue.palette import Look
from badge.catalogue.path_form import read_path_form
from badge.catalogue.query import near, read_query
from badge.catalogue.spec import PictureRequest
from badge.catalogue.values import Rules, read_zone
from badge.content import load_refused, load_statistics
from badge.errors import InvalidField, NotFound

_NO_NUMBERS: Mapping[str, int] = {}
_NO_IMAGES: Mapping[str, str] = {}
_NO_LOOK = Look()
_SHARED = "_shared"


@dataclass(frozen=True, slots=True)
class Template:
    """A folder of `svg_templates`: its manifest, its drawing, the digest of both, the words it says.

    `typed` are those of its words whose letters a visitor chose, `choices` its fields of few words, `asks`
    the types of all its fields.
    """

    kind: str
    name: str
    manifest: Manifest
    drawing: str
    digest: str
    words: frozenset[str]
    typed: frozenset[str]
    choices: frozenset[str]
    asks: frozenset[type]

    @property
    def path(self) -> str:
        """Returns `kind/name`, as in a URL."""
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All templates by kind and name, and the macros that their drawings share."""

    templates: Mapping[tuple[str, str], Template]
    shared: Mapping[str, str]
    digest: str
    rules: Rules
    grammars: Mapping[str, Grammar]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads every `<kind>/<name>/` below `folder`; raises ValueError that names a broken file."""
        shared = {
            f"{_SHARED}/{p.name}": p.read_text("utf-8") for p in sorted((folder / _SHARED).glob("*.j2"))
        }
        base = hashlib.blake2b(repr(sorted(shared.items())).encode(), digest_size=16)
        templates: dict[tuple[str, str], Template] = {}
        for path in sorted(folder.glob("*/*/manifest.toml")):
            template = _read_template(path.parent, base.copy())
            templates[template.kind, template.name] = template
            base.update(template.digest.encode())
        rules = Rules(load_refused(), {"statistics": tuple(load_statistics())})
        grammars = {t.path: Grammar(t.kind, t.name, t.manifest, rules) for t in templates.values()}
        return cls(templates, shared, base.hexdigest(), rules, grammars)

    def get(self, kind: str, name: str) -> Template:
        """Returns the template `kind/name`; raises NotFound with the one that was probably meant."""
        if (template := self.templates.get((kind, name))) and not template.manifest.hidden:
            return template
        shown = [t.path for t in self.templates.values() if not t.manifest.hidden]
        meant = near(f"{kind}/{name}"[:80], shown)
        hint = f"did you mean /{meant}?" if meant else f"there are {', '.join('/' + path for path in shown)}"
        raise NotFound(f"there is no picture /{kind}/{name}; {hint}"[:400])

    def parse(
        self,
        path: str,
        query: bytes,
        live: Mapping[str, int | None] = _NO_NUMBERS,
        images: Mapping[str, str] = _NO_IMAGES,
        look: Look = _NO_LOOK,
    ) -> PictureRequest:
        """Resolves `/{kind}/{template}.{ext}` and its query into a spec.

        `live` are the numbers read for it, None where one cannot be known now; `images` are the digests of
        the pictures that came with it, by field; `look` is that of its campaign.
        Raises NotFound for an address that is no picture, the errors of Grammar.read for the rest.
        """
        template, ext, said = self._locate(path)
        return self.grammars[template.path].read(ext, said, query, live, images, look)

    def shows_count(self, path: str) -> bool:
        """Tells whether this picture shows a campaign's count."""
        return self._locate(path)[0].manifest.counts

    def campaign_of(self, path: str, query: bytes) -> str | None:
        """Returns the campaign whose count or look this picture shows, or None where it shows none."""
        manifest = self._locate(path)[0].manifest
        if not (manifest.counts or manifest.campaign):
            return None
        slug = read_query(query).get("campaign", "world" if manifest.counts else None)
        if slug is None:
            return None
        if not slug or len(slug) > 64:
            raise InvalidField("campaign must be a campaign's short name, as world", field="campaign")
        return slug

    def live_zone(self, path: str, query: bytes) -> str | None:
        """Returns the time zone whose day this picture shows, or None where it shows none."""
        template, _, _ = self._locate(path)
        if "days" not in template.manifest.live:
            return None
        return read_zone("tz", read_query(query).get("tz") or "UTC")

    def named(self, paths: Sequence[str]) -> tuple[Template, ...]:
        """Returns the templates `kind/name`, or all that are shown where none is named; raises NotFound."""
        if not paths:
            return tuple(t for t in self.templates.values() if not t.manifest.hidden)
        parts = (path.strip("/").partition("/") for path in paths)
        return tuple(self.get(kind, name) for kind, _, name in parts)

    def describe(self) -> list[dict[str, object]]:
        """Returns what a client needs to build URLs: every shown template with its fields and bounds."""
        return [_describe(t) for t in self.templates.values() if not t.manifest.hidden]

    def _locate(self, path: str) -> tuple[Template, Extension, Mapping[str, str]]:
        """Returns the template, the extension and what the long form of the path says."""
        kind, _, rest = path.removeprefix("/").partition("/")
        stem, dot, ext = rest.rpartition(".")
        name, slash, said = (stem if dot else rest).partition("/")
        template = self.get(kind[:40], name[:40])
        known: tuple[Extension, ...] = (*template.manifest.formats, "json")
        if ext not in known or not dot:
            formats = ", ".join(f".{f}" for f in template.manifest.formats)
            raise NotFound(f"/{template.path} comes as {formats}; ask for one of these")
        extension = known[known.index(ext)]
        if not slash:
            return template, extension, {}
        if not template.manifest.path:
            raise NotFound(f"/{template.path} has no long form; ask for /{template.path}.{ext}?…")
        return template, extension, read_path_form(said, template.manifest.path)


def _read_template(folder: Path, digest: "hashlib.blake2b") -> Template:
    drawing = folder / "template.svg.j2"
    if not drawing.is_file():
        raise ValueError(f"{folder}: template.svg.j2 is missing beside manifest.toml")
    digest.update((folder / "manifest.toml").read_bytes())
    digest.update(drawing.read_bytes())
    manifest = read_manifest(folder / "manifest.toml")
    return Template(
        kind=folder.parent.name,
        name=folder.name,
        manifest=manifest,
        drawing=drawing.read_text("utf-8"),
        digest=digest.hexdigest(),
        words=manifest.words,
        typed=frozenset(name for name, f in manifest.fields.items() if isinstance(f, TextField))
        | {"initials"},
        choices=frozenset(name for name, f in manifest.fields.items() if isinstance(f, ChoiceField)),
        asks=frozenset(map(type, manifest.fields.values())),
    )


def _describe(template: Template) -> dict[str, object]:
    m = template.manifest
    return {
        "kind": template.kind,
        "template": template.name,
        "title": m.title,
        "formats": m.formats,
        "themes": m.themes,
        "default_theme": m.default_theme,
        "sizes": {
            "unit": m.sizes.unit,
            "default": m.sizes.default,
            "values": m.sizes.values,
            "minimum": m.sizes.minimum,
            "maximum": m.sizes.maximum,
        },
        "fields": msgspec.to_builtins(m.fields),
        "for": list(NETWORKS) if suits(m) else [],
        "live": list(m.live),
        "max_age_s": m.max_age_s,
        "examples": [f"/{template.path}.{m.formats[0]}?{e.query}" for e in m.examples],
    }
