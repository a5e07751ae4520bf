"""What the pages say beside the shared strings: `pages/strings.json`, whole in every language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

from badge.content import LANGUAGES, Language, Strings, load_strings
from badge.errors import InvalidField

PAGES_DIR = Path(__file__).parent / "pages"


class _Record(msgspec.Struct, frozen=True):
    lang: str
    autonym: str
    page: dict[str, str]


class _File(msgspec.Struct, frozen=True):
    records: list[_Record]


@dataclass(frozen=True, slots=True)
class Wording:
    """One language as a page speaks it: the shared sentences, the page's own, and its name for itself."""

    shared: Language
    page: Mapping[str, str]
    autonym: str

    @property
    def lang(self) -> str:
        """Returns the language's code."""
        return self.shared.lang


@dataclass(frozen=True, slots=True)
class Wordings:
    """Every language that the pages speak, in the order in which they offer them."""

    languages: Mapping[str, Wording]

    def lang(self, code: str) -> Wording:
        """Returns the language `code`; raises InvalidField with the known codes where we do not speak it."""
        try:
            return self.languages[code]
        except KeyError:
            known = ", ".join(self.languages)
            raise InvalidField(f"lang must be one of {known}", field="lang") from None


def load_wordings(folder: Path = PAGES_DIR, strings: Strings | None = None) -> Wordings:
    """Reads the pages' sentences; raises ValueError that names a language with one missing or spare."""
    strings = strings or load_strings()
    records = {
        r.lang: r for r in msgspec.json.decode((folder / "strings.json").read_bytes(), type=_File).records
    }
    wanted = set(records["en"].page)
    for code in LANGUAGES:
        if odd := wanted ^ set(records[code].page):
            raise ValueError(f"{folder}/strings.json: {code} differs from en in {', '.join(sorted(odd))}")
    return Wordings(
        MappingProxyType(
            {
                code: Wording(strings.lang(code), MappingProxyType(records[code].page), records[code].autonym)
                for code in LANGUAGES
            }
        )
    )
