from itertools import pairwise
from math import ceil, floor

import pytest

from badge.text import FontBook
from badge.text.fonts import Cut
from badge.text.hint import QUARTER, ROW, fit_to_rows
from badge.text.outline import Outline, draw_outline
from tests.unit.text.test_outline import walk

SIZES_PX = (11.0, 11.75, 13.5, 18.5, 24.25)
LETTERS = {"Latn": "Hamburgefonstiv", "Deva": "अनित", "Arab": "محمد", "Hani": "蓝心支持者", "Thai": "สมชาย"}


def hinted(cut: Cut, letter: str, size_px: float) -> Outline:
    glyph = cut.font.get_nominal_glyph(ord(letter))
    return draw_outline(cut.font, glyph, ROW * size_px * cut.unit_em, cut.zones)


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_every_point_is_on_a_quarter_of_a_row(size_px: float, fonts: FontBook) -> None:
    for script, letters in LETTERS.items():
        for letter in letters:
            face = fonts.face_for(letter, script, 2)
            assert face
            outline = hinted(face.cut(600), letter, size_px)
            assert all(not y % QUARTER for _, y in walk(outline.d, outline.x, outline.y)), letter


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_letters_stand_on_whole_rows_and_are_as_tall_as_each_other(size_px: float, fonts: FontBook) -> None:
    cut = fonts.primary.cut(600)
    for letters in ("xzvenosac", "HEITZOCGB", "хзеносв"):
        drawn = [hinted(cut, letter, size_px) for letter in letters]
        assert {outline.bottom for outline in drawn} == {0}
        assert len({outline.top for outline in drawn}) == 1
        assert not drawn[0].top % ROW


def test_bars_of_a_letter_are_as_thick_as_each_other(fonts: FontBook) -> None:
    for size_px in SIZES_PX:
        outline = hinted(fonts.primary.cut(600), "E", size_px)
        heights = sorted({y for _, y in walk(outline.d, outline.x, outline.y)})
        bars = {below - above for above, below in list(pairwise(heights))[::2]}
        assert len(heights) == 6
        assert len(bars) == 1


def test_no_outline_moves_by_as_much_as_two_thirds_of_a_pixel(fonts: FontBook) -> None:
    for script, letters in LETTERS.items():
        for letter in letters:
            face = fonts.face_for(letter, script, 2)
            assert face
            cut, scale = face.cut(600), ROW * 13.5 * face.cut(600).unit_em
            glyph = cut.font.get_nominal_glyph(ord(letter))
            plain, fitted = draw_outline(cut.font, glyph, scale), hinted(cut, letter, 13.5)
            assert abs(plain.top - fitted.top) < ROW * 2 / 3
            assert abs(plain.bottom - fitted.bottom) < ROW * 2 / 3
            assert floor(plain.left) - 1 <= fitted.left <= fitted.right <= ceil(plain.right) + 1


def test_what_has_no_contour_has_none_after(fonts: FontBook) -> None:
    assert fit_to_rows([], 1.0, fonts.primary.cut(500).zones) == []
