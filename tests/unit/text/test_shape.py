import pytest

from badge.text import FontBook
from badge.text.itemize import itemize
from badge.text.shape import ShapedLine, draw_line, shape_line


def shape(text: str, fonts: FontBook, direction: str = "auto", spacing_em: float = 0.0) -> ShapedLine:
    item = itemize(text, "en", direction, fonts)  # type: ignore[arg-type]
    return shape_line(item, 0, len(item.starts) - 1, 500, spacing_em)


def glyphs(line: ShapedLine) -> list[int]:
    return [glyph[1] for glyph in line.glyphs]


def test_arabic_letters_join_and_run_from_the_right(fonts: FontBook) -> None:
    word, letters = shape("محمد", fonts), [glyphs(shape(letter, fonts))[0] for letter in "محمد"]
    assert [glyph[4] for glyph in word.glyphs] == [3, 2, 1, 0]
    assert set(glyphs(word)[1:]).isdisjoint(letters)


def test_brackets_are_mirrored_in_right_to_left_text(fonts: FontBook) -> None:
    opening, closing = glyphs(shape("(", fonts)), glyphs(shape(")", fonts))
    mirrored = glyphs(shape("(א)", fonts))
    assert [mirrored[0], mirrored[-1]] == [*opening, *closing]


ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize("text", ["👩\u200d👩\u200d👧", "🇧🇪", "👍🏽", "1\ufe0f\u20e3", ENGLAND])
def test_an_emoji_sequence_is_one_picture(fonts: FontBook, text: str) -> None:
    line = shape(text, fonts)
    assert not line.missing
    assert len([1 for cut, glyph, *_ in line.glyphs if cut and fonts.outline(cut, glyph, 256).d]) == 1


def test_a_word_broken_across_lines_keeps_its_joined_forms(fonts: FontBook) -> None:
    item = itemize("حح", "ar", "auto", fonts)
    assert glyphs(shape_line(item, 0, 1, 500, 0.0)) != glyphs(shape("ح", fonts))


def test_letter_spacing_opens_latin_but_never_tears_arabic(fonts: FontBook) -> None:
    assert shape("Ana", fonts, spacing_em=0.1).width_em == pytest.approx(shape("Ana", fonts).width_em + 0.2)
    assert shape("محمد", fonts, spacing_em=0.1).width_em == shape("محمد", fonts).width_em


def test_what_no_face_has_is_named_and_drawn(fonts: FontBook) -> None:
    line = shape("A\U00010380", fonts)
    assert line.missing == ("\U00010380",)
    assert line.width_em > shape("A", fonts).width_em


def test_a_heart_takes_its_place_in_the_line(fonts: FontBook) -> None:
    drawn = draw_line(shape("A💙B", fonts), 20, 0.714, fonts)
    (heart,) = drawn.hearts
    a_width = shape("A", fonts).width_em * 20
    assert a_width < heart.x_px < heart.x_px + heart.size_px < drawn.width_px - a_width / 2
    middle = heart.y_px + 0.48 * heart.size_px
    assert middle == pytest.approx(-0.714 * 20 / 2)


def test_ink_that_begins_before_the_line_moves_the_line(fonts: FontBook) -> None:
    drawn = draw_line(shape("j", fonts), 100, 0.714, fonts)
    assert drawn.ink[0] == 0
    assert drawn.ink[2] <= drawn.width_px
