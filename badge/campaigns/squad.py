"""A squad's list: the CSV that a club keeps, as its spreadsheet writes it."""

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from badge.catalogue.query import near

MAX_BYTES = 1_000_000
MAX_PLAYERS = 1000
_MAX_COLUMNS = 32
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Player:
    """One row of the list: the line it stands on and what its cells say, the empty ones left out.

    `beyond` is what stands right of the last column: a name with a bare comma pushes the others there.
    """

    line: int
    cells: Mapping[str, str]
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Squad:
    """The rows of a list, and the columns that no picture has a place for."""

    players: tuple[Player, ...]
    strange: tuple[str, ...]


def read_squad(data: bytes, known: tuple[str, ...]) -> Squad:
    """Reads a CSV with a heading row (RFC 4180): commas, semicolons or tabs; UTF-8, or UTF-16 with its mark.

    `known` are the columns that pictures may use. Raises ValueError that names the line, or the column that
    was probably meant.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"the list has {len(data):,} bytes; at most {MAX_BYTES:,} are read")
    rows = _rows(_decode(data))
    _, heading = next(rows, (1, []))
    columns = [cell.strip().lower() for cell in heading]
    _check(columns, known)
    players: list[Player] = []
    for line, row in rows:
        cells = {
            c: cell.strip() for c, cell in zip(columns, row, strict=False) if c in known and cell.strip()
        }
        if not any(cell.strip() for cell in row):
            continue
        if len(players) == MAX_PLAYERS:
            raise ValueError(f"line {line}: the list has more than {MAX_PLAYERS:,} players; split it")
        beyond = next((cell.strip() for cell in row[len(columns) :] if cell.strip()), "")
        players.append(Player(line, MappingProxyType(cells), beyond))
    if not players:
        raise ValueError("the list has a heading and nobody under it; add a line for each player")
    return Squad(tuple(players), tuple(c for c in columns if c and c not in known))


def _decode(data: bytes) -> str:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"line {line}: not {encoding.upper()}; in the spreadsheet choose “CSV UTF-8” when saving"
        ) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}; is a quotation mark left open?") from None


def _check(columns: list[str], known: tuple[str, ...]) -> None:
    if len(columns) > _MAX_COLUMNS:
        raise ValueError(f"line 1: {len(columns)} columns; at most {_MAX_COLUMNS} are read")
    named = [column for column in columns if column]
    for column in named:
        if named.count(column) > 1:
            raise ValueError(f"line 1: the column {column} is there twice; keep one")
        if column not in known and (meant := near(column, known)):
            raise ValueError(f"line 1: there is no column {column}; did you mean {meant}?")
    if "name" in known and "name" not in columns:
        raise ValueError(
            f"line 1: no column is called name; the first line names the columns: {', '.join(known)}"
        )
