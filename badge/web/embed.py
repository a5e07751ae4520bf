"""The code that puts a badge on another site: HTML, Markdown, and the widgets' script tag."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Literal

_IMAGE = '<img src="{image}" width="{width}" height="{height}" alt="{alt}">'
_HTML = '<a href="{home}">' + _IMAGE + "</a>"
_MARKDOWN = "[![{alt}]({image})]({home})"
# The first line keeps room for the widgets until they are defined: without it the page jumps (CLS 0.08).
_WIDGET = (
    "<style>blue-heart-badge:not(:defined){display:inline-block;vertical-align:top;min-height:44px}\n"
    "blue-heart-pledge:not(:defined){display:block;min-height:100px}</style>\n"
    '<script async src="{origin}/widgets/v1/blue-heart.js"></script>\n'
    '<blue-heart-badge name="{name}" lang="{lang}" theme="{theme}"><a href="{home}">'
    + _IMAGE
    + "</a></blue-heart-badge>\n"
    '<blue-heart-pledge campaign="world" lang="{lang}">'
    '<a href="{home}#pledge">{pledge}</a></blue-heart-pledge>'
)
_MARKS = re.compile(r"([\\`*_\[\]<>&!|~])")


@dataclass(frozen=True, slots=True)
class Embed:
    """One way to embed: the code, and the pattern that the page fills in again as a name is typed."""

    id: Literal["html", "md", "widget"]
    escaping: Literal["html", "markdown"]
    pattern: str
    code: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """The values that change while a visitor types; `image` is an absolute URL, lengths are CSS pixels."""

    name: str
    alt: str
    theme: str
    image: str
    width: int
    height: int


def embed_codes(shown: Embedded, *, origin: str, home: str, lang: str, pledge: str) -> tuple[Embed, ...]:
    """Returns the three codes; `home` is the absolute URL that the badge leads to."""
    fixed = {"origin": origin, "home": home, "lang": lang, "pledge": pledge}
    ways: tuple[tuple[Literal["html", "md", "widget"], Literal["html", "markdown"], str], ...] = (
        ("html", "html", _HTML),
        ("md", "markdown", _MARKDOWN),
        ("widget", "html", _WIDGET),
    )
    return tuple(
        Embed(id_, escaping, pattern := _fill(raw, fixed, escaping), _fill(pattern, _values(shown), escaping))
        for id_, escaping, raw in ways
    )


def _values(shown: Embedded) -> dict[str, str]:
    return {
        "name": shown.name,
        "alt": shown.alt,
        "theme": shown.theme,
        "image": shown.image,
        "width": str(shown.width),
        "height": str(shown.height),
    }


def _fill(pattern: str, values: dict[str, str], escaping: str) -> str:
    # One pass, so that a name that says "{alt}" stays what it is.
    def value(match: re.Match[str]) -> str:
        key = match[1]
        if key not in values:
            return match[0]
        return values[key] if key in ("image", "home") and escaping == "markdown" else escaped(values[key])

    escaped: Callable[[str], str] = escape if escaping == "html" else _mark
    return re.sub(r"\{(\w+)\}", value, pattern)


def _mark(text: str) -> str:
    """Escapes what Markdown would read as markup (CommonMark 2.4)."""
    return _MARKS.sub(r"\\\1", text)
