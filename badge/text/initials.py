"""The letters that stand for a name in a small circle."""

from typing import Final

import regex

from badge.text.clean import graphemes

_LETTER = regex.compile(r"[\p{Lu}\p{Ll}\p{Lt}\p{Lo}\p{N}]")
_PICTURE = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Presentation}]|.*\u20e3")
_ONE_IS_ENOUGH = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}]")
_WITHOUT_POINTS = regex.compile(r"[\p{Arabic}\p{Hebrew}\p{Syriac}\p{Thai}\p{Lao}]")
_LEADING_VOWEL = regex.compile(r"[เแโใไເແໂໃໄ]")
_LINKED = regex.compile(r"\p{Indic_Syllabic_Category=Virama}\u200d?$")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}\p{Lt}]")
# Pronouns, a club, a handle, a degree: not the name itself. One word before a comma is a family name, though.
_ASIDE = regex.compile(r"(?<=\S)\s*(?:[(\[（【|/].*|\s[–—·•-]\s.*|\s@.*)$|(?<=\s\S*)[,،，].*$")
_BEFORE: Final = {
    *("mr", "mrs", "ms", "mx", "miss", "dr", "prof", "sir", "dame", "rev", "mme", "mlle", "herr", "frau"),
    *("sr", "sra", "srta", "dhr", "mevr", "г-н", "г-жа", "д-р", "د", "श्री", "श्रीमती", "डॉ"),
}
_AFTER: Final = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "msc", "bsc", "esq"}
_THIN_SPACE: Final = "\u2009"  # keeps letters of joining scripts apart


def initials(name: str) -> str:
    """Returns the first letters of the first and the last word, capitals where the script writes initials so.

    Titles, degrees and what stands in brackets do not count. One letter stands for a name that begins in
    Chinese, Japanese or Korean. Letters of scripts without case have a thin space between them, so that they
    neither join nor touch. A name of emoji gives its first and its last, one of other signs its first.
    """
    words = name.split()
    found = [letter for word in _proper(name) if (letter := _first_letter(word))]
    found = found or [letter for word in words if (letter := _first_letter(word))]
    found = found or [cluster for cluster in graphemes(name) if _PICTURE.match(cluster)]
    if not found:
        return next((cluster for cluster in graphemes(name) if not cluster.isspace()), "")
    first, last = found[0], found[-1]
    if len(found) == 1 or _ONE_IS_ENOUGH.match(first):
        return first
    cased = _CASED.match(first) and _CASED.match(last)
    return first + ("" if cased else _THIN_SPACE) + last


def _proper(name: str) -> list[str]:
    """Returns the words of a name without titles, degrees and asides."""
    words = _ASIDE.sub("", name).split()
    while len(words) > 1 and words[0].casefold().rstrip(".") in _BEFORE:
        del words[0]
    while len(words) > 1 and words[-1].casefold().replace(".", "") in _AFTER:
        del words[-1]
    return words


def _first_letter(word: str) -> str:
    """Returns the first grapheme with a letter or a digit, empty where there is none."""
    clusters = graphemes(word)
    for i, cluster in enumerate(clusters):
        if not _LETTER.match(cluster) or _PICTURE.match(cluster):
            continue
        if _LEADING_VOWEL.match(cluster):  # Thai and Lao write it first, but the consonant names the syllable
            continue
        if _LINKED.search(cluster):  # not every script's conjuncts are one cluster in UAX #29
            return "".join(clusters[i : i + 2])
        if _WITHOUT_POINTS.match(cluster):
            return cluster[0]
        # Title case keeps Georgian as names are written; a ß or a ligature that grows gives its first letter.
        return next(letter for letter in graphemes(cluster.title()) if _LETTER.match(letter))
    return ""
