"""Whatever the text and the box: it stays inside, nothing raises, and the same gives the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge.text import FontBook, TextBox, clean, fit, graphemes, initials

SCRIPTS = (
    "abcÄß ÖABC,.-'’()שלוםابتثमक्षिนำเก山田がㅎ한💙❤\ufe0f👩\u200d👧🇧🇪1٣\u0301\u05b0\u200c\u200f…﷽\U00010380"
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(SCRIPTS, max_size=120)
boxes = st.builds(
    TextBox,
    width_px=st.floats(1, 1200),
    size_px=st.floats(5, 160),
    weight=st.sampled_from([400, 500, 700]),
    lang=st.sampled_from(["en", "ar", "ja", "zh", "ko", "hi"]),
    direction=st.sampled_from(["ltr", "rtl", "auto"]),
    max_lines=st.integers(1, 5),
    min_size_px=st.none() | st.floats(1, 40),
    letter_spacing_em=st.sampled_from([0.0, 0.0, 0.1, -0.02]),
)


@pytest.fixture(scope="module")
def fonts() -> FontBook:
    return FontBook.load()


@settings(max_examples=400, deadline=None)
@given(raw=texts, box=boxes)
def test_a_fitted_text_is_inside_its_box(fonts: FontBook, raw: str, box: TextBox) -> None:
    fitted = fit(clean(raw), box, fonts)
    assert 1 <= len(fitted.lines) <= box.max_lines
    assert box.floor_px <= fitted.size_px <= box.size_px
    for line in fitted.lines:
        left, top, right, bottom = line.ink
        assert line.width_px <= box.width_px + 1e-6
        assert 0 <= left <= right <= line.width_px + 1e-6
        assert -fitted.ascent_px <= top <= bottom <= fitted.descent_px
        assert line.d.count("m") == line.d.count("z")
    for above, below in zip(fitted.lines, fitted.lines[1:], strict=False):
        if above.d and below.d:
            assert above.ink[3] <= fitted.line_height_px + below.ink[1]


@settings(max_examples=50, deadline=None)
@given(raw=texts, box=boxes)
def test_the_same_text_gives_the_same_lines_with_fresh_fonts(fonts: FontBook, raw: str, box: TextBox) -> None:
    assert fit(clean(raw), box, fonts) == fit(clean(raw), box, FontBook.load())


@settings(max_examples=200, deadline=None)
@given(raw=texts)
def test_initials_are_few_and_begin_with_no_mark(raw: str) -> None:
    found = initials(clean(raw))
    assert len(graphemes(found)) <= 5
    assert bool(found) == bool(clean(raw))
