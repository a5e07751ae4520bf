"""The public log: per campaign an append-only Merkle tree that anyone can check (c2sp.org/tlog-tiles).

A leaf is one entry of the ledger as it is stored: type, day, sequence and commitment, 39 bytes. What is
published is bounded by the last checkpoint, and never changes after.
"""

import asyncio
import base64
import contextlib
import logging
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from badge.errors import NotFound, Unavailable
from badge.pledges.archive import Archive
from badge.pledges.checkpoint import Checkpoint, SigningKey, is_signed, sign, verifier_key
from badge.pledges.pledge import check_slug
from badge.pledges.tiles import WIDTH, Tiles, leaves
from badge.pledges.tree import path
from badge.store.lane import StoreError
from badge.store.log import LogStore, Sealed
from badge.store.pledges import PledgeStore

_log = logging.getLogger(__name__)

_FRESH_S = 60
_DAY_S = 86400
_SWEEP_S = 1800
_MOST_CAMPAIGNS = 4096


class PublicLog:
    """Signs checkpoints and hands out tiles, entries and proofs.

    Without keys of the deployer's one is derived from the data store's secret, so that replicas agree.
    Raises NotFound where a slug is none or what is asked for is not published, Unavailable where the store
    is away or disagrees with what was signed.
    """

    def __init__(
        self,
        pledges: PledgeStore,
        log: LogStore,
        *,
        origin: str,
        keys: Sequence[SigningKey] = (),
        archive: Archive | None = None,
    ) -> None:
        self._pledges = pledges
        self._store = log
        self._origin = origin.partition("://")[2] or origin
        self._keys = tuple(keys)
        self._archive = archive
        self._read = archive.read if archive else pledges.read
        self._kept: dict[str, int] = {}
        self._sealing: dict[str, asyncio.Task[Sealed]] = {}
        self._are_known = False

    def name(self, slug: str) -> str:
        """Returns the origin of a campaign's log, which is also the name of the key that signs it."""
        return f"{self._origin}/log/{slug}"

    async def checkpoint(self, slug: str, *, past: int = 0) -> Sealed:
        """Returns a checkpoint at most a minute behind the log, and never behind `past` entries."""
        check_slug(slug)
        with _readable():
            sealed = await self._store.sealed(slug)
            if sealed is not None and await self._is_ours(slug, sealed) and past <= sealed.size:
                if abs(time.time() - sealed.made_s) < _FRESH_S:  # not one of an hour that is still to come
                    return sealed
                if (await self._pledges.tally(slug)).length == sealed.size:
                    return sealed
            return await self._seal_once(slug)

    async def tile(self, slug: str, level: int, index: int, width: int) -> bytes:
        """Returns the first `width` hashes of a tile."""
        first = index * WIDTH
        await self._check_published(slug, level, first + width)
        with _readable():
            return await self._tiles(slug).hashes(level, first, width)

    async def bundle(self, slug: str, index: int, width: int) -> bytes:
        """Returns the first `width` entries of a tile of entries, each behind its length (u16)."""
        first = index * WIDTH
        await self._check_published(slug, 0, first + width)
        with _readable():
            log, _ = await self._read(slug, first, width)
        return b"".join([struct.pack(">H", len(leaf)) + leaf for leaf in leaves(log)])

    async def proof(self, slug: str, position: int) -> str:
        """Returns the proof that an entry is in the log (c2sp.org/tlog-proof), the leaf as its extra data."""
        sealed = await self.checkpoint(slug, past=position + 1)
        if position >= sealed.size:
            raise NotFound("the log has no entry at this position")
        tiles = self._tiles(slug)
        with _readable():
            hashes = [await tiles.root(first, past) for first, past in path(position, sealed.size)]
            [leaf] = leaves((await self._read(slug, position, 1))[0])
        lines = [
            *("c2sp.org/tlog-proof@v1", f"extra {_text(leaf)}", f"index {position}"),
            *map(_text, hashes),
        ]
        return "\n".join([*lines, "", sealed.note])

    async def keys(self, slug: str) -> list[str]:
        """Returns the public keys of a campaign's log, for verifiers: those that sign, then old ones."""
        check_slug(slug)
        with _readable():
            current = [key.public for key in await self._signers()]
            since = await self._store.keys()
        old = sorted(since.keys() - set(current), key=lambda public: -since[public])
        return [verifier_key(self.name(slug), public) for public in (*current, *old)]

    async def keep(self, slug: str) -> None:
        """Makes a checkpoint where none covers all that is older than today (UTC); raises StoreError."""
        today = int(time.time()) // _DAY_S
        if self._kept.get(slug) == today:
            return
        sealed = await self._store.sealed(slug)
        if sealed is None or sealed.made_s // _DAY_S < today:
            length = (await self._pledges.tally(slug)).length
            if length > (sealed.size if sealed else 0):
                await self._seal_once(slug)
        self._kept[slug] = today
        if len(self._kept) > _MOST_CAMPAIGNS:
            del self._kept[next(iter(self._kept))]

    async def sweep(self, slugs: Callable[[], AsyncIterator[str]], every_s: float = 60.0) -> None:
        """Keeps a checkpoint of each day for every campaign and moves what is old into the archive, for ever.

        One process at a time does it.
        """
        while True:
            await asyncio.sleep(every_s)
            try:
                if await self._store.take_turn(_SWEEP_S):
                    async for slug in slugs():
                        await self.keep(slug)
                        if self._archive is not None:
                            await self._archive.move(slug)
            except (StoreError, Unavailable, OSError) as error:
                _log.warning("the public log's daily round waits: %s", error)

    async def _seal_once(self, slug: str) -> Sealed:
        task = self._sealing.get(slug)
        if task is None:
            task = self._sealing[slug] = asyncio.create_task(self._seal(slug))
            task.add_done_callback(lambda done: self._sealed(slug, done))
        return await asyncio.shield(task)

    def _sealed(self, slug: str, task: "asyncio.Task[Sealed]") -> None:
        del self._sealing[slug]
        if not task.cancelled():
            task.exception()  # those who asked may all be gone

    async def _seal(self, slug: str) -> Sealed:
        before = await self._store.sealed(slug)
        size = (await self._pledges.tally(slug)).length
        tiles = self._tiles(slug)
        await tiles.grow(size)
        if before is not None:
            said = Checkpoint.read(before.note)
            if said.size > size or await tiles.root(0, said.size) != said.root:
                # To sign now would be to take back what was signed (tlog-checkpoint, Signatures).
                _log.error("the log of %s disagrees with its last checkpoint: run blueheart audit", slug)
                raise StoreError("the log disagrees with its last checkpoint; run blueheart audit")
        note = sign(Checkpoint(self.name(slug), size, await tiles.root(0, size)), await self._signers())
        sealed = Sealed(size, int(time.time()), note)
        if size:
            await self._store.seal(slug, sealed)
        return sealed

    async def _signers(self) -> tuple[SigningKey, ...]:
        if not self._keys:
            self._keys = (SigningKey.derived(await self._pledges.subkey("log key")),)
        if not self._are_known:
            for key in self._keys:
                await self._store.remember_key(key.public, int(time.time()) // _DAY_S)
            self._are_known = True
        return self._keys

    async def _is_ours(self, slug: str, sealed: Sealed) -> bool:
        """Tells whether a checkpoint is signed by every key of today, under today's name."""
        keys, name = await self._signers(), self.name(slug)
        return all(is_signed(sealed.note, name, key.public) for key in keys)

    async def _check_published(self, slug: str, level: int, past: int) -> None:
        check_slug(slug)
        with _readable():
            sealed = await self._store.sealed(slug)
        if sealed is None or past > sealed.size // WIDTH**level:
            raise NotFound("the log is not that large: read its checkpoint first")

    def _tiles(self, slug: str) -> Tiles:
        return Tiles(slug, self._read, self._store)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise Unavailable("The public log cannot be read now; ask again in a moment.") from error
