"""A manifest's text, said in one language and fitted to a width."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from badge.catalogue import Template, split_sentence
from badge.catalogue.manifest import Text
from badge.content import Language
from badge.render.say import SENTENCES, say
from badge.text import FittedText, FontBook, TextBox, fit

MIN_TEXT_PX = 11.0
Direction = Literal["ltr", "rtl", "auto"]


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Knows what is said, in which language and with which fonts; sizes come with each call."""

    template: Template
    words: Mapping[str, str]
    language: Language
    fonts: FontBook

    @property
    def texts(self) -> Mapping[str, Text]:
        """Returns the template's texts by name."""
        return self.template.manifest.texts

    def says(self, name: str) -> str:
        """Returns what the text `name` says, empty where its optional field is absent."""
        text = self.template.manifest.texts[name]
        says = say(text.say, self.words).strip()
        return says.upper() if text.upper else says

    def is_ours(self, name: str) -> bool:
        """Tells whether the text `name` says our sentences alone, nothing that a visitor typed."""
        return SENTENCES.issuperset(split_sentence(self.template.manifest.texts[name].say)[1::2])

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
        template, language, fonts = self.template, self.language, self.fonts
        text = template.manifest.texts[name]
        words = split_sentence(text.say)[1::2]
        direction = language.dir if template.typed.isdisjoint(words) else "auto"
        box = _box(text, width_px, size_px, max_lines, shrink, language.lang, direction, hinted)
        says = self.says(name)
        if not self.is_ours(name):
            return fit(says, box, fonts)
        return fonts.fits.get((says, box)) or fonts.fits.put((says, box), fit(says, box, fonts))


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
