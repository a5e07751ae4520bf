"""Real names in every script that we promise: no letter missing, and shaped as HarfBuzz shapes the whole."""

import json
from pathlib import Path

import pytest
import regex
import uharfbuzz as hb

from badge.text import FontBook, TextBox, clean, fit, graphemes, initials
from badge.text.itemize import itemize
from badge.text.shape import shape_line

SCRIPTS = json.loads(Path(__file__).with_name("names.json").read_text("utf-8"))
NAMES = [
    pytest.param(name, told["script"], told["lang"], id=f"{who}-{name}")
    for who, told in SCRIPTS.items()
    for name in told["names"]
]
# What names hold besides letters of one script.
MORE = {
    "joined emoji": "👩‍👩‍👧 👩🏽‍🚀 🏳️‍🌈 ❤️‍🔥",
    "flags": "🇧🇪 🇫🇷 🇺🇳 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "skin tones": "👍🏽 👋🏻 👋🏿 🤝🏾",
    "keycaps and hearts": "1️⃣ #️⃣ 💙 ❤ ❤️ 🧡 ♥ ☀ ★",
    "signs": "O'Neil & Söhne – « № 5 » €₹₽ ½ → • · © ® ™ ¡¿ “„”’",
    "dress": "𝓐𝓷𝓪 𝔸𝕟𝕒 ⒶⓃⒶ Ａｎａ",
    "mixture": "Ana عبد الله & 山田 (שלום) 💙 김민준 ភាសា 2026",
}


@pytest.mark.parametrize(("name", "script", "lang"), NAMES)
def test_a_name_is_shaped_as_harfbuzz_shapes_the_whole_of_it(
    fonts: FontBook, name: str, script: str, lang: str
) -> None:
    item = itemize(name, lang, "auto", fonts)
    line = shape_line(item, 0, len(item.starts) - 1, 600, 0.0)
    face = item.faces[0]
    assert face is not None
    cut = face.cut(600)
    buffer = hb.Buffer()
    buffer.add_str(name)
    buffer.guess_segment_properties()
    buffer.language = item.lang_of.get(script, lang)
    hb.shape(cut.font, buffer)
    pen, wanted = 0, []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        wanted.append((info.codepoint, pytest.approx((pen + position.x_offset) * cut.unit_em)))
        pen += position.x_advance
    assert [(glyph, x) for _, glyph, x, _, _, _ in line.glyphs] == wanted
    assert buffer.script == script


@pytest.mark.parametrize("name", [*(param.values[0] for param in NAMES), *MORE.values()])
def test_no_letter_is_missing(fonts: FontBook, name: str) -> None:
    for text in (clean(name), initials(clean(name))):
        fitted = fit(text, TextBox(2000, 24), fonts)
        assert fitted.missing == ()
        assert not fitted.truncated
        assert fitted.lines[0].d or fitted.lines[0].hearts


@pytest.mark.parametrize(("name", "script", "lang"), NAMES)
def test_initials_are_letters_of_the_names_script_and_begin_with_no_mark(
    name: str, script: str, lang: str
) -> None:
    letters = graphemes(initials(clean(name)).replace("\u2009", ""))
    assert letters
    assert all(regex.match(rf"[\p{{{script}}}&&\p{{L}}]", letter, regex.V1) for letter in letters)


def test_urdu_digits_have_their_own_forms(fonts: FontBook) -> None:
    def last_glyph(text: str) -> int:
        item = itemize(text, "en", "auto", fonts)
        return next(
            g[1] for g in shape_line(item, 0, len(item.starts) - 1, 500, 0.0).glyphs if g[4] == len(text) - 1
        )

    assert last_glyph("کراچی ۴") != last_glyph("ٹاؤن ۴")
