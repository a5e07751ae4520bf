"""What an audit asks of the data store beyond the ledger's own calls, and how it puts counters right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from badge.store.entry import Breakdown
from badge.store.lane import Commands, Script

TABLES = ("n", "c", "d", "l")
_NUMBER = re.compile(r"0|-?[1-9][0-9]*")
_SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True, slots=True)
class Correction:
    """One counter that is wrong: its table and field, what it says and what the log says."""

    table: str
    field: str
    said: str
    right: int

    @property
    def by(self) -> int | None:
        """Returns what must be added; None where the counter is no number, as the store reads them."""
        return self.right - int(self.said) if _NUMBER.fullmatch(self.said) else None


class AuditStore:
    """Reads what lies beside the log and corrects it; each call may be repeated, raises StoreError."""

    def __init__(self, lane: Commands, *, timeout_s: float = 30.0) -> None:
        self._lane = lane
        self._timeout_s = timeout_s
        shared = (_SCRIPTS / "ledger.lua").read_text()
        self._breakdown, self._marks, self._correct = (
            Script(shared + (_SCRIPTS / f"{name}.lua").read_text())
            for name in ("breakdown", "marks", "correct")
        )

    async def counters(self, slug: str) -> dict[str, dict[str, str]]:
        """Returns every counter of every table as it is kept, be it a number or not, all of one moment."""
        reply = await self._lane.run(self._breakdown, _key(slug), timeout_s=self._timeout_s, lasting=False)
        texts = [[text.decode("latin-1") for text in flat] for flat in reply]
        return {
            table: dict(zip(flat[::2], flat[1::2], strict=True))
            for table, flat in zip(TABLES, texts, strict=True)
        }

    async def undone(self, slug: str) -> bytes:
        """Returns the bitmap of undone sequences, the bit of sequence 0 being the first byte's highest."""
        found: bytes | None = await self._lane.call(
            "GET", f"bh:{{{slug}}}:w", timeout_s=self._timeout_s, lasting=False
        )
        return found or b""

    async def marks(self, slug: str) -> dict[int, tuple[str, int]]:
        """Returns by week (of Unix time) how many marks the counter says, and how many there are."""
        flat = await self._lane.run(self._marks, _key(slug), timeout_s=self._timeout_s, lasting=False)
        return {flat[at]: (flat[at + 1].decode("latin-1"), flat[at + 2]) for at in range(0, len(flat), 3)}

    async def correct(
        self, slug: str, token: str, corrections: Sequence[Correction], undone: Mapping[int, bool]
    ) -> None:
        """Corrects counters and the bits of undone sequences, once for each token."""
        counters: list[list[str | int]] = [
            [c.table, c.field.encode("latin-1").hex(), *((c.right, 1) if c.by is None else (c.by,))]
            for c in corrections
        ]
        bits = [[sequence, int(is_undone)] for sequence, is_undone in undone.items()]
        await self._lane.run(
            self._correct,
            _key(slug),
            token,
            msgspec.json.encode(counters),
            msgspec.json.encode(bits),
            timeout_s=self._timeout_s,
        )


def tables(counters: Breakdown) -> dict[str, dict[str, int]]:
    """Returns counters as the store keeps them: table, field and number."""
    n = {"p": counters.tally.pledged, "u": counters.tally.undone, "x": counters.invalidated}
    return {
        "n": n | {f"s{code}": count for code, count in counters.by_source.items()},
        "c": counters.by_country,
        "d": {str(day): count for day, count in counters.by_day.items()},
        "l": counters.by_language,
    }


def _key(slug: str) -> str:
    return f"bh:{{{slug}}}:n"
