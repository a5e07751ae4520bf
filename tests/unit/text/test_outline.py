import regex

from badge.text import FontBook
from badge.text.outline import draw_outline, grid_for

TOKEN = regex.compile(r"([a-z])|(-?\d+)| ")


def walk(d: str, x: int = 0, y: int = 0) -> list[tuple[int, int]]:
    """Follows relative path data and returns the end of every segment."""
    ends = []
    command, numbers, start = "l", [], (x, y)
    arity = {"m": 2, "l": 2, "h": 1, "v": 1, "q": 4, "c": 6}
    for letter, number in TOKEN.findall(d):
        if letter == "z":
            x, y = start
        elif letter:
            command = letter
        elif number:
            numbers.append(int(number))
            if len(numbers) == arity[command]:
                dx, dy = {"h": (numbers[0], 0), "v": (0, numbers[0])}.get(command, tuple(numbers[-2:]))
                x, y = x + dx, y + dy
                ends.append((x, y))
                if command == "m":
                    start, command = (x, y), "l"
                numbers = []
    assert not numbers
    return ends


def test_a_grid_is_a_sixteenth_of_a_pixel_or_finer_but_no_finer_than_needed() -> None:
    for size in range(10, 129):
        assert 16 <= grid_for(size) / size <= 21
    assert grid_for(400) == 2048


def test_path_data_has_no_separator_that_could_be_spared(fonts: FontBook) -> None:
    cut = fonts.primary.cut(500)
    for glyph in range(30, 120):
        d = draw_outline(cut.font, glyph, 0.24).d
        assert not regex.search(r" -| [a-z]|[a-z] |  |[^mlhvqcz0-9 -]|--|-0", d), d


def test_rounding_does_not_add_up_along_a_contour(fonts: FontBook) -> None:
    cut = fonts.primary.cut(700)
    for glyph in range(30, 200):
        coarse, fine = draw_outline(cut.font, glyph, 0.24), draw_outline(cut.font, glyph, 2.4)
        ink = (coarse.left, coarse.top, coarse.right, coarse.bottom)
        exact = (fine.left / 10, fine.top / 10, fine.right / 10, fine.bottom / 10)
        assert all(abs(a - b) <= 1.0 for a, b in zip(ink, exact, strict=True))
        ends = walk(coarse.d, coarse.x, coarse.y)
        assert all(coarse.left <= x <= coarse.right and coarse.top <= y <= coarse.bottom for x, y in ends)


def test_a_space_has_no_outline(fonts: FontBook) -> None:
    cut = fonts.primary.cut(400)
    assert draw_outline(cut.font, cut.font.get_nominal_glyph(32), 1.0).d == ""
