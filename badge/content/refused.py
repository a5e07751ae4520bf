"""Words that would turn a sign of solidarity into a certificate, refused in every text (PRODUCT.md)."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import msgspec
import regex

_MARKS = regex.compile(r"[\P{ccc=0}\p{Cf}]+")  # accents, and what is not seen at all


@dataclass(frozen=True, slots=True)
class RefusedWords:
    """Whole words of every language, compared without case and accents."""

    pattern: regex.Pattern[str]

    def find(self, text: str) -> str | None:
        """Returns the first refused word in `text`, folded, or None; "unofficial" passes."""
        found = self.pattern.search(_fold(text))
        return found[0] if found else None


def load_refused(folder: Path = Path(__file__).parent) -> RefusedWords:
    """Reads refused.json. Chinese and Japanese write no spaces, so their words match inside a sentence."""
    lists = msgspec.json.decode((folder / "refused.json").read_bytes(), type=dict[str, str | list[str]])
    words = [_fold(word) for entry in lists.values() if isinstance(entry, list) for word in entry]
    spaced = [regex.escape(w) for w in words if not regex.search(r"[\p{Han}\p{Kana}\p{Hira}]", w)]
    solid = [regex.escape(w) for w in words if regex.search(r"[\p{Han}\p{Kana}\p{Hira}]", w)]
    either = "|".join(sorted(spaced, key=len, reverse=True))
    return RefusedWords(regex.compile(rf"(?<![\w\p{{M}}])(?:{either})(?![\w\p{{M}}])|{'|'.join(solid)}"))


def _fold(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
