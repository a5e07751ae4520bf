from itertools import pairwise
from math import atan2, hypot, pi

import pytest
import regex

from badge.text import FittedLine, FontBook, TextBox, bend, fit

RADIUS_PX = 200.0


def line_of(text: str, fonts: FontBook) -> FittedLine:
    return fit(text, TextBox(600, 40, weight=600), fonts).lines[0]


def points(line: FittedLine) -> list[tuple[float, float]]:
    """Returns the start of every contour, in pixels."""
    x = y = 0
    starts = []
    for contour in regex.findall(r"m[^z]*z", line.d):
        dx, dy = map(int, regex.match(r"m(-?\d+)[ ]?(-?\d+)", contour).groups())
        x, y = x + dx, y + dy
        starts.append((x * line.scale, y * line.scale))
    return starts


@pytest.mark.parametrize("side", ["top", "bottom"])
@pytest.mark.parametrize("text", ["Zoë Müller", "محمد عبد الله", "अनन्या शर्मा", "山田 太郎"])
def test_every_outline_lies_where_the_circle_takes_it(fonts: FontBook, text: str, side: str) -> None:
    line = line_of(text, fonts)
    bent = bend(line, RADIUS_PX, RADIUS_PX, side)  # type: ignore[arg-type]
    outward = 1 if side == "top" else -1
    straight, round_ = points(line), points(bent)
    assert len(straight) == len(round_) > 2
    for (x, y), (bent_x, bent_y) in zip(straight, round_, strict=True):
        assert hypot(bent_x, bent_y) == pytest.approx(RADIUS_PX - outward * y, abs=0.1)
        angle = atan2(bent_x, -outward * bent_y)
        assert angle * RADIUS_PX == pytest.approx(x - line.width_px / 2, abs=0.1)


def test_the_ink_of_a_bent_line_is_a_segment_of_the_ring(fonts: FontBook) -> None:
    line = line_of("HUHUHUHUH", fonts)
    left, top, right, bottom = bend(line, RADIUS_PX, RADIUS_PX, "top").ink
    assert -RADIUS_PX + line.ink[1] <= top < -RADIUS_PX
    assert bottom < 0
    assert left == pytest.approx(-right, abs=4)


def test_straight_strokes_become_arcs_that_stay_whole(fonts: FontBook) -> None:
    """The headline of Devanagari is long and straight: as a chord it would cut through the circle."""
    line = line_of("ननननननन", fonts)
    bent = bend(line, RADIUS_PX, RADIUS_PX, "top")
    assert bent.d.count("z") == line.d.count("z")
    assert bent.d.count("q") > line.d.count("q")


def test_hearts_turn_with_the_line(fonts: FontBook) -> None:
    line = line_of("💙 Ana 💙", fonts)
    for side, sign in (("top", 1), ("bottom", -1)):
        first, last = bend(line, RADIUS_PX, RADIUS_PX, side).hearts  # type: ignore[arg-type]
        assert first.turn_deg * sign < 0 < last.turn_deg * sign
        assert first.turn_deg == pytest.approx(-last.turn_deg, abs=2)
        assert first.size_px == line.hearts[0].size_px


def test_a_full_turn_comes_back(fonts: FontBook) -> None:
    line = line_of("iiii", fonts)
    radius_px = line.width_px / (2 * pi)
    bent = bend(line, radius_px, radius_px, "top")
    assert all(hypot(*point) > 0 for point in points(bent))
    assert all(a != b for a, b in pairwise(points(bent)))


def test_nothing_bends_to_nothing(fonts: FontBook) -> None:
    assert bend(line_of("", fonts), RADIUS_PX, RADIUS_PX, "top").d == ""
