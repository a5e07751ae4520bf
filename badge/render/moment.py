"""Days and times said in a language, by Unicode CLDR through Babel."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location

# A day before its month, as the campaign writes 30 July.
_LOCALES = {"en": "en_GB"}
_COMMAS = {"ar": "، ", "zh": "，", "ja": "、"}


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


def _locale(lang: str) -> str:
    return _LOCALES.get(lang, lang.replace("-", "_"))
