"""A manifest's text, said in one language and fitted to a width."""

from collections.abc import Mapping
from dataclasses import dataclass

from badge.catalogue.manifest import Text
from badge.content import Language
from badge.render.say import say, words_of
from badge.text import FittedText, FontBook, TextBox, fit

MIN_TEXT_PX = 11.0
_OF_THE_VISITOR = frozenset({"name", "initials"})


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Knows what is said, in which language and with which fonts; sizes come with each call."""

    texts: Mapping[str, Text]
    words: Mapping[str, str]
    language: Language
    fonts: FontBook

    def says(self, name: str) -> str:
        """Returns what the text `name` says, empty where its optional field is absent."""
        return say(self.texts[name].say, self.words).strip()

    def fit(
        self, name: str, width_px: float, size_px: float, max_lines: int, shrink: float = 1.0
    ) -> FittedText:
        """Fits the text `name` into a width, from `shrink` of its design size down to its least."""
        text = self.texts[name]
        size_px = max(MIN_TEXT_PX, size_px)
        least_px = max(MIN_TEXT_PX, size_px * text.min_size)
        visitors = not _OF_THE_VISITOR.isdisjoint(words_of(text.say))
        box = TextBox(
            width_px=width_px,
            size_px=max(least_px, size_px * shrink),
            weight=text.weight,
            lang=self.language.lang,
            direction="auto" if visitors else self.language.dir,
            max_lines=max_lines,
            min_size_px=least_px,
            line_height_em=text.line_height,
        )
        return fit(self.says(name), box, self.fonts)
