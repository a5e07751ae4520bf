"""What we say in each of the ten languages, and how each counts (CLDR plurals, Unicode TR35 part 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec

from badge.errors import InvalidField

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "nl", "de", "pt", "ja")
# Chinese beyond the mainland: the sentences of zh, with Han letters in the forms of Taiwan or of Hong Kong.
HAN_FORMS = ("zh-Hant", "zh-HK")
_SAME_AS = {"zh-hans": "zh", "zh-cn": "zh", "zh-sg": "zh", "zh-tw": "zh-Hant", "zh-mo": "zh-HK"}
_CANONICAL = {form.lower(): form for form in HAN_FORMS} | _SAME_AS
_RTL = frozenset({"ar"})
_GROUP = {"en": ",", "zh": ",", "ja": ",", "ar": ",", "fr": "\u202f", "ru": "\u202f"}
_GROUP_DEFAULT = "."


class _Record(msgspec.Struct, frozen=True):
    lang: str
    campaign_name: str
    i_wear: str
    stop_trafficking: str
    i_pledge: str
    world_day: str
    pledges: dict[str, str]
    days_to_go: dict[str, str]
    ui: dict[str, str]


class _File(msgspec.Struct, frozen=True):
    records: list[_Record]


class _Card(msgspec.Struct, frozen=True):
    wears: str
    day: str
    thanks: str
    for_wearing: str
    in_english: str


class _Cards(msgspec.Struct, frozen=True):
    records: dict[str, _Card]


@dataclass(frozen=True, slots=True)
class Language:
    """One language's sentences; `ui` holds those of pages and widgets."""

    lang: str
    dir: Literal["ltr", "rtl"]
    campaign_name: str
    i_wear: str
    stop_trafficking: str
    i_pledge: str
    world_day: str
    day: str
    wears: str
    thanks: str
    for_wearing: str
    in_english: str
    pledges: Mapping[str, str]
    days_to_go: Mapping[str, str]
    ui: Mapping[str, str]

    def count_pledges(self, n: int) -> str:
        """Returns the sentence that counts `n` pledges: digits grouped, the right plural, a word at zero."""
        if n == 0:
            return self.ui["zero_pledges"]
        return self.pledges[plural_category(self.lang, n)].replace("{n}", self.number(n))

    def count_days(self, n: int) -> str:
        """Returns what is said `n` days before 30 July: how many, that it is today, thanks after it."""
        if n < 0:
            return self.thanks
        if n == 0:
            return self.ui["today_is_the_day"]
        return self.days_to_go[plural_category(self.lang, n)].replace("{n}", self.number(n))

    def number(self, n: int) -> str:
        """Returns `n` with its digits grouped as the language does."""
        if self.lang in ("es", "pt") and n < 10_000:
            return str(n)
        return f"{n:,}".replace(",", _GROUP.get(self.lang[:2], _GROUP_DEFAULT))


@dataclass(frozen=True, slots=True)
class Strings:
    """Every language, by its code."""

    languages: Mapping[str, Language]

    def lang(self, code: str) -> Language:
        """Returns the language `code`; raises InvalidField with those we speak where it is none of them."""
        try:
            return self.languages[code]
        except KeyError:
            known = ", ".join(self.languages)
            raise InvalidField(f"lang={code} is not one of {known}", field="lang") from None


def load_strings(folder: Path = Path(__file__).parent) -> Strings:
    """Reads strings.json and cards.json; raises msgspec.ValidationError where a sentence is missing."""
    records = msgspec.json.decode((folder / "strings.json").read_bytes(), type=_File).records
    cards = msgspec.json.decode((folder / "cards.json").read_bytes(), type=_Cards).records
    languages = {record.lang: _language(record, cards[record.lang]) for record in records}
    known = {code: languages[code] for code in LANGUAGES}
    known |= {tag: replace(known["zh"], lang=tag) for tag in HAN_FORMS}
    return Strings(MappingProxyType(known))


def canonical_lang(tag: str) -> str:
    """Returns a tag of Chinese as we spell it (BCP 47, any case, `_` for `-`), any other tag as it is."""
    return _CANONICAL.get(tag.lower().replace("_", "-"), tag)


def _language(record: _Record, card: _Card) -> Language:
    return Language(
        lang=record.lang,
        dir="rtl" if record.lang in _RTL else "ltr",
        campaign_name=record.campaign_name,
        i_wear=record.i_wear,
        stop_trafficking=record.stop_trafficking,
        i_pledge=record.i_pledge,
        world_day=record.world_day,
        day=card.day,
        wears=card.wears,
        thanks=card.thanks,
        for_wearing=card.for_wearing,
        in_english=card.in_english,
        pledges=MappingProxyType(record.pledges),
        days_to_go=MappingProxyType(record.days_to_go),
        ui=MappingProxyType(record.ui),
    )


def plural_category(lang: str, n: int) -> str:
    """Returns the CLDR cardinal category of the whole number `n` in one of our languages (TR35 part 3)."""
    match lang[:2]:
        case "zh" | "ja":
            return "other"
        case "fr" | "pt":
            return "one" if n in (0, 1) else _many(n)
        case "es":
            return "one" if n == 1 else _many(n)
        case "ru":
            return _russian(n)
        case "ar":
            return _arabic(n)
    return "one" if n == 1 else "other"


def _many(n: int) -> str:
    return "many" if n != 0 and n % 1_000_000 == 0 else "other"


def _russian(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"


def _arabic(n: int) -> str:
    if n <= 2:
        return ("zero", "one", "two")[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if n % 100 >= 11 else "other"
