import pytest

from badge.errors import InvalidField
from badge.pledges import COUNTRIES, Pledge, Source


def test_all_assigned_country_codes_are_known() -> None:
    assert len(COUNTRIES) == 249
    assert {"BE", "CI", "GB", "SS", "TW", "PS", "XK"} - COUNTRIES == {"XK"}


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize(
    ("country", "language"), [("BE", "fr"), (None, None), ("BR", "pt-BR"), ("HK", "yue-Hant")]
)
def test_details_come_back_as_they_went(source: Source, country: str | None, language: str | None) -> None:
    pledge = Pledge("world", source, country, language)
    assert len(pledge.pack()) == 12
    assert Pledge.unpack("world", pledge.pack()) == pledge


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("source", ("world", "telegram", None, None)),
        ("source", ("world", "", None, None)),
        ("source", ("world", "WEB", None, None)),
        ("country", ("world", "web", "be", None)),
        ("country", ("world", "web", "XX", None)),
        ("country", ("world", "web", "BEL", None)),
        ("country", ("world", "web", "--", None)),
        ("language", ("world", "web", None, "french")),
        ("language", ("world", "web", None, "FR")),
        ("language", ("world", "web", None, "fr-fr-fr")),
        ("language", ("world", "web", None, "fr\n")),
        ("language", ("world", "web", None, "f" * 10_000)),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(field: str, values: tuple[str, ...]) -> None:
    with pytest.raises(InvalidField) as caught:
        Pledge.parse(*values)
    assert caught.value.field == field
    assert len(caught.value.detail) < 200


def test_an_empty_choice_is_none() -> None:
    assert Pledge.parse("world", "form", "", "") == Pledge("world", Source.FORM)
