"""What a campaign may be called and may say."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge.campaigns import THE_WORLD, Campaign, Colours, Status
from badge.campaigns.rules import checked
from badge.campaigns.slug import check_new_slug
from badge.catalogue.colour import BLACK, contrast, readable_on
from badge.content import LANGUAGES, load_refused
from badge.errors import InvalidField, LowContrast

REFUSED = load_refused()
BRUGGE = Campaign(slug="club-brugge", names={"nl": "Club Brugge", "en": "Club Bruges"})


@pytest.mark.parametrize(
    "slug", ["club-brugge", "fc-2026", "unis", "tsunami", "unofficial-fans", "kit-kat", "a1"]
)
def test_a_plain_slug_is_taken(slug: str) -> None:
    assert check_new_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    ["", "a", "A-b", "-a", "a-", "a--b", "a_b", "é1", "сlub", "x" * 41, "a b", "a\n", "club brugge", "../x"],
)
def test_a_slug_of_another_form_is_refused(slug: str) -> None:
    with pytest.raises(InvalidField, match="a to z"):
        check_new_slug(slug)


@pytest.mark.parametrize(
    "slug",
    [
        "unodc",
        "un",
        "official",
        "admin",
        "api",
        "world",
        "u-n-o-d-c",
        "un0dc",
        "u-n0dc",
        "unodc-belgium",
        "my-0ff1cial",
        "0fficia1",
        "adm1n",
        "un-belgium",
        "wor1d",
        "officiel-official",
        "b1ue-heart",
        "united-nations",
        "un1ted-nati0ns",
        "off-icial",
        "onudc",
        "totals",
        "adrnin",
        "wvvw",
    ],
)
def test_a_slug_that_poses_as_somebody_is_refused(slug: str) -> None:
    with pytest.raises(InvalidField, match=r"reserved|reads like"):
        check_new_slug(slug)


def test_texts_are_cleaned_and_languages_follow_the_names() -> None:
    made = checked(replace(BRUGGE, names={"nl": "  Club \u202eBrugge ", "en": "Club Bruges"}), REFUSED)
    assert made.names == {"nl": "Club Brugge", "en": "Club Bruges"}
    assert made.languages == ("en", "nl")
    assert made.name("fr") == "Club Bruges"
    assert made.name("nl") == "Club Brugge"
    assert replace(made, names={"fr": "Club Bruges", "zh": "布鲁日"}).name("zh-HK") == "布鲁日"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"names": {}}, "names"),
        ({"names": {"en": " \u200b "}}, "names"),
        ({"names": {"en": "x" * 61}}, "names"),
        ({"names": {"xx": "Club"}}, "names"),
        ({"names": {"en": "Certified club"}}, "names"),
        ({"statement": {"fr": "Partenaire officiel"}}, "statement"),
        ({"statement": {"en": "x" * 201}}, "statement"),
        ({"languages": ("en", "kl")}, "languages"),
        ({"country": "be"}, "country"),
        ({"goal": 0}, "goal"),
        ({"members": 2**41}, "members"),
        ({"origins": ("https://a.example; script-src *",)}, "origins"),
        ({"origins": ("https://a.example/path",)}, "origins"),
        ({"origins": ("https://*",)}, "origins"),
        ({"origins": ("http://a.example",)}, "origins"),
        ({"origins": tuple(f"https://a{i}.example" for i in range(17))}, "origins"),
        ({"starts_on": date(2026, 7, 30), "ends_on": date(2026, 7, 29)}, "ends_on"),
        ({"colours": Colours("#12345", "#000000")}, "colours"),
        ({"colours": Colours("red", "#000000")}, "colours"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as refused:
        checked(replace(BRUGGE, **change), REFUSED)
    assert refused.value.field == field


def test_colours_on_which_no_text_can_be_read_are_refused_with_their_ratio() -> None:
    assert checked(replace(BRUGGE, colours=Colours("#0055A4", "#FFD700")), REFUSED).colours == Colours(
        "#0055a4", "#ffd700"
    )
    with pytest.raises(LowContrast, match=r"4\.\d\d:1 at best"):
        checked(replace(BRUGGE, colours=Colours("#777777", "#000000")), REFUSED)


@given(st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}"))
def test_every_colour_that_is_kept_can_carry_text(colour: str) -> None:
    try:
        checked(replace(BRUGGE, colours=Colours(colour, "#000000")), REFUSED)
    except LowContrast:
        assert readable_on(colour, 4.5) == BLACK
    else:
        text = readable_on(colour, 4.5)
        assert text != BLACK
        assert contrast(text, colour) >= 4.5


def test_a_campaign_is_open_between_its_days_both_included() -> None:
    club = replace(BRUGGE, starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 30))
    days = [(30, 6), (1, 7), (30, 7), (31, 7)]
    assert [club.status(date(2026, month, day)) for day, month in days] == [
        Status.UPCOMING,
        Status.OPEN,
        Status.OPEN,
        Status.ENDED,
    ]
    assert replace(club, closed=True).status(date(2026, 7, 1)) is Status.CLOSED
    assert THE_WORLD.status(date(2099, 1, 1)) is Status.OPEN


def test_what_waits_for_approval_is_not_shown() -> None:
    waiting = replace(BRUGGE, approved=False, crest="abc", statement={"en": "Hello"})
    assert waiting.shown.name() == "club-brugge"
    assert waiting.shown.says() == ""
    assert waiting.shown.crest == ""


def test_the_world_has_a_name_in_every_language() -> None:
    assert set(THE_WORLD.names) == set(THE_WORLD.languages) == set(LANGUAGES)
    assert THE_WORLD.name("zh-HK") == THE_WORLD.name("zh")
