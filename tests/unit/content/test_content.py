from datetime import date

import pytest

from badge.content import LANGUAGES, load_helplines, load_refused, load_strings
from badge.content.strings import plural_category
from badge.errors import InvalidField


def test_every_language_says_everything() -> None:
    strings = load_strings()
    english = strings.lang("en")
    for code in LANGUAGES:
        language = strings.lang(code)
        assert language.ui.keys() == english.ui.keys()
        assert "{name}" in language.ui["wears"]
        assert {plural_category(code, n) for n in range(1, 1000)} <= language.pledges.keys()


def test_unknown_language_names_the_ten() -> None:
    with pytest.raises(InvalidField, match="en, fr, es, ar, ru, zh, nl, de, pt, ja"):
        load_strings().lang("tlh")


@pytest.mark.parametrize(
    ("lang", "n", "sentence"),
    [
        ("en", 0, "Be the first to pledge"),
        ("en", 1, "1 pledge"),
        ("en", 12_345, "12,345 pledges"),
        ("de", 12_345, "12.345 Versprechen"),
        ("fr", 1_234, "1\u202f234 engagements"),
        ("es", 1_234, "1234 compromisos"),
        ("ru", 21, "21 обещание"),
        ("ru", 112, "112 обещаний"),
        ("ar", 2, "تعهّدان"),
        ("ar", 5, "5 تعهّدات"),
        ("ja", 3, "誓い 3 件"),
    ],
)
def test_pledges_are_counted_as_the_language_does(lang: str, n: int, sentence: str) -> None:
    assert load_strings().lang(lang).count_pledges(n) == sentence


@pytest.mark.parametrize(
    "text", ["Official fan", "CERTIFICADO", "offi\u200bcial", "公式サポーター", "slavery-free"]
)
def test_words_that_certify_are_found(text: str) -> None:
    assert load_refused().find(text)


@pytest.mark.parametrize("text", ["Unofficial fan", "Nonofficial", "Zoë Müller", "Offic Ial"])
def test_other_words_pass(text: str) -> None:
    assert load_refused().find(text) is None


def test_only_published_helplines_are_handed_out() -> None:
    lines = load_helplines()
    assert len(lines) == 31
    assert {line.publish for line in lines} == {"yes"}
    belgium = next(line for line in lines if line.id == "be-1")
    assert not belgium.is_expired(date(2027, 1, 1))
    assert belgium.is_expired(date(2027, 3, 1))


def test_what_people_read_of_a_helpline_holds_no_note_of_ours() -> None:
    for line in load_helplines():
        assert "(" not in (line.hours or "").replace("(phone and WhatsApp chat)", ""), line.id
