"""A text cut into runs that HarfBuzz can shape: one direction, one script, one face each."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

import msgspec
import regex
from fontTools.unicodedata import script_extension

from badge.text import bidi
from badge.text.clean import PLAIN_LATIN, graphemes
from badge.text.fonts import CJK_LANGUAGES, CJK_SCRIPTS, EMOJI_SCRIPT, Face, FontBook

_HEARTS: Final = frozenset({"\U0001f499", "\U0001f499\ufe0f", "\u2764", "\u2764\ufe0f"})
_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}(?!\ufe0e)|\p{Regional_Indicator}|.*[\ufe0f\u20e3\p{Emoji_Modifier}]"
    r"|\p{Extended_Pictographic}.*\u200d"
)
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
_URDU = regex.compile(r"[ٹڈڑںے]")  # no Arabic or Persian word has them
_HANGUL = regex.compile(r"\p{Hangul}")
_COMMON: Final = frozenset({"Zyyy", "Zinh", "Zzzz"})


class Run(msgspec.Struct, frozen=True):
    """A stretch of text in one direction, script and face, or one heart (without a face)."""

    start: int
    end: int
    level: int
    script: str
    lang: str
    face: Face | None


class Itemized(msgspec.Struct, frozen=True):
    """A text, the offsets at which its grapheme clusters begin (and its end), and what each is drawn with.

    A text that is left-to-right throughout has no `paragraph`; a plain one has one script and face for all.
    `lang_of` names the language of those scripts for which it is not the text's own `lang`.
    """

    text: str
    starts: list[int]
    paragraph: bidi.Paragraph | None
    scripts: list[str]
    faces: list[Face | None]
    lang: str
    lang_of: Mapping[str, str]

    @property
    def rtl(self) -> bool:
        """Tells whether the paragraph runs from right to left."""
        return self.paragraph is not None and self.paragraph.base == 1

    def line(self, first: int, last: int) -> list[Run]:
        """Returns the runs of the clusters [first, last) in visual order, left to right (UAX #9, L1, L2)."""
        start, end = self.starts[first], self.starts[last]
        if self.paragraph is None and len(self.faces) == 1:
            return [self._run(start, end, 0, 0)] if start < end else []
        levels = self.paragraph.line(start, end) if self.paragraph else [0] * (end - start)
        runs: list[Run] = []
        open_run: tuple[int, str, Face | None] | None = None
        for i in range(first, last):
            at, level = self.starts[i], levels[self.starts[i] - start]
            if level < 0:  # removed by X9: goes with what is before
                level = runs[-1].level if runs else self.rtl
            here = (level, self.scripts[i], self.faces[i])
            if here == open_run and here[2] is not None:
                at = runs.pop().start
            runs.append(self._run(at, self.starts[i + 1], level, i))
            open_run = here
        return [runs[i] for i in bidi.reorder([run.level for run in runs])]

    def _run(self, start: int, end: int, level: int, cluster: int) -> Run:
        script = self.scripts[cluster]
        return Run(start, end, level, script, self.lang_of.get(script, self.lang), self.faces[cluster])


def itemize(text: str, lang: str, direction: Literal["ltr", "rtl", "auto"], fonts: FontBook) -> Itemized:
    """Finds the direction, script and face of each grapheme cluster; plain Latin text takes a short way."""
    if direction != "rtl" and text and PLAIN_LATIN.fullmatch(text):
        return Itemized(text, [*range(len(text) + 1)], None, ["Latn"], [fonts.primary], lang, {})
    clusters = graphemes(text)
    starts = [0]
    for cluster in clusters:
        starts.append(starts[-1] + len(cluster))
    scripts = _scripts(clusters)
    cjk = _cjk_index(lang, text)
    faces: list[Face | None] = []
    for cluster, script in zip(clusters, scripts, strict=True):
        if cluster in _HEARTS:
            faces.append(None)
            continue
        before = faces[-1] if faces else None
        face = fonts.face_for(cluster, script, cjk)
        if face is None:  # nothing to draw, or nobody draws it: stay with the neighbour
            face = before or fonts.primary
        faces.append(face)
    paragraph = None
    if direction == "rtl" or bidi.needs_bidi(text):
        paragraph = bidi.resolve(text, {"ltr": 0, "rtl": 1, "auto": None}[direction])
    lang_of = dict.fromkeys(CJK_SCRIPTS, CJK_LANGUAGES[cjk])
    if _URDU.search(text):
        lang_of["Arab"] = "ur"  # its digits 4, 6 and 7 have forms of their own
    return Itemized(text, starts, paragraph, scripts, faces, lang, lang_of)


def _scripts(clusters: list[str]) -> list[str]:
    """Gives each cluster a script (UAX #24): shared characters take the script around them."""
    scripts: list[str] = []
    sets = [_script_set(cluster) for cluster in clusters]
    # What comes next decides for shared characters that nothing precedes; found from the end, once.
    following = [""] * len(sets)
    ahead = ""
    for i in range(len(sets) - 1, -1, -1):
        following[i] = ahead
        if len(sets[i]) == 1 and EMOJI_SCRIPT not in sets[i]:
            (ahead,) = sets[i]
    current = ""
    for extensions, after in zip(sets, following, strict=True):
        if EMOJI_SCRIPT in extensions:
            scripts.append(EMOJI_SCRIPT)
            continue
        if not extensions:
            current = current or after or "Latn"
        elif current not in extensions:
            current = after if after in extensions else min(extensions)
        scripts.append(current)
    return scripts


@lru_cache(maxsize=8192)
def _script_set(cluster: str) -> frozenset[str]:
    if _EMOJI.match(cluster):
        return frozenset({EMOJI_SCRIPT})
    return frozenset(script_extension(cluster[0])) - _COMMON


def _cjk_index(lang: str, text: str) -> int:
    """Returns which regional forms Han takes: by the language, else by kana or hangul in the text."""
    lang = lang.lower().replace("_", "-")
    if lang.startswith("zh"):
        region = 4 if "hk" in lang else 3 if any(tag in lang for tag in ("hant", "tw", "mo")) else 2
    elif lang.startswith("ja") or (not lang.startswith("ko") and _KANA.search(text)):
        region = 0
    elif lang.startswith("ko") or _HANGUL.search(text):
        region = 1
    else:
        region = 2
    return region
