"""What the ledger's scripts say: an entry of the log, a pledge as written, the counters of a campaign."""

import functools
import operator
import struct
from dataclasses import dataclass
from typing import Literal

from badge.store.lane import StoreError

Kind = Literal["+", "-", "x"]

_ENTRY = struct.Struct(">cHI32s")
ENTRY_BYTES = 40
DETAILS_BYTES = 12


class Damaged(StoreError):
    """Something in the ledger is not as it was written; `blueheart audit` tells all of it."""


def checked(body: bytes) -> bytes:
    """Returns the bytes and the XOR of them all, by which an audit finds a bit that flipped."""
    return body + bytes((functools.reduce(operator.xor, body),))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a campaign's log: "+" pledged, "-" withdrawn or "x" invalidated.

    The sequence of the last two is that of the pledge which they undo, and so is the commitment; the day
    (from 1970-01-01) is their own.
    """

    kind: str
    day: int
    sequence: int
    commitment: bytes

    def pack(self) -> bytes:
        """Returns the 40 bytes that the log holds."""
        return checked(_ENTRY.pack(self.kind.encode(), self.day, self.sequence, self.commitment))

    @classmethod
    def unpack(cls, data: bytes) -> "Entry":
        """Reads the 40 bytes that the log holds; raises Damaged where they are not there, or not whole."""
        if len(data) != ENTRY_BYTES or checked(data[:-1]) != data:
            raise Damaged("an entry of the ledger is missing or damaged; run blueheart audit")
        kind, day, sequence, commitment = _ENTRY.unpack(data[:-1])
        return cls(kind.decode("latin-1"), day, sequence, commitment)


def unpacked(log: bytes, details: bytes) -> list[tuple[Entry, bytes]]:
    """Returns packed entries as values, each with its packed details; raises Damaged."""
    return [
        (
            Entry.unpack(log[n * ENTRY_BYTES : (n + 1) * ENTRY_BYTES]),
            details[n * DETAILS_BYTES : (n + 1) * DETAILS_BYTES],
        )
        for n in range(len(log) // ENTRY_BYTES)
    ]


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof of work that holds: its nonce, who may spend it, and for how long that is remembered (s)."""

    nonce: str
    owner: bytes
    keep_s: int


@dataclass(frozen=True, slots=True)
class Written:
    """A pledge in the log: its position from 0, its entry unless that left memory, whether it was new."""

    position: int
    entry: Entry | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pledges a campaign ever took and how many were undone."""

    pledged: int
    undone: int

    @property
    def total(self) -> int:
        """Returns the pledges that stand."""
        return self.pledged - self.undone

    @property
    def length(self) -> int:
        """Returns the number of entries in the log."""
        return self.pledged + self.undone


@dataclass(frozen=True, slots=True)
class Undone:
    """What a withdrawal came to: known is False where the log holds no such pledge.

    archived tells that the entry is in a file, and that nothing was done.
    """

    known: bool
    already: bool
    tally: Tally
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """Counters that could tell of one person, of one moment of a day (counted from 1970-01-01)."""

    day: int
    by_country: dict[str, int]
    by_language: dict[str, int]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All counters of a campaign at one moment; sources by their code, days counted from 1970-01-01."""

    tally: Tally
    invalidated: int
    by_country: dict[str, int]
    by_source: dict[int, int]
    by_day: dict[int, int]
    by_language: dict[str, int]
