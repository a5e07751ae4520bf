import pytest

from badge.text import FontBook
from badge.text.itemize import Itemized, itemize


def runs_of(
    text: str, fonts: FontBook, lang: str = "en", direction: str = "auto"
) -> list[tuple[str, str, str, int]]:
    item = itemize(text, lang, direction, fonts)  # type: ignore[arg-type]
    return [
        (text[run.start : run.end], run.script, face_name(item, run.start), run.level)
        for run in item.line(0, len(item.starts) - 1)
    ]


def face_name(item: Itemized, start: int) -> str:
    face = item.faces[item.starts.index(start)] if len(item.faces) > 1 else item.faces[0]
    return face.path.name.partition("[")[0].partition("-")[0] if face else "heart"


def test_plain_latin_is_one_run(fonts: FontBook) -> None:
    assert runs_of("Zoë O’Neil – 7", fonts) == [("Zoë O’Neil – 7", "Latn", "NotoSans", 0)]


def test_mixed_scripts_have_a_run_each_in_visual_order(fonts: FontBook) -> None:
    assert runs_of("Ana عبد 山田!", fonts) == [
        ("Ana ", "Latn", "NotoSans", 0),
        ("عبد", "Arab", "NotoSansArabic", 1),
        (" ", "Arab", "NotoSansArabic", 0),
        ("山田", "Hani", "NotoSansCJK", 0),
        ("!", "Hani", "NotoSans", 0),
    ]


def test_a_right_to_left_line_begins_at_the_right(fonts: FontBook) -> None:
    assert [run[0] for run in runs_of("שלום abc", fonts)] == ["abc", "שלום "]
    assert [run[0] for run in runs_of("abc!", fonts, direction="rtl")] == ["!", "abc"]


def test_marks_joiners_and_selectors_stay_with_their_letter(fonts: FontBook) -> None:
    assert runs_of("क्\u200dष", fonts) == [("क्\u200dष", "Deva", "NotoSansDevanagari", 0)]
    assert runs_of("می\u200cخ", fonts)[0][0] == "می\u200cخ"


def test_emoji_sequences_are_one_run_of_the_emoji_face(fonts: FontBook) -> None:
    assert runs_of("👩\u200d👧🇧🇪👍🏽1\ufe0f\u20e3", fonts) == [
        ("👩\u200d👧🇧🇪👍🏽1\ufe0f\u20e3", "Zsye", "NotoEmoji", 0)
    ]


@pytest.mark.parametrize("heart", ["💙", "❤", "❤\ufe0f"])
def test_our_hearts_have_no_face(fonts: FontBook, heart: str) -> None:
    assert [run[2] for run in runs_of(f"A{heart}{heart}", fonts)] == ["NotoSans", "heart", "heart"]


def test_other_hearts_are_letters_of_the_emoji_face(fonts: FontBook) -> None:
    assert [run[2] for run in runs_of("❤\ufe0f\u200d🔥🧡", fonts)] == ["NotoEmoji"]


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("zh", "骨", "zh-hans"),
        ("zh-Hant", "骨", "zh-hant"),
        ("zh_TW", "骨", "zh-hant"),
        ("zh-HK", "骨", "zh-hk"),
        ("ja", "骨", "ja"),
        ("ko", "骨", "ko"),
        ("en", "骨", "zh-hans"),
        ("en", "骨の", "ja"),
        ("fr", "骨김", "ko"),
    ],
)
def test_han_takes_the_forms_of_its_language_or_of_its_neighbours(
    fonts: FontBook, lang: str, text: str, wanted: str
) -> None:
    assert itemize(text, lang, "auto", fonts).line(0, 1)[0].lang == wanted
