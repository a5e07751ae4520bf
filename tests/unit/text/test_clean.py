import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from badge.errors import InvalidField
from badge.text import clean, graphemes, is_visible
from badge.text.clean import PLAIN_LATIN


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("  Ana \t\n Maria  ", "Ana Maria"),
        ("Zoe\u0308", "Zoë"),
        ("山田\u3000太郎", "山田 太郎"),
        ("a\x00b\x1bc\x9fd\x7fe", "abcde"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("\ufeffAna\ufffe\U0001ffff\ufdd0", "Ana"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("אב\u200f!\u200e", "אב\u200f!\u200e"),
        ("e\u202d\u0301", "é"),  # what stood between is gone before letters are composed
        ("a\u2028b\u2029c\x85d\xa0e", "a b c d e"),
        ("𝓐𝓷𝓪 𝕄𝖚̈𝗹𝗹𝗲𝗿 𝟟", "Ana Müller 7"),
        ("Ａｎａ ½ ﬁ ㍿", "Ａｎａ ½ ﬁ ㍿"),
        ("", ""),
        ('O\'Neil & "Söhne" <x>', 'O\'Neil & "Söhne" <x>'),
    ],
)
def test_clean_gives_what_a_reader_would_have_typed(raw: str, wanted: str) -> None:
    assert clean(raw) == wanted


@pytest.mark.parametrize("raw", ["\ud800", "Ana \udfff", "\ud83d"])
def test_half_a_character_is_refused(raw: str) -> None:
    with pytest.raises(InvalidField, match="surrogate"):
        clean(raw)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ana", 3),
        ("Zoe\u0308", 3),
        ("👩\u200d👩\u200d👧👍🏽🇧🇪🇫🇷1\ufe0f\u20e3", 5),
        ("क्षमा", 2),
        ("각각", 2),
        ("", 0),
    ],
)
def test_graphemes_are_what_a_reader_counts(text: str, count: int) -> None:
    assert len(graphemes(text)) == count
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    "text", ["", " ", "\u200d\u200c\u200e", "\u0301", "\u3164\u115f", "\u2800", "\xad\ufe0f", "\u2060"]
)
def test_nothing_to_see_is_not_visible(text: str) -> None:
    assert not is_visible(text)


@pytest.mark.parametrize("text", ["a", " .", "\u200d💙", "ा क", "٣", "!", "\u0301a"])
def test_ink_is_visible(text: str) -> None:
    assert is_visible(text)


def test_plain_latin_needs_no_cleaning() -> None:
    """What takes the short way must come out as the long way would leave it."""
    plain = [c for c in map(chr, range(0x21, 0x3000)) if PLAIN_LATIN.fullmatch(c)]
    assert len(plain) > 700
    for letter in plain:
        assert unicodedata.normalize("NFC", letter) == letter
        assert is_visible(letter)
        assert regex.findall(r"\X", "a" + letter + "a") == ["a", letter, "a"]
