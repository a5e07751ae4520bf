"""Tiles: a log's tree in runs of 256 hashes (c2sp.org/tlog-tiles), of which every root and proof is made.

Tiles of level 0 are made from the entries whenever they are asked for. Of each whole tile only the root is
kept, 32 bytes for 256 entries, which is the tile of the level above.
"""

from collections.abc import Awaitable, Callable

from badge.pledges.tree import HASH_BYTES, Node, cover, joined, leaf_hash, whole
from badge.store.entry import ENTRY_BYTES
from badge.store.lane import StoreError
from badge.store.log import LogStore

WIDTH = 256
LEAF_BYTES = ENTRY_BYTES - 1
_AT_ONCE = 16

ReadEntries = Callable[[str, int, int], Awaitable[tuple[bytes, bytes]]]


def leaves(log: bytes) -> list[bytes]:
    """Returns the leaves of packed entries: type, day, sequence and commitment, without the check."""
    return [log[at : at + LEAF_BYTES] for at in range(0, len(log), ENTRY_BYTES)]


def leaf_hashes(log: bytes) -> bytes:
    """Returns the joined leaf hashes of packed entries."""
    return b"".join([leaf_hash(leaf) for leaf in leaves(log)])


class Tiles:
    """The tiles of one campaign's log, as far as its entries go."""

    def __init__(self, slug: str, read: ReadEntries, log: LogStore) -> None:
        self._slug = slug
        self._read = read
        self._log = log
        self._known: dict[tuple[int, int, int], bytes] = {}

    async def hashes(self, level: int, first: int, count: int) -> bytes:
        """Returns joined hashes of a level, 256 at most; raises StoreError where one is missing."""
        place = (level, first, count)
        if place not in self._known:
            if level:
                found = await self._log.hashes(self._slug, level, first, count)
            else:
                found = leaf_hashes((await self._read(self._slug, first, count))[0])
            if len(found) != count * HASH_BYTES:
                raise StoreError("a tile of the log is missing; run blueheart audit")
            self._known[place] = found
        return self._known[place]

    async def root(self, first: int, past: int) -> bytes:
        """Returns the root over a subtree, or over the right edge of a tree."""
        return joined([await self._node(node) for node in cover(first, past)])

    async def grow(self, size: int) -> None:
        """Makes the roots of all whole tiles of a log of this size; what is made already is left alone."""
        level = 1
        while wanted := size // WIDTH**level:
            made = await self._log.width(self._slug, level)
            while made < wanted:
                roots = await self._roots(level - 1, made, min(_AT_ONCE, wanted - made))
                await self._log.grow(self._slug, level, made, roots)
                made += len(roots) // HASH_BYTES
            level += 1

    async def _roots(self, level: int, first: int, count: int) -> bytes:
        """Returns the roots of whole tiles of a level."""
        if level:
            tiles = [await self.hashes(level, n * WIDTH, WIDTH) for n in range(first, first + count)]
        else:  # many tiles in one read
            log, _ = await self._read(self._slug, first * WIDTH, count * WIDTH)
            size = WIDTH * ENTRY_BYTES
            if len(log) != count * size:
                raise StoreError("entries of the log are missing; run blueheart audit")
            tiles = [leaf_hashes(log[at : at + size]) for at in range(0, len(log), size)]
        return b"".join(map(whole, tiles))

    async def _node(self, node: Node) -> bytes:
        level, rest = divmod(node.height, 8)
        return whole(await self.hashes(level, node.index << rest, 1 << rest))
