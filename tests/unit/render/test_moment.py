"""Days and times as each language says them."""

import pytest

from badge.content import HAN_FORMS, LANGUAGES
from badge.render.moment import say_city, say_day, say_time


def test_a_day_is_said_as_the_campaign_says_30_july() -> None:
    said = {lang: say_day("2026-07-30", lang) for lang in LANGUAGES}
    assert said["en"] == "30 July 2026"
    assert said["de"] == "30. Juli 2026"
    assert said["ja"] == "2026年7月30日"
    assert len(set(said.values())) == 9  # Chinese and Japanese write the same


@pytest.mark.parametrize("lang", HAN_FORMS)
def test_chinese_of_taiwan_and_hong_kong_says_its_own_cities(lang: str) -> None:
    assert say_city("Europe/Brussels", lang) == "布魯塞爾"


@pytest.mark.parametrize(
    ("zone", "day", "said"),
    [
        ("", "2026-07-30", "20:45"),
        ("Europe/Brussels", "2026-07-30", "20:45 (Brussels, UTC+2)"),
        ("Europe/Brussels", "2026-01-30", "20:45 (Brussels, UTC+1)"),
        ("Europe/Brussels", "", "20:45 (Brussels)"),
        ("Asia/Kolkata", "2026-07-30", "20:45 (Kolkata, UTC+5:30)"),
        ("America/St_Johns", "2026-07-30", "20:45 (St John’s, UTC−2:30)"),
        ("Europe/London", "2026-01-30", "20:45 (London)"),
        ("UTC", "2026-07-30", "20:45 (UTC)"),
    ],
)
def test_a_time_says_its_zone_and_the_offset_of_that_day(zone: str, day: str, said: str) -> None:
    assert say_time("20:45", zone, day, "en") == said


def test_a_zone_and_its_offset_are_parted_as_the_language_does() -> None:
    assert say_time("20:45", "Asia/Tokyo", "2026-07-30", "ja") == "20:45 (東京、UTC+9)"
    assert say_time("20:45", "Asia/Shanghai", "2026-07-30", "zh") == "20:45 (上海，UTC+8)"


def test_cities_are_named_in_the_language() -> None:
    assert [say_city("Europe/Brussels", lang) for lang in ("fr", "nl", "ar")] == [
        "Bruxelles",
        "Brussel",
        "بروكسل",
    ]
