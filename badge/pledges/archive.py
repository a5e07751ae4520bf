"""The archive: old entries of a log in files, 4,096 each, verified before they leave memory.

A file holds the entries and then their private details, as the store held them: 208 KiB. Entries that are in
no file are read from the store, so with no place for files everything stays in memory.
"""

import hashlib
import time

from badge.pledges.tiles import WIDTH, leaf_hashes
from badge.pledges.tree import whole
from badge.store.blocks import Blocks
from badge.store.entry import DETAILS_BYTES, ENTRY_BYTES, Entry, Kind, Undone
from badge.store.lane import StoreError
from badge.store.log import LogStore
from badge.store.pledges import MOST_ENTRIES, PledgeStore

# Marks of idempotency keys, which lead to entries in memory, live for three weeks at most.
_OLD_DAYS = 35
_DAY_S = 86400
_LOG_BYTES = MOST_ENTRIES * ENTRY_BYTES
_FILE_BYTES = MOST_ENTRIES * (ENTRY_BYTES + DETAILS_BYTES)


class Archive:
    """Reads entries wherever they are, undoes them, and moves old ones into files; raises StoreError.

    The files are shared by all replicas. A replica without them cannot read what another one moved.
    """

    def __init__(
        self, pledges: PledgeStore, log: LogStore, files: Blocks | None, *, old_days: int = _OLD_DAYS
    ) -> None:
        self._pledges = pledges
        self._log = log
        self._files = files
        self._old_days = old_days

    async def read(self, slug: str, first: int, count: int) -> tuple[bytes, bytes]:
        """Returns up to count (at most 4,096) entries from a position on and their details, both packed."""
        block, at = divmod(first, MOST_ENTRIES)
        found = await self._pledges.read(slug, first, min(count, MOST_ENTRIES))
        if block >= await self._pledges.archived(slug):
            return found
        content = await self._block(slug, block)
        past = min(at + count, MOST_ENTRIES)
        log = content[at * ENTRY_BYTES : min(past * ENTRY_BYTES, _LOG_BYTES)]
        details = content[_LOG_BYTES + at * DETAILS_BYTES : _LOG_BYTES + past * DETAILS_BYTES]
        if (rest := min(count, MOST_ENTRIES) - (past - at)) > 0:
            more = await self.read(slug, (block + 1) * MOST_ENTRIES, rest)
            return log + more[0], details + more[1]
        return log, details

    async def _block(self, slug: str, block: int) -> bytes:
        """Returns the file of a block; raises StoreError: an empty answer would be a log that is gone."""
        try:
            content = await self._files.read(slug, block) if self._files else None
        except OSError as error:
            raise StoreError(f"block {block} of {slug} cannot be read: {error.strerror}") from error
        if content is None:
            raise StoreError(f"block {block} of {slug} is in an archive that is not here")
        if len(content) != _FILE_BYTES:
            raise StoreError(f"block {block} of {slug} is not whole in the archive")
        return content

    async def undo(self, slug: str, kind: Kind, position: int, entry: Entry, details: bytes) -> Undone:
        """Undoes a pledge as PledgeStore does, also one whose entry is in a file."""
        undone = await self._pledges.undo(slug, kind, position, entry, details)
        if not undone.archived:
            return undone
        if await self.read(slug, position, 1) != (entry.pack(), details):
            return Undone(False, False, undone.tally)
        return await self._pledges.undo(slug, kind, position, entry, details, vouched=True)

    async def move(self, slug: str) -> int:
        """Moves whole blocks that are signed and older than five weeks into files; returns how many."""
        moved = 0
        while await self._move_next(slug):
            moved += 1
        return moved

    async def _move_next(self, slug: str) -> bool:
        block = await self._pledges.archived(slug)
        sealed = await self._log.sealed(slug)
        past = (block + 1) * MOST_ENTRIES
        if self._files is None or sealed is None or sealed.size <= past:
            return False
        log, details = await self._pledges.read(slug, past - MOST_ENTRIES, MOST_ENTRIES)
        if len(log) != _LOG_BYTES or len(details) != _FILE_BYTES - _LOG_BYTES:
            raise StoreError(f"block {block} of {slug} is not whole; run blueheart audit")
        if Entry.unpack(log[-ENTRY_BYTES:]).day > time.time() // _DAY_S - self._old_days:
            return False
        await self._check_signed(slug, block, log)
        try:
            kept = await self._files.write(slug, block, log + details)
        except OSError as error:
            raise StoreError(f"block {block} of {slug} cannot be written: {error.strerror}") from error
        digest = hashlib.sha1(kept or b"", usedforsecurity=False).hexdigest()
        return await self._pledges.forget(slug, block, digest)

    async def _check_signed(self, slug: str, block: int, log: bytes) -> None:
        """Raises StoreError where the entries are not those whose tiles were signed."""
        size = WIDTH * ENTRY_BYTES
        roots = b"".join([whole(leaf_hashes(log[at : at + size])) for at in range(0, len(log), size)])
        per_block = MOST_ENTRIES // WIDTH
        if await self._log.hashes(slug, 1, block * per_block, per_block) != roots:
            raise StoreError(f"block {block} of {slug} is not what was signed; run blueheart audit")
