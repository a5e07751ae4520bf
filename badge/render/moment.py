"""Days and times said in a language, by Unicode CLDR through Babel."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, localedata
from babel.dates import format_date, format_time, get_timezone_location

# A day before its month, as the campaign writes 30 July.
_LOCALES = {"en": "en_GB"}
_COMMAS = {"ar": "، ", "zh": "，", "ja": "、"}
# What no day, time or city is said with, though most of what Babel keeps of a language: 0.8 MB of 1.4.
_UNSAID = (
    *("currency_names", "currency_names_plural", "currency_symbols", "currency_formats", "quarters"),
    *("unit_patterns", "unit_display_names", "compound_unit_patterns", "currency_unit_patterns"),
    *("compact_currency_formats", "compact_decimal_formats", "scientific_formats", "percent_formats"),
    *("languages", "scripts", "variants", "date_fields", "datetime_skeletons", "interval_formats"),
)


def say_day(day: str, lang: str) -> str:
    """Returns an ISO 8601 day as it is read: 30 July 2026."""
    return str(format_date(date.fromisoformat(day), "long", locale=_locale(lang)))


def say_city(zone: str, lang: str) -> str:
    """Returns the city that an IANA time zone is named after, or the zone where it has none (UTC)."""
    if "/" not in zone or zone.startswith("Etc/"):
        return zone.removeprefix("Etc/")
    return str(get_timezone_location(ZoneInfo(zone), locale=_locale(lang), return_city=True))


def say_time(time: str, zone: str, day: str, lang: str) -> str:
    """Returns a time with its zone, 20:45 (Brussels, UTC+2); the offset only where the day is known."""
    moment = datetime.fromisoformat(f"{day or '2000-01-01'}T{time}")
    said = str(format_time(moment, "short", locale=_locale(lang)))
    if not zone:
        return said
    where = [say_city(zone, lang), *_offsets(moment, zone)] if day else [say_city(zone, lang)]
    return f"{said} ({_COMMAS.get(lang[:2], ', ').join(where)})"


def _offsets(moment: datetime, zone: str) -> list[str]:
    """Returns the offset of a zone from UTC at a moment, UTC+5:30, none where there is none."""
    away = moment.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    minutes = round(away.total_seconds() / 60) if away else 0
    if minutes == 0:
        return []
    hours, rest = divmod(abs(minutes), 60)
    return [f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")]


@lru_cache(maxsize=32)
def _locale(lang: str) -> str:
    """Returns Babel's name of a language, of which it now keeps no more than is said here."""
    name = _LOCALES.get(lang, lang.replace("-", "_"))
    kept = localedata.load(str(Locale.parse(name)))
    for part in _UNSAID:
        kept.pop(part, None)
    return name
