"""One value of one field, from what a visitor wrote to its one spelling, or the error that says what fits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar
from zoneinfo import ZoneInfo

from badge.catalogue.colour import read_colour
from badge.catalogue.fields import (
    ChoiceField,
    ColourField,
    DayField,
    Field,
    ImageField,
    RecordField,
    RecordKind,
    TextField,
    TimeField,
    WholeField,
    ZoneField,
    default_of,
    is_required,
)
from badge.catalogue.query import near
from badge.content import RefusedWords
from badge.errors import InvalidField
from badge.text import clean, graphemes, is_visible

Word = TypeVar("Word", bound=str)

MAX_GRAPHEME_POINTS = 20
_LISTED = 24
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Rules:
    """What values are held against besides their own field: words that are refused, ids that exist."""

    refused: RefusedWords
    records: Mapping[RecordKind, tuple[str, ...]]


def read_value(name: str, field: Field, raw: str | None, rules: Rules) -> str:
    """Returns the value of a field in its one spelling, its default where it is absent (often nothing).

    Raises InvalidField that names the field and says what would be right.
    """
    if raw is None or (raw == "" and not is_required(field)):
        if is_required(field):
            raise InvalidField(f"{name} is missing; say {name}=… ({field.help})", field=name)
        return default_of(field)
    match field:
        case TextField():
            return read_text(name, raw, field.max_graphemes, rules.refused)
        case ColourField():
            return read_colour(name, raw, field.names)
        case ChoiceField():
            return read_choice(name, raw, field.values)
        case WholeField():
            return str(read_whole(name, raw, field.minimum, field.maximum))
        case DayField():
            return _day(name, raw)
        case TimeField():
            return _time(name, raw)
        case ZoneField():
            return read_zone(name, raw)
        case RecordField():
            return read_choice(name, raw, rules.records[field.of])
        case ImageField():
            raise InvalidField(f"{name} is a picture: it is given as a file, never in an address", field=name)


def check_moment(fields: Mapping[str, Field], values: Mapping[str, str]) -> None:
    """Refuses a zone that says nothing, for there is no time, and a time that clocks leave out on its day.

    Raises InvalidField that names the field and says what would be right.
    """
    names = {type(field): name for name, field in fields.items()}
    if not {TimeField, ZoneField} <= names.keys() or not (zone := values.get(names[ZoneField])):
        return
    time_name, day = names[TimeField], values.get(names.get(DayField, ""))
    if not (hour := values.get(time_name)):
        raise InvalidField(
            f"{names[ZoneField]} says whose time it is, and there is no {time_name}; "
            f"say {time_name}=20:45 too, or leave {names[ZoneField]} out",
            field=names[ZoneField],
        )
    if not day:
        return
    moment = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo(zone))
    before, after = moment.utcoffset(), moment.replace(fold=1).utcoffset()
    if before is not None and after is not None and before < after:  # PEP 495: the moment is in a gap
        later = moment + (after - before)
        right = f"{later:%H:%M}" if later.date() == moment.date() else f"{later:%H:%M} on {later:%Y-%m-%d}"
        raise InvalidField(
            f"{time_name} {hour} does not exist on {day} in {zone}, "
            f"where clocks go forward past it; say {right}",
            field=time_name,
        )


def read_choice(name: str, raw: str, known: tuple[Word, ...]) -> Word:
    """Returns `raw` where it is one of the known words; raises InvalidField with them and the nearest."""
    if raw not in known:
        hint = f"; did you mean {meant}?" if (meant := near(raw[:40], known)) else ""
        more = ", …" if len(known) > _LISTED else ""
        raise InvalidField(f"{name} must be one of {', '.join(known[:_LISTED])}{more}{hint}", field=name)
    return known[known.index(raw)]


def read_whole(name: str, raw: str, low: int, high: int) -> int:
    """Returns the whole number that `raw` writes in ASCII digits; raises InvalidField with the bounds."""
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9 and low <= int(raw) <= high):
        raise InvalidField(f"{name} must be a whole number from {low} to {high}", field=name)
    return int(raw)


def read_zone(name: str, raw: str) -> str:
    """Returns the IANA name of a time zone; raises InvalidField with the nearest one."""
    known = _zones()
    if raw not in known:
        meant = next((zone for zone in sorted(known) if zone.lower() == raw.lower()), None)
        hint = f"did you mean {meant}?" if meant else "for example Europe/Brussels or Asia/Tokyo"
        raise InvalidField(f"{name} must be a time zone of the IANA database; {hint}", field=name)
    return raw


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    # The list of the tzdata wheel, so that every machine knows the same zones.
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


def _day(name: str, raw: str) -> str:
    try:
        if _DAY.fullmatch(raw):
            return date.fromisoformat(raw).isoformat()
    except ValueError:
        pass
    raise InvalidField(f"{name} must be a day of the calendar, written as 2026-07-30", field=name)


def _time(name: str, raw: str) -> str:
    try:
        if _TIME.fullmatch(raw):
            return time.fromisoformat(raw).isoformat("minutes")
    except ValueError:
        pass
    raise InvalidField(f"{name} must be a time from 00:00 to 23:59, written as 20:45", field=name)


def read_text(name: str, raw: str, max_graphemes: int, refused: RefusedWords) -> str:
    """Returns a visitor's text, cleaned; raises InvalidField where it is invisible, too long or refused."""
    if len(raw) > max_graphemes * MAX_GRAPHEME_POINTS:
        raise InvalidField(f"{name} is {len(raw)} characters long; at most {max_graphemes} fit", field=name)
    text = clean(raw)
    if not is_visible(text):
        raise InvalidField(f"{name} shows nothing; give it at least one visible letter", field=name)
    clusters = graphemes(text)
    if len(clusters) > max_graphemes:
        raise InvalidField(f"{name} is {len(clusters)} letters long; at most {max_graphemes} fit", field=name)
    if len(clusters) < len(text) and max(map(len, clusters)) > MAX_GRAPHEME_POINTS:
        raise InvalidField(
            f"{name} has a letter with more than {MAX_GRAPHEME_POINTS - 1} marks on it; use fewer", field=name
        )
    if found := refused.find(text):
        raise InvalidField(
            f"{name} says {found!r}, a word that makes it look like a certificate; leave it out",
            field=name,
        )
    return text
