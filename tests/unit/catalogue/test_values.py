"""Every field type: its one spelling, and for what does not fit a sentence that says what would."""

import msgspec
import pytest

from badge.catalogue.fields import (
    ChoiceField,
    ColourField,
    DayField,
    Field,
    ImageField,
    RecordField,
    TextField,
    TimeField,
    WholeField,
    ZoneField,
)
from badge.catalogue.values import Rules, check_moment, read_value
from badge.content import load_refused
from badge.errors import InvalidField

RULES = Rules(load_refused(), {"statistics": ("one-figure", "other-figure")})
TEXT = TextField(help="a word", max_graphemes=5)
COLOUR = ColourField(help="the shirt", role="ground")
CHOICE = ChoiceField(help="the shape", values=("flat", "plastic"), default="flat")
WHOLE = WholeField(help="on the back", minimum=1, maximum=99)
DAY, TIME, ZONE = DayField(help="when"), TimeField(help="when"), ZoneField(help="where")
RECORD = RecordField(help="which", of="statistics", default="one-figure")

SPELLINGS: list[tuple[Field, str | None, str]] = [
    (TEXT, " Zoe\u0308 ", "Zoë"),
    (TextField(help="", required=False), "", ""),
    (TextField(help="", required=False), None, ""),
    (COLOUR, "#09D", "#0099dd"),
    (COLOUR, "009EDB", "#009edb"),
    (COLOUR, "Navy", "#000080"),
    (COLOUR, None, ""),
    (CHOICE, "plastic", "plastic"),
    (CHOICE, None, "flat"),
    (WHOLE, "07", "7"),
    (WHOLE, "99", "99"),
    (DAY, "2028-02-29", "2028-02-29"),
    (TIME, "00:00", "00:00"),
    (ZONE, "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    (ZONE, "UTC", "UTC"),
    (RECORD, "other-figure", "other-figure"),
    (RECORD, None, "one-figure"),
    (ImageField(help="the crest"), None, ""),
]


@pytest.mark.parametrize(("field", "raw", "spelled"), SPELLINGS)
def test_a_value_has_one_spelling(field: Field, raw: str | None, spelled: str) -> None:
    assert read_value("it", field, raw, RULES) == spelled


REFUSED: list[tuple[Field, str | None, str]] = [
    (TEXT, None, "say it=…"),
    (TEXT, "", "at least one visible letter"),
    (TEXT, "sixsix", "at most 5"),
    (COLOUR, "12345", "as 009edb, 09d or one of black, silver"),
    (COLOUR, "#11223344", "as 009edb"),
    (COLOUR, "##09d", "as 009edb"),
    (COLOUR, "009edb\n", "as 009edb"),
    (COLOUR, "blac\u212a", "as 009edb"),
    (COLOUR, "url(#a)", "as 009edb"),
    (CHOICE, "plastik", "did you mean plastic"),
    (WHOLE, None, "say it=…"),
    (WHOLE, "NaN", "whole number from 1 to 99"),
    (WHOLE, "1e309", "whole number from 1 to 99"),
    (WHOLE, "+5", "whole number from 1 to 99"),
    (WHOLE, "-5", "whole number from 1 to 99"),
    (WHOLE, "٣", "whole number from 1 to 99"),
    (WHOLE, "²", "whole number from 1 to 99"),
    (WHOLE, "0", "whole number from 1 to 99"),
    (WHOLE, "1" * 4000, "whole number from 1 to 99"),
    (DAY, "2026-02-30", "written as 2026-07-30"),
    (DAY, "20260730", "written as 2026-07-30"),
    (DAY, "٢٠٢٦-07-30", "written as 2026-07-30"),
    (DAY, "2026-W31-4", "written as 2026-07-30"),
    (TIME, "24:00", "from 00:00 to 23:59"),
    (TIME, "8:45", "written as 20:45"),
    (ZONE, "europe/brussels", "did you mean Europe/Brussels"),
    (ZONE, "../../etc/passwd", "for example Europe/Brussels"),
    (ZONE, "Europe", "for example Europe/Brussels"),
    (RECORD, "one-figurr", "did you mean one-figure"),
    (ImageField(help="the crest"), "https://x.example/crest.png", "given as a file"),
]


@pytest.mark.parametrize(("field", "raw", "words"), REFUSED)
def test_what_does_not_fit_is_told_what_would(field: Field, raw: str | None, words: str) -> None:
    with pytest.raises(InvalidField) as raised:
        read_value("it", field, raw, RULES)
    assert raised.value.field == "it"
    assert words in raised.value.detail


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (b'{"help": "no type"}', "type"),
        (b'{"type": "number", "help": ""}', "number"),
        (b'{"type": "text", "help": "", "maximum": 5}', "maximum"),
        (b'{"type": "text", "help": "", "max_graphemes": 201}', "200"),
        (b'{"type": "choice", "help": "", "values": ["a"], "default": "b"}', "default b"),
        (b'{"type": "whole", "help": "", "minimum": 9, "maximum": 5}', "minimum 9"),
        (b'{"type": "colour", "help": ""}', "role"),
        (b'{"type": "record", "help": "", "of": "people", "default": "x"}', "people"),
    ],
)
def test_the_schema_is_closed(manifest: bytes, words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.json.decode(manifest, type=Field)


MATCH: dict[str, Field] = {"date": DAY, "time": TIME, "zone": ZONE}


@pytest.mark.parametrize(
    ("date", "time", "zone", "field", "words"),
    [
        ("2026-07-30", "", "Europe/Brussels", "zone", "say time=20:45 too, or leave zone out"),
        ("2026-03-29", "02:30", "Europe/Brussels", "time", "say 03:30"),
        ("2026-03-08", "02:00", "America/New_York", "time", "clocks go forward past it; say 03:00"),
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "time", "say 02:45"),
        ("2011-12-30", "12:00", "Pacific/Apia", "time", "say 12:00 on 2011-12-31"),
    ],
)
def test_a_moment_that_is_none_is_refused(date: str, time: str, zone: str, field: str, words: str) -> None:
    said = {"date": date, "time": time, "zone": zone}
    with pytest.raises(InvalidField, match=words) as refused:
        check_moment(MATCH, {name: value for name, value in said.items() if value})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("date", "time", "zone"),
    [
        ("2026-03-29", "03:00", "Europe/Brussels"),
        ("2026-10-25", "02:30", "Europe/Brussels"),  # twice: the first is said
        ("0001-01-01", "00:00", "Pacific/Kiritimati"),
        ("9999-12-31", "23:59", "Pacific/Pago_Pago"),
        ("2026-03-29", "02:30", ""),
    ],
)
def test_every_other_moment_is_one(date: str, time: str, zone: str) -> None:
    said = {"date": date, "time": time, "zone": zone}
    check_moment(MATCH, {name: value for name, value in said.items() if value})
    check_moment({"tz": ZONE}, {"tz": "UTC"})
