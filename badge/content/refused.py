"""Words that would turn a sign of solidarity into a certificate, refused in every text (PRODUCT.md)."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec
import regex

_SOLID = regex.compile(r"[\p{Han}\p{Kana}\p{Hira}]")
_MARKS = regex.compile(r"[\P{ccc=0}\p{Cf}]+")  # accents, and what is not seen at all


@dataclass(frozen=True, slots=True)
class RefusedWords:
    """Whole words of every language, compared without case and accents."""

    pattern: regex.Pattern[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """Reads words. Chinese and Japanese write no spaces, so their words match inside a sentence."""
        folded = [word for word in map(_fold, words) if word]
        solid = [regex.escape(w) for w in folded if _SOLID.search(w)]
        spaced = [regex.escape(w) for w in folded if not _SOLID.search(w)]
        either = "|".join(sorted(spaced, key=len, reverse=True))
        whole = [rf"(?<![\w\p{{M}}])(?:{either})(?![\w\p{{M}}])"] if spaced else []
        return cls(regex.compile("|".join([*whole, *solid]) or r"(?!)"))

    def find(self, text: str) -> str | None:
        """Returns the first refused word in `text`, folded, or None; "unofficial" passes."""
        found = self.pattern.search(_fold(text))
        return found[0] if found else None


def load_refused(folder: Path = Path(__file__).parent) -> RefusedWords:
    """Reads refused.json."""
    lists = msgspec.json.decode((folder / "refused.json").read_bytes(), type=dict[str, str | list[str]])
    return RefusedWords.of(word for entry in lists.values() if isinstance(entry, list) for word in entry)


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return folded if folded.isascii() else _MARKS.sub("", folded)
