"""Taking back false pledges: a run of them is removed in the open, each by an entry of its own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from badge.errors import InvalidField
from badge.pledges.archive import Archive
from badge.pledges.pledge import SOURCE_CODES, Source, check_slug
from badge.store.audit import AuditStore
from badge.store.entry import Entry, unpacked
from badge.store.pledges import MOST_ENTRIES, PledgeStore

_AT_ONCE = 256
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Run:
    """Which pledges: from a day or a number to another, both included; of one source; of a set of numbers."""

    campaign: str
    first: date | int
    last: date | int
    source: Source | None = None
    among: frozenset[int] | None = None

    def __post_init__(self) -> None:
        check_slug(self.campaign)
        if type(self.first) is not type(self.last):
            raise InvalidField("from and to are both days or both numbers of pledges", field="from")
        if _place(self.first) > _place(self.last):
            raise InvalidField(f"from {self.first} comes after to {self.last}", field="from")

    def holds(self, entry: Entry, details: bytes) -> bool:
        """Tells whether an entry is a pledge of this run."""
        if entry.kind != "+":
            return False
        if self.source is not None and details[0] != SOURCE_CODES[self.source]:
            return False
        if self.among is not None and entry.sequence not in self.among:
            return False
        place = entry.day + _EPOCH if isinstance(self.first, date) else entry.sequence
        return _place(self.first) <= place <= _place(self.last)


def _place(end: date | int) -> int:
    return end.toordinal() if isinstance(end, date) else end


class Invalidation:
    """Finds and removes runs; broken off it may be begun anew, as what is removed already is passed over."""

    def __init__(self, pledges: PledgeStore, audit: AuditStore, archive: Archive) -> None:
        self._pledges = pledges
        self._archive = archive
        self._audit = audit

    async def count(self, run: Run) -> int:
        """Returns how many pledges of a run stand; nothing is changed. Raises StoreError."""
        return sum([len(found) async for found in self._find(run)])

    async def remove(self, run: Run) -> AsyncIterator[int]:
        """Removes a run in batches, and yields how many are removed by now; raises StoreError."""
        removed = 0
        async for found in self._find(run):
            for start in range(0, len(found), _AT_ONCE):
                batch = found[start : start + _AT_ONCE]
                undone = await asyncio.gather(
                    *(self._archive.undo(run.campaign, "x", *suspect) for suspect in batch)
                )
                removed += sum(one.known and not one.already for one in undone)
                yield removed

    async def _find(self, run: Run) -> AsyncIterator[list[tuple[int, Entry, bytes]]]:
        undone = await self._audit.undone(run.campaign)
        past = (await self._pledges.tally(run.campaign)).length  # what is appended meanwhile is ours
        for first in range(0, past, MOST_ENTRIES):
            lines = unpacked(*await self._archive.read(run.campaign, first, min(MOST_ENTRIES, past - first)))
            found = [
                (position, entry, details)
                for position, (entry, details) in enumerate(lines, first)
                if run.holds(entry, details) and not _bit(undone, entry.sequence)
            ]
            if found:
                yield found


def _bit(bitmap: bytes, at: int) -> bool:
    byte, bit = divmod(at, 8)
    return byte < len(bitmap) and bool(bitmap[byte] & 0x80 >> bit)
