from datetime import date

import pytest

from badge.content import LANGUAGES, days_to_world_day, load_strings


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 7, 29), 1),
        (date(2026, 7, 30), 0),
        (date(2026, 7, 31), -1),
        (date(2026, 8, 6), -7),
        (date(2026, 8, 7), 357),
        (date(2026, 12, 31), 211),
        (date(2027, 1, 1), 210),
        (date(2027, 8, 7), 358),  # a leap day is between
    ],
)
def test_days_go_down_to_the_day_then_thank_then_begin_again(today: date, days: int) -> None:
    assert days_to_world_day(today) == days


@pytest.mark.parametrize(
    ("lang", "n", "said"),
    [
        ("en", 1, "1 day to 30 July"),
        ("en", 246, "246 days to 30 July"),
        ("en", 0, "Today is World Day Against Trafficking in Persons"),
        ("en", -7, "Thank you"),
        ("ru", 2, "2 дня до 30 июля"),
        ("ru", 11, "11 дней до 30 июля"),
        ("ru", 21, "21 день до 30 июля"),
        ("ar", 1, "يوم واحد حتى 30 يوليو"),
        ("ar", 2, "يومان حتى 30 يوليو"),
        ("ar", 3, "3 أيام حتى 30 يوليو"),
        ("ar", 100, "100 يوم حتى 30 يوليو"),
        ("fr", 1, "1 jour avant le 30 juillet"),
        ("ja", 1, "7月30日まであと1日"),
    ],
)
def test_each_language_counts_days_as_it_does(lang: str, n: int, said: str) -> None:
    assert load_strings().lang(lang).count_days(n) == said


def test_every_day_of_the_year_is_said_in_every_language() -> None:
    for lang in LANGUAGES:
        language = load_strings().lang(lang)
        assert all(language.count_days(n) and "{" not in language.count_days(n) for n in range(-7, 359))
