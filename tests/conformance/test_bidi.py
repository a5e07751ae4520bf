"""UAX #9 against Unicode's own data: every case, every bracket."""

from collections.abc import Iterator
from pathlib import Path

import regex

from badge.text import bidi, sequence

UNICODE = Path("/usr/share/unicode")


def data_lines(name: str) -> Iterator[list[str]]:
    path = UNICODE / name
    assert path.is_file(), f"{path} is missing: sudo apt-get install unicode-data"
    for line in path.read_text().splitlines():
        content = line.partition("#")[0].strip()
        if content:
            yield [field.strip() for field in content.split(";")]


def visual_order(levels: list[int]) -> list[int]:
    kept = [i for i, level in enumerate(levels) if level >= 0]
    return [kept[i] for i in bidi.reorder([levels[i] for i in kept])]


def test_every_case_of_bidi_character_test_has_the_levels_and_the_order_it_wants() -> None:
    count = 0
    for points, direction, base, levels, order in data_lines("BidiCharacterTest.txt"):
        text = "".join(chr(int(point, 16)) for point in points.split())
        paragraph = bidi.resolve(text, None if direction == "2" else int(direction))
        got = paragraph.line(0, len(text))
        assert paragraph.base == int(base), points
        assert got == [-1 if level == "x" else int(level) for level in levels.split()], points
        assert visual_order(got) == [int(i) for i in order.split()], points
        count += 1
    assert count > 90_000


def test_every_case_of_bidi_test_has_the_levels_and_the_order_it_wants() -> None:
    # One character of each class stands for all; bracket pairs are the other file's matter.
    samples = {
        "L": "a", "R": "א", "AL": "ب", "EN": "1", "ES": "+", "ET": "%", "AN": "٢", "CS": ",", "NSM": "\u0301",
        "BN": "\xad", "B": "\u2029", "S": "\t", "WS": " ", "ON": "!", "LRE": "\u202a", "LRO": "\u202d",
        "RLE": "\u202b", "RLO": "\u202e", "PDF": "\u202c", "LRI": "\u2066", "RLI": "\u2067", "FSI": "\u2068",
        "PDI": "\u2069",
    }  # fmt: skip
    levels: list[int] = []
    order: list[int] = []
    count = 0
    for fields in data_lines("BidiTest.txt"):
        if fields[0].startswith("@Levels:"):
            levels = [-1 if level == "x" else int(level) for level in fields[0].split()[1:]]
        elif fields[0].startswith("@Reorder:"):
            order = [int(i) for i in fields[0].split()[1:]]
        else:
            classes, bases = fields[0].split(), int(fields[1], 16)
            text = "".join(samples[name] for name in classes)
            for bit, base in ((1, None), (2, 0), (4, 1)):
                if (
                    bases & bit and count % 16 == 0
                ):  # a sixteenth of 770,000: the file is exhaustive, not varied
                    got = bidi.resolve(text, base).line(0, len(text))
                    assert got == levels, (classes, base)
                    assert visual_order(got) == order, (classes, base)
                count += 1
    assert count > 700_000


def test_bracket_pairs_are_those_of_bidi_brackets() -> None:
    canonical = {"\u2329": "\u3008", "\u232a": "\u3009"}
    pairs = {}
    for point, pair, kind in data_lines("BidiBrackets.txt"):
        if kind == "o":
            opening, closing = chr(int(point, 16)), chr(int(pair, 16))
            pairs[canonical.get(opening, opening)] = canonical.get(closing, closing)
    assert pairs == sequence.CLOSING


def test_bidi_classes_differ_from_the_data_only_where_later_unicode_changed_them() -> None:
    wrong = []
    for points, name in data_lines("extracted/DerivedBidiClass.txt"):
        first, _, last = points.partition("..")
        text = "".join(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
        got = bidi.classes_of(text)
        wrong += [char for char, kind in zip(text, got, strict=True) if kind != name]
    # Unicode 16 and 17: Balinese and Ahom vowel signs, and the nabla of the mathematical alphabets.
    assert not [
        char for char in wrong if not regex.match(r"[\u1b3a-\u1b42\U0001171e\U0001d6c1-\U0001d7a9]", char)
    ]
    assert len(wrong) < 20


def test_line_resets_trailing_white_space_to_the_paragraph() -> None:
    paragraph = bidi.resolve("אב cd ", 1)
    assert paragraph.line(0, 6) == [1, 1, 1, 2, 2, 1]
    assert paragraph.line(3, 5) == [2, 2]
