from itertools import pairwise

import pytest

from badge.text.breaks import break_offsets, complex_offsets


def pieces(text: str, offsets: list[int]) -> list[str]:
    edges = [0, *offsets, len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I wear the heart", ["I ", "wear ", "the ", "heart"]),
        ("Jean-Luc (dit Luc) 3.50 €", ["Jean-", "Luc ", "(dit ", "Luc) ", "3.50 ", "€"]),
        ("山田、太郎。", ["山", "田、", "太", "郎。"]),
        ("🇧🇪🇫🇷", ["🇧🇪", "🇫🇷"]),
        ("", [""]),
    ],
)
def test_lines_break_where_readers_expect(text: str, wanted: list[str]) -> None:
    assert pieces(text, break_offsets(text)) == wanted


def test_thai_never_breaks_before_a_sign_or_after_a_leading_vowel() -> None:
    found = pieces("สวัสดีเพื่อนรักของเรา", complex_offsets("สวัสดีเพื่อนรักของเรา"))
    assert len(found) > 5
    assert not any(piece[0] in "ะาำ\u0e31\u0e34\u0e35\u0e37\u0e48" for piece in found)
    assert not any(piece[-1] in "เแโใไ" for piece in found)
