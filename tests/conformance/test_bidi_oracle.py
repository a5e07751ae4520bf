"""Our order beside that of python-bidi (the Rust crate unicode-bidi), on whatever hypothesis thinks of."""

import regex
from bidi import get_display
from hypothesis import given, settings
from hypothesis import strategies as st

from badge.text import bidi
from badge.text.clean import clean

LETTERS = (
    "abcאבגדابتث123٤٥٦۷۸ ()[]<>{}「」.,:;+-%$€/!?'\"\u0301\u05b0\u064e\u200d\u200c\u200e\u200f\u061c💙éक字"
)


def displayed(text: str, base: int) -> str:
    levels = bidi.resolve(text, base).line(0, len(text))
    kept = [i for i, level in enumerate(levels) if level >= 0]
    return "".join(text[kept[i]] for i in bidi.reorder([levels[i] for i in kept]))


def without_joiners(text: str) -> str:
    return regex.sub(r"\p{Bidi_Class=BN}", "", text)


@settings(max_examples=400, deadline=None)
@given(st.text(LETTERS, max_size=40), st.sampled_from([0, 1]))
def test_names_of_mixed_letters_are_displayed_as_by_python_bidi(text: str, base: int) -> None:
    assert displayed(text, base) == without_joiners(get_display(text, base_dir="LR"[base]))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=30), st.sampled_from([0, 1]))
def test_any_cleaned_text_is_displayed_as_by_python_bidi(raw: str, base: int) -> None:
    text = clean(raw)
    assert displayed(text, base) == without_joiners(get_display(text, base_dir="LR"[base]))
