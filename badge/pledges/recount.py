"""A recount: what the counters and the tree must be, made from nothing but the entries of a log."""

import functools
import operator
import struct
from array import array
from collections import Counter, OrderedDict
from collections.abc import Hashable, Iterator
from typing import TypeVar

from badge.pledges.tiles import WIDTH, ReadEntries, leaf_hashes
from badge.pledges.tree import HASH_BYTES, cover, joined, whole
from badge.store.entry import DETAILS_BYTES, ENTRY_BYTES, Breakdown, Tally

Key = TypeVar("Key", bound=Hashable)

_ENTRY = struct.Struct(">cHI32sx")
_AT_ONCE = 4096
_KEPT = 16
_MOST_DAMAGES = 100


class Recount:
    """Counts a log from its start as far as it is told; what is wrong with an entry is in `damages`."""

    def __init__(self, slug: str, read: ReadEntries, checkpoint: int = 0) -> None:
        self._slug = slug
        self._read = read
        self._checkpoint = checkpoint
        self._places = array("Q", [0])  # of each pledge's entry, by its sequence
        self._details: Counter[bytes] = Counter()
        self._days: Counter[int] = Counter()
        self._undone = bytearray()
        self._invalidated = 0
        self._tile = bytearray()  # leaf hashes since the last whole tile
        self._edge = b""  # leaf hashes of the tile in which the checkpoint ends
        self._blocks: OrderedDict[int, tuple[bytes, bytes]] = OrderedDict()
        self.roots = bytearray()
        self.length = 0
        self.damages: list[str] = []

    async def upto(self, length: int | None) -> None:
        """Counts on until the log has this length, or to its end."""
        while length is None or self.length < length:
            wanted = _AT_ONCE - self.length % _AT_ONCE
            if length is not None:
                wanted = min(wanted, length - self.length)
            log, details = await self._read(self._slug, self.length, wanted)
            if not log:
                return
            await self._take(log, details)

    @property
    def counters(self) -> Breakdown:
        """Returns what every counter must be."""
        pledged = len(self._places) - 1
        sources: Counter[int] = Counter()
        countries: Counter[str] = Counter()
        languages: Counter[str] = Counter()
        for details, count in self._details.items():
            sources[details[0]] += count
            countries[details[1:3].decode("latin-1")] += count
            language = details[3:-1].rstrip(b"\0").partition(b"-")[0].decode("latin-1")
            languages[language or "--"] += count
        return Breakdown(
            Tally(pledged, self.length - pledged),
            self._invalidated,
            *(_standing(table) for table in (countries, sources, self._days, languages)),
        )

    @property
    def undone(self) -> bytes:
        """Returns the bitmap of undone sequences."""
        return bytes(self._undone)

    def checkpoint_root(self) -> bytes:
        """Returns the root of the tree at the checkpoint's size."""
        hashes = []
        for node in cover(0, self._checkpoint):
            start, past = node.index << node.height, node.index + 1 << node.height
            if node.height >= 8:
                hashes.append(
                    whole(bytes(self.roots[start // WIDTH * HASH_BYTES : past // WIDTH * HASH_BYTES]))
                )
            else:
                hashes.append(whole(self._edge[start % WIDTH * HASH_BYTES :][: (past - start) * HASH_BYTES]))
        return joined(hashes)

    async def _take(self, log: bytes, details: bytes) -> None:
        count = len(log) // ENTRY_BYTES
        if len(details) != count * DETAILS_BYTES:
            self._damaged(f"details from {self.length} on: {len(details)} bytes, not {count * DETAILS_BYTES}")
            details = details.ljust(count * DETAILS_BYTES, b"\0")
        for what, data, size in (("entry", log, ENTRY_BYTES), ("details of entry", details, DETAILS_BYTES)):
            for at in _unfit(data, size):
                self._damaged(f"{what} {self.length + at}: a bit was flipped")
        self._hash(log)
        kept = [details[at : at + DETAILS_BYTES] for at in range(0, len(details), DETAILS_BYTES)]
        rows = list(_ENTRY.iter_unpack(log))
        if log[::ENTRY_BYTES] == b"+" * count and self._are_next([row[2] for row in rows]):
            self._places.extend(range(self.length, self.length + count))
            self._details.update(kept)
            self._days.update([row[1] for row in rows])
            self.length += count
            return
        for row, private in zip(rows, kept, strict=True):
            await self._count(row, private)
            self.length += 1

    def _are_next(self, sequences: list[int]) -> bool:
        first = len(self._places)
        return sequences == list(range(first, first + len(sequences)))

    async def _count(self, row: tuple[bytes, int, int, bytes], details: bytes) -> None:
        kind, day, sequence, commitment = row
        if kind == b"+":
            if sequence != len(self._places):
                self._damaged(f"entry {self.length}: pledge {sequence} where {len(self._places)} was next")
            self._places.append(self.length)
            self._details[details] += 1
            self._days[day] += 1
            return
        if kind not in (b"-", b"x") or not 0 < sequence < len(self._places):
            self._damaged(f"entry {self.length}: {kind!r} of pledge {sequence} is nothing that can be")
            return
        byte, bit = divmod(sequence, 8)
        if byte >= len(self._undone):
            self._undone.extend(bytes(byte + 1 - len(self._undone)))
        if self._undone[byte] & 0x80 >> bit:
            self._damaged(f"entry {self.length}: pledge {sequence} is undone twice")
        self._undone[byte] |= 0x80 >> bit
        self._invalidated += kind == b"x"
        (_, then, _, was), private = await self._entry(self._places[sequence])
        if (was, private) != (commitment, details):
            self._damaged(f"entry {self.length}: is not that of pledge {sequence}, which it undoes")
        self._details[private] -= 1
        self._days[then] -= 1

    async def _entry(self, position: int) -> tuple[tuple[bytes, int, int, bytes], bytes]:
        block, at = divmod(position, _AT_ONCE)
        if block not in self._blocks:
            # The block that is being counted is not whole yet, and is read again when it has grown.
            read = await self._read(self._slug, block * _AT_ONCE, _AT_ONCE)
            self._blocks[block] = read
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        log, details = self._blocks[block]
        if len(log) < (at + 1) * ENTRY_BYTES:
            del self._blocks[block]
            return await self._entry(position)
        row = _ENTRY.unpack_from(log, at * ENTRY_BYTES)
        return row, details[at * DETAILS_BYTES : (at + 1) * DETAILS_BYTES]

    def _hash(self, log: bytes) -> None:
        size = WIDTH * HASH_BYTES
        self._tile += leaf_hashes(log)
        while len(self._tile) >= size:
            if len(self.roots) // HASH_BYTES == self._checkpoint // WIDTH:
                self._edge = bytes(self._tile[:size])
            self.roots += whole(bytes(self._tile[:size]))
            del self._tile[:size]
        if len(self.roots) // HASH_BYTES == self._checkpoint // WIDTH:
            self._edge = bytes(self._tile)

    def _damaged(self, how: str) -> None:
        if len(self.damages) < _MOST_DAMAGES:
            self.damages.append(how)


def _unfit(data: bytes, size: int) -> Iterator[int]:
    """Yields the index of every record of `size` bytes whose XOR is not zero."""
    columns = (int.from_bytes(data[at::size]) for at in range(size))
    left = functools.reduce(operator.xor, columns, 0)
    if left:
        yield from (at for at, byte in enumerate(left.to_bytes(len(data) // size)) if byte)


def _standing(table: Counter[Key]) -> dict[Key, int]:
    return {key: count for key, count in table.items() if count}
