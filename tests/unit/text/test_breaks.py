from itertools import pairwise

import pytest

from badge.text import FontBook, TextBox, fit
from badge.text.breaks import break_offsets, complex_offsets
from badge.text.itemize import itemize
from badge.text.shape import shape_line
from badge.text.wrap import measure


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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("เพื่อผู้เสียหายจากการค้า", "เพื่อ ผู้ เสีย หาย จาก การ ค้า"),
        ("อยู่ปลายทางหมายเลข", "อยู่ปลาย ทางหมาย เลข"),
        ("น้ำใจไมตรี", "น้ำ ใจ ไมตรี"),
        ("ໃຈດີຫຼາຍເພື່ອນ", "ໃຈ ດີ ຫຼາຍ ເພື່ອນ"),
        ("បេះដូងពណ៌ខៀវ", "បេះ ដូងពណ៌ ខៀវ"),
        ("ស្រីមុំសុខា", "ស្រី មុំ សុ ខា"),
        ("ကျွန်ုပ်တို့သည်", "ကျွန်ုပ် တို့ သည်"),
        ("အပြာရောင်နှလုံး", "အ ပြာ ရောင် နှ လုံး"),
    ],
)
def test_scripts_without_spaces_break_where_a_syllable_begins(text: str, wanted: str) -> None:
    assert pieces(text, complex_offsets(text)) == wanted.split()


def test_korean_words_stay_whole_while_they_fit(fonts: FontBook) -> None:
    text = "우리는 인신매매 피해자들과 함께"
    item = itemize(text, "ko", "auto", fonts)
    measured = measure(item, shape_line(item, 0, len(item.starts) - 1, 500, 0.0), breaks=True)
    assert pieces(text, measured.breaks) == ["우리는 ", "인신매매 ", "피해자들과 ", "함께"]
    long = fit("가나다라마바사아자차카타파하", TextBox(120, 20, max_lines=3), fonts)
    assert len(long.lines) > 1
    assert not long.truncated
