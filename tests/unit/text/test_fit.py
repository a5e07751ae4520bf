import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import thread_time

import pytest

from badge.text import FittedText, FontBook, TextBox, fit
from badge.text.itemize import itemize
from badge.text.outline import grid_for
from badge.text.shape import draw_line, shape_line

STATEMENT = "Every person has the right to be free, and we wear the Blue Heart so that nobody forgets it."

NAMES = [
    name
    for told in json.loads(Path(__file__).with_name("names.json").read_text("utf-8")).values()
    for name in told["names"]
]


def inside(fitted: FittedText, box: TextBox) -> bool:
    return all(
        line.width_px <= box.width_px + 1e-6 and line.ink[0] >= 0 and line.ink[2] <= line.width_px + 1e-6
        for line in fitted.lines
    )


def test_a_text_with_room_keeps_its_design_size(fonts: FontBook) -> None:
    fitted = fit("Ana", TextBox(300, 15, weight=700), fonts)
    assert (fitted.size_px, len(fitted.lines), fitted.truncated, fitted.rtl) == (15, 1, False, False)
    assert fitted.cap_height_px == pytest.approx(0.714 * 15)


def test_a_box_as_wide_as_its_text_holds_it(fonts: FontBook) -> None:
    width_px = fit("Maximiliane", TextBox(500, 20), fonts).width_px
    assert fit("Maximiliane", TextBox(width_px, 20), fonts).size_px == 20


def test_a_long_name_shrinks_first(fonts: FontBook) -> None:
    box = TextBox(150, 20)
    fitted = fit("Maximiliane Schröder", box, fonts)
    assert 12 <= fitted.size_px < 20
    assert not fitted.truncated
    assert 0.95 * box.width_px < fitted.width_px <= box.width_px


def test_a_name_that_would_shrink_too_far_wraps_at_a_larger_size(fonts: FontBook) -> None:
    fitted = fit("Maximiliane Schröder von Hohenstein", TextBox(200, 30, max_lines=2), fonts)
    assert len(fitted.lines) == 2
    assert (
        fitted.size_px
        > fit("Maximiliane Schröder von Hohenstein", TextBox(200, 30, min_size_px=1), fonts).size_px
    )


def test_lines_are_balanced(fonts: FontBook) -> None:
    fitted = fit(STATEMENT, TextBox(500, 30, max_lines=6), fonts)
    widths = [line.width_px for line in fitted.lines]
    assert len(widths) > 2
    assert min(widths) > 0.7 * max(widths)


def test_a_word_longer_than_its_line_shrinks_before_it_breaks(fonts: FontBook) -> None:
    word = "Donaudampfschifffahrtsgesellsch"
    assert len(fit(word, TextBox(330, 30, max_lines=2), fonts).lines) == 1
    broken = fit(word, TextBox(200, 30, max_lines=2), fonts)
    assert len(broken.lines) == 2
    assert not broken.truncated


def test_what_does_not_fit_ends_with_an_ellipsis_at_the_smallest_size(fonts: FontBook) -> None:
    box = TextBox(100, 20)
    fitted = fit(STATEMENT, box, fonts)
    assert fitted.truncated
    assert fitted.size_px == 12
    assert inside(fitted, box)
    assert fitted.width_px > 0.85 * box.width_px


def test_the_ellipsis_of_right_to_left_text_is_at_the_left(fonts: FontBook) -> None:
    ellipsis = fit("…", TextBox(100, 12, min_size_px=12), fonts).lines[0]
    cut = fit("محمد عبد الله " * 5, TextBox(100, 12, min_size_px=12), fonts)
    assert cut.truncated
    assert cut.rtl
    # Every dot of an ellipsis is the same contour, and the line's first contour is the leftmost ink.
    first_dot = ellipsis.d[1:].split("z")[0].lstrip("-0123456789 ")
    assert first_dot in cut.lines[0].d.split("z")[0]


def test_thai_breaks_without_spaces(fonts: FontBook) -> None:
    fitted = fit("สวัสดีเพื่อนรักของเราทุกคนในโลกนี้", TextBox(200, 30, max_lines=3), fonts)
    assert len(fitted.lines) > 1
    assert not fitted.truncated


def test_lines_of_tall_scripts_do_not_touch(fonts: FontBook) -> None:
    for text in ("श्रीकृष्ण त्रिपाठी " * 4, "น้ำปี่ ใจดีที่สุด ฎุฐู " * 4, "أَلْحَمْدُ لِلَّهِ رَبِّ " * 4):
        fitted = fit(text.strip(), TextBox(200, 24, max_lines=6, line_height_em=1.0), fonts)
        assert len(fitted.lines) > 1
        for above, below in zip(fitted.lines, fitted.lines[1:], strict=False):
            assert above.ink[3] < fitted.line_height_px + below.ink[1]
        assert fitted.ascent_px >= -min(line.ink[1] for line in fitted.lines)
        assert fitted.descent_px >= max(line.ink[3] for line in fitted.lines)


def test_marks_heaped_on_marks_stay_near_their_line(fonts: FontBook) -> None:
    above = "".join(chr(0x300 + i) for i in range(19))
    below = "\u0323\u0324\u0325\u0326\u032d\u032e\u0330\u0331" * 2
    fitted = fit(f"Zo{above}e Mu{below}l", TextBox(60, 40, max_lines=2), fonts)
    assert len(fitted.lines) == 2
    top, bottom = fitted.lines[0].ink[1], fitted.lines[1].ink[3]
    assert -1.5 * fitted.size_px <= top < -fitted.cap_height_px
    assert 0 < bottom <= 0.75 * fitted.size_px
    assert fitted.lines[0].ink[3] < fitted.line_height_px + fitted.lines[1].ink[1]


def test_the_tallest_names_keep_all_their_marks(fonts: FontBook) -> None:
    for name in NAMES:
        item = itemize(name, "en", "auto", fonts)
        line = shape_line(item, 0, len(item.starts) - 1, 700, 0.0)
        drawn = draw_line(line, 40, 0.714, fonts)
        contours = sum(fonts.outline(g[0], g[1], grid_for(40)).d.count("z") for g in line.glyphs if g[0])
        assert drawn.d.count("z") == contours, name


def test_a_box_too_small_for_anything_stays_empty(fonts: FontBook) -> None:
    fitted = fit("Ana Maria", TextBox(2, 20, max_lines=3), fonts)
    assert fitted.truncated
    assert all(line.d == "" for line in fitted.lines)


def test_no_text_is_one_empty_line(fonts: FontBook) -> None:
    fitted = fit("", TextBox(100, 20), fonts)
    assert [line.d for line in fitted.lines] == [""]
    assert not fitted.truncated


@pytest.mark.parametrize(
    "wrong",
    [
        {"width_px": 0.0},
        {"width_px": float("nan")},
        {"size_px": float("inf")},
        {"min_size_px": -1.0},
        {"max_lines": 0},
        {"weight": 0},
        {"line_height_em": 0.0},
        {"letter_spacing_em": 99.0},
    ],
)
def test_a_box_out_of_bounds_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a text box wants"):
        TextBox(**{"width_px": 100.0, "size_px": 20.0, **wrong})  # type: ignore[arg-type]


def test_a_small_badges_texts_take_few_bytes(fonts: FontBook) -> None:
    line = fit("I wear the Blue Heart", TextBox(500, 13, weight=500), fonts).lines[0]
    name = fit("Maximiliane Schröder", TextBox(500, 15, weight=700), fonts).lines[0]
    assert len(line.d) + len(name.d) < 6_500


@pytest.mark.parametrize(
    "text",
    [
        ("a" + "".join(chr(0x300 + i) for i in range(19))) * 200,
        ("ب" + "\u064e\u0651" * 9) * 200,
        ("👩" + "\u200d👩" * 9) * 200,
        "(" * 100 + ")" * 100,
        "\U00010380" * 200,
        "aب(1💙あ" * 33,
    ],
    ids=["marks", "harakat", "joined emoji", "brackets", "missing", "mixture"],
)
def test_the_worst_text_takes_bounded_time(fonts: FontBook, text: str) -> None:
    for lines in (1, 6):
        fit(text, TextBox(300, 40, max_lines=lines), fonts)  # opens the faces
        started = thread_time()
        fit(text, TextBox(301, 40, max_lines=lines), fonts)
        assert thread_time() - started < 0.5  # 20 to 50 ms; slow machines are slower


def test_two_threads_draw_the_same_as_one() -> None:
    boxes = [
        TextBox(width, size, weight=weight)
        for width in (90, 400)
        for size in (13, 40)
        for weight in (500, 700)
    ]
    jobs = [(name, box) for box in boxes for name in NAMES]
    alone = FontBook.load()
    wanted = [fit(name, box, alone) for name, box in jobs]
    shared = FontBook.load()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            rounds = [pool.submit(lambda: [fit(name, box, shared) for name, box in jobs]) for _ in range(4)]
            assert all(done.result() == wanted for done in rounds)
    finally:
        sys.setswitchinterval(interval)
