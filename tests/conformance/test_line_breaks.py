"""UAX #14 against Unicode's LineBreakTest.txt; lines with hard breaks are left out, cleaned text has none."""

from pathlib import Path

import regex

from badge.text.breaks import break_offsets

DATA = Path("/usr/share/unicode/auxiliary/LineBreakTest.txt")
HARD = regex.compile(r"[\n-\r\x85\u2028\u2029]")


def test_every_case_of_line_break_test_breaks_where_it_wants() -> None:
    assert DATA.is_file(), f"{DATA} is missing: sudo apt-get install unicode-data"
    count = 0
    for line in DATA.read_text().splitlines():
        tokens = line.partition("#")[0].split()
        text, wanted = "", []
        for token in tokens:
            if token == "÷":
                wanted.append(len(text))
            elif token != "×":
                text += chr(int(token, 16))
        if not text or HARD.search(text):
            continue
        assert break_offsets(text) == [offset for offset in wanted if 0 < offset < len(text)], line
        count += 1
    assert count > 6_000
