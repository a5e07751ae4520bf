"""Where a line may break: the Unicode Line Breaking Algorithm (UAX #14), with help for Thai and its like."""

from typing import Final

import regex

_NAMES: Final = (
    "AL AI SG XX SA BA BB B2 CB CJ CL CM CP EB EM EX GL H2 H3 HL HY ID IN IS JL JT JV NS NU OP PO PR QU RI "
    "SP SY WJ ZW ZWJ BK CR LF NL AK AP AS VI VF HH"
)
_RUN = regex.compile("|".join(rf"(?P<{name}>\p{{Line_Break={name}}}+)" for name in _NAMES.split()), regex.V1)
_SAME: Final = {  # LB1; the classes of Unicode 15.1 and later as what they were before
    "AI": "AL", "SG": "AL", "XX": "AL", "CJ": "NS", "BK": "SP", "CR": "SP", "LF": "SP", "NL": "SP",
    "AK": "AL", "AP": "AL", "AS": "AL", "VI": "CM", "VF": "CM", "HH": "BA",
}  # fmt: skip
_WIDE = regex.compile(r"[\p{East_Asian_Width=F}\p{East_Asian_Width=W}\p{East_Asian_Width=H}]")
_FUTURE_EMOJI = regex.compile(r"[\p{Extended_Pictographic}&&\p{Cn}]", regex.V1)
# One number with its signs is not broken (LB25): each class is one letter here.
_LETTERS: Final = {
    "PR": "p",
    "PO": "o",
    "OP": "(",
    "HY": "-",
    "NU": "0",
    "SY": "/",
    "IS": ",",
    "CL": "}",
    "CP": ")",
}
_NUMBER = regex.compile(r"[po]?[(\-]?0[0/,]*[})]?")
# Where a syllable begins for certain, in scripts without spaces between words: before a leading vowel, or
# before a consonant that has its vowel written, is no second part of a cluster and closes no syllable.
_SYLLABLE = regex.compile(
    r"(?<![เแโใไ])(?:[เแโใไ]|(?<![กขคจซตทปผพศสห](?=[รลว]))(?<!ห(?=[งญนมย]))(?<!อ(?=ย))[ก-ฮ]"
    r"(?=[\u0e30-\u0e3a\u0e47-\u0e4b\u0e4d]))"  # Thai
    r"|(?<![ເແໂໃໄ])(?:[ເແໂໃໄ]|(?<!ຫ(?=[ງຍນມຣລວ]))[ກ-ຮ](?=[\u0eb0-\u0ebc\u0ec8-\u0ecd]))"  # Lao
    r"|(?<!\u17d2)[\u1780-\u17b3](?=[\u17d2\u17b6-\u17c8])"  # Khmer
    r"|(?<!\u1039)[\u1000-\u102a\u103f\u104e](?!\u1037?[\u1039\u103a])"  # Burmese
)
_INSIDE_KOREAN = regex.compile(r"(?<=\p{Hangul})(?=\p{Hangul})")

_BEFORE_ANY: Final = {"SP", "ZW", "WJ", "CL", "CP", "EX", "IS", "SY"}  # LB7, LB11, LB13
_AFTER_SPACES: Final = (  # before SP* after (LB14-LB17)
    ({"OP"}, None),
    ({"QU"}, {"OP"}),
    ({"CL", "CP"}, {"NS"}),
    ({"B2"}, {"B2"}),
)
_ALPHA: Final = {"AL", "HL"}
_IDEO: Final = {"ID", "EB", "EM"}
_KOREAN: Final = {"JL", "JV", "JT", "H2", "H3"}
_PAIRS: Final = (  # no break between one of the first and one of the second, side by side; None is any
    (None, {"WJ", "QU", "BA", "HY", "NS", "IN", "GL"}),  # LB11, LB19, LB21, LB22 (GL: see LB12a)
    ({"WJ", "GL", "ZWJ", "QU", "BB"}, None),  # LB8a, LB11, LB12, LB19, LB21
    ({"SY"}, {"HL"}),  # LB21b
    (_ALPHA, {"NU", "PR", "PO"} | _ALPHA),  # LB23, LB24, LB28
    ({"NU", "PR", "PO", "IS"}, _ALPHA),  # LB23, LB24, LB29
    ({"PR"}, _IDEO | _KOREAN),  # LB23a, LB27
    (_IDEO | _KOREAN, {"PO"}),  # LB23a, LB27
    ({"JL"}, {"JL", "JV", "H2", "H3"}),  # LB26
    ({"JV", "H2"}, {"JV", "JT"}),
    ({"JT", "H3"}, {"JT"}),
    ({"EB"}, {"EM"}),  # LB30b
)


def break_offsets(text: str) -> list[int]:
    """Returns the offsets within the text at which a line may break, in order."""
    raw = _classes(text)
    kinds = _combine(raw)
    joined = _joined_numbers(kinds)
    offsets = []
    indicators = 0  # how many regional indicators stand in a row (LB30a)
    base = 0  # where the last non-space began
    for i in range(1, len(text)):
        if kinds[i - 1]:
            indicators = indicators + 1 if kinds[i - 1] == "RI" else 0
        if not kinds[i]:
            continue
        before = i - 1
        while before and not kinds[before]:
            before -= 1
        if kinds[before] != "SP":
            base = before
        if i in joined or raw[i - 1] == "ZWJ" or not _breaks(text, kinds, base, before, i):
            continue
        if kinds[i] == "RI" and kinds[before] == "RI" and indicators % 2:
            continue
        offsets.append(i)
    return offsets


def complex_offsets(text: str) -> list[int]:
    """Returns the offsets within words of Thai, Lao, Khmer and Burmese at which a syllable begins."""
    raw = _classes(text)
    return [i for i in range(1, len(text)) if raw[i - 1] == raw[i] == "SA" and _SYLLABLE.match(text, i)]


def korean_offsets(text: str) -> list[int]:
    """Returns the offsets within words of Korean, where UAX #14 breaks and readers would rather not."""
    return [found.start() for found in _INSIDE_KOREAN.finditer(text)]


def _classes(text: str) -> list[str]:
    classes: list[str] = []
    for run in _RUN.finditer(text):
        classes += [run.lastgroup or ""] * (run.end() - run.start())
    return classes


def _combine(raw: list[str]) -> list[str]:
    """Resolves classes (LB1), and gives marks the empty class: they stand with what is before (LB9, LB10)."""
    kinds: list[str] = []
    last = "SP"
    for kind in raw:
        kind = _SAME.get(kind, kind)
        if kind in ("CM", "ZWJ"):
            kind = "AL" if last in ("SP", "ZW") else ""
        elif kind == "SA":
            kind = "AL"
        kinds.append(kind)
        last = kind or last
    return kinds


def _joined_numbers(kinds: list[str]) -> set[int]:
    places = [i for i, kind in enumerate(kinds) if kind]
    letters = "".join(_LETTERS.get(kinds[i], "x") for i in places)
    joined: set[int] = set()
    for number in _NUMBER.finditer(letters):
        end = number.end() + (letters[number.end() : number.end() + 1] in ("p", "o"))
        joined.update(places[number.start() + 1 : end])
    return joined


def _breaks(text: str, kinds: list[str], base: int, before: int, after: int) -> bool:
    """Tells whether a line may break between two classes; `base` is the last before any spaces."""
    left, right = kinds[before], kinds[after]
    if kinds[base] == "ZW" and right not in ("SP", "ZW"):
        return True
    if right in _BEFORE_ANY:
        return False
    if kinds[base] != "SP" and any(
        kinds[base] in first and (second is None or right in second) for first, second in _AFTER_SPACES
    ):
        return False
    if left == "SP":
        return True
    if right == "GL" and left in ("BA", "HY"):
        return True
    if left == "CB" or right == "CB":
        return left not in ("WJ", "GL", "QU") and right not in ("WJ", "GL", "QU")
    if left in ("BA", "HY") and before and kinds[before - 1] == "HL":
        return False
    if right == "OP" and left in _ALPHA | {"NU"}:
        return _WIDE.match(text, after) is not None
    if left == "CP" and right in _ALPHA | {"NU"}:
        return _WIDE.match(text, before) is not None
    if right == "EM" and _FUTURE_EMOJI.match(text, before):
        return False
    return not any(
        (first is None or left in first) and (second is None or right in second) for first, second in _PAIRS
    )
