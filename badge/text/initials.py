"""The letters that stand for a name in a small circle."""

from typing import Final

import regex

from badge.text.clean import graphemes

_LETTER = regex.compile(r"[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]")
_ONE_IS_ENOUGH = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}]")
_WITHOUT_POINTS = regex.compile(r"[\p{Arabic}\p{Hebrew}\p{Syriac}]")
_LEADING_VOWEL = regex.compile(r"[เแโใไເແໂໃໄ]")
_LINKED = regex.compile(r"\p{Indic_Syllabic_Category=Virama}\u200d?$")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}\p{Lt}]")
_THIN_SPACE: Final = "\u2009"  # keeps letters of joining scripts apart


def initials(name: str) -> str:
    """Returns the first letters of the first and the last word, capitals where the script writes initials so.

    One letter stands for a name that begins in Chinese, Japanese or Korean. Letters of scripts without case
    have a thin space between them, so that they neither join nor touch. A name without letters gives its
    first sign.
    """
    found = [letter for word in name.split() if (letter := _first_letter(word))]
    if not found:
        return next((cluster for cluster in graphemes(name) if not cluster.isspace()), "")
    first, last = found[0], found[-1]
    if len(found) == 1 or _ONE_IS_ENOUGH.match(first):
        return first
    cased = _CASED.match(first) and _CASED.match(last)
    return first + ("" if cased else _THIN_SPACE) + last


def _first_letter(word: str) -> str:
    """Returns the first grapheme with a letter, a digit or an emoji, empty where there is none."""
    clusters = graphemes(word)
    for i, cluster in enumerate(clusters):
        if not _LETTER.match(cluster):
            continue
        if _LEADING_VOWEL.match(cluster):  # Thai and Lao write it first, but the consonant names the syllable
            continue
        if _LINKED.search(cluster):  # not every script's conjuncts are one cluster in UAX #29
            return "".join(clusters[i : i + 2])
        if _WITHOUT_POINTS.match(cluster):
            return cluster[0]
        # Title case keeps Georgian as names are written; a ß or a ligature that grows gives its first letter.
        return graphemes(cluster.title())[0]
    return ""
