"""Text as it comes in: normalised, without controls, split into what a reader calls letters."""

import re
import unicodedata
from typing import Final

import regex

from badge.errors import InvalidField

# Latin letters and common signs: each is one grapheme, in NFC, and drawn by one face from left to right.
# Most names are of these only and take short ways (by `re`, which is twice as fast as `regex` here).
PLAIN_LATIN: Final = re.compile(
    r"[ -~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff\u2018-\u201e\u2013\u2014\u2026]*"
)
_SURROGATE = regex.compile(r"[\ud800-\udfff]")
_SPACE = regex.compile(r"[\t-\r\x85\p{Z}]+")
# Embeddings, overrides and isolates could turn the text around ours; the rest draws nothing at all.
_REMOVED = regex.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\p{Noncharacter_Code_Point}]+"
)
# Letters in mathematical dress, which few fonts have, no screen reader reads and no list of words finds.
_DRESSED = regex.compile(r"[\U0001d400-\U0001d7ff]+")
_CLUSTER = regex.compile(r"\X")
_INK = regex.compile(r"[^\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u2800]")


def clean(raw: str) -> str:
    """Returns the text in NFC, trimmed, each run of white space one space, without controls.

    ZWJ, ZWNJ, LRM and RLM stay, because names need them; bidi embeddings, overrides and isolates go, and
    letters in mathematical dress (𝓐𝓷𝓪) become the letters they are.
    Raises InvalidField on a lone surrogate, which no encoding can carry.
    """
    if PLAIN_LATIN.fullmatch(raw):
        return " ".join(raw.split())
    if _SURROGATE.search(raw):
        raise InvalidField("the text holds half a character (a lone surrogate); send it as valid UTF-8")
    text = _DRESSED.sub(lambda run: unicodedata.normalize("NFKC", run[0]), _REMOVED.sub("", raw))
    text = unicodedata.normalize("NFC", text)
    return _SPACE.sub(" ", text).strip(" ")


def graphemes(text: str) -> list[str]:
    """Splits the text into extended grapheme clusters (UAX #29)."""
    return list(text) if PLAIN_LATIN.fullmatch(text) else _CLUSTER.findall(text)


def is_visible(text: str) -> bool:
    """Tells whether the text holds at least one base character that draws ink."""
    return _INK.search(text) is not None
