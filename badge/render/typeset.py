"""A manifest's text, said in one language and fitted to a width."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from badge.catalogue import Template, split_sentence
from badge.catalogue.manifest import Text
from badge.content import Language
from badge.render.say import SENTENCES, say
from badge.text import FittedText, FontBook, TextBox, fit

MIN_TEXT_PX = 11.0
Direction = Literal["ltr", "rtl", "auto"]


class Typesetter:
    """Knows what is said, in which language and with which fonts; sizes come with each call."""

    __slots__ = ("_said", "_template", "_words", "fonts", "language", "texts")

    def __init__(
        self, template: Template, words: Mapping[str, str], language: Language, fonts: FontBook
    ) -> None:
        self.texts: Mapping[str, Text] = template.manifest.texts
        self.language, self.fonts = language, fonts
        self._template, self._words = template, words
        self._said: dict[str, str] = {}

    def says(self, name: str) -> str:
        """Returns what the text `name` says, empty where its optional field is absent."""
        if (says := self._said.get(name)) is None:
            text = self.texts[name]
            says = say(text.say, self._words).strip()
            says = self._said[name] = says.upper() if text.upper else says
        return says

    def is_ours(self, name: str) -> bool:
        """Tells whether the text `name` says our sentences alone, nothing that a visitor typed."""
        return _is_ours(self.texts[name].say)

    def fit(
        self,
        name: str,
        width_px: float,
        size_px: float,
        max_lines: int,
        shrink: float = 1.0,
        hinted: bool = False,
    ) -> FittedText:
        """Fits the text `name` into a width, from `shrink` of its design size down to its least.

        Sentences of ours are kept as they were fitted; what a visitor typed is not.
        """
        text, language, fonts = self.texts[name], self.language, self.fonts
        direction = "auto" if _is_typed(text.say, self._template.typed) else language.dir
        box = _box(text, width_px, size_px, max_lines, shrink, language.lang, direction, hinted)
        says = self.says(name)
        if not _is_ours(text.say):
            return fit(says, box, fonts)
        return fonts.fits.get((says, box)) or fonts.fits.put((says, box), fit(says, box, fonts))


@lru_cache(maxsize=1024)
def _is_ours(sentence: str) -> bool:
    return SENTENCES.issuperset(split_sentence(sentence)[1::2])


@lru_cache(maxsize=1024)
def _is_typed(sentence: str, typed: frozenset[str]) -> bool:
    return not typed.isdisjoint(split_sentence(sentence)[1::2])


@lru_cache(maxsize=4096)
def _box(
    text: Text,
    width_px: float,
    size_px: float,
    max_lines: int,
    shrink: float,
    lang: str,
    direction: Direction,
    hinted: bool,
) -> TextBox:
    size_px = max(MIN_TEXT_PX, size_px)
    least_px = max(MIN_TEXT_PX, size_px * text.min_size)
    if hinted:
        size_px, least_px = round(size_px * 4) / 4, round(least_px * 4) / 4
    return TextBox(
        width_px=width_px,
        size_px=max(least_px, size_px * shrink),
        weight=text.weight,
        lang=text.lang or lang,
        direction="ltr" if text.lang else direction,
        max_lines=max_lines,
        min_size_px=least_px,
        line_height_em=text.line_height,
        letter_spacing_em=text.spacing,
        hinted=hinted,
    )
