"""Supporters who do not give up: each pledge is sent again, under its key, until it is acknowledged."""

import asyncio
import itertools
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from badge.errors import Unavailable
from badge.pledges import Acknowledged, Ledger, Pledge, Source
from badge.store import Stores

PLEDGE = Pledge("world", Source.API, "BE", "nl")


class Writers:
    """Pledges under keys of their own, each repeated until it is acknowledged."""

    def __init__(self, stores: Stores) -> None:
        self.ledger = Ledger(stores.pledges)
        self.counted: dict[str, Acknowledged] = {}
        self.refused = 0
        self._stop = asyncio.Event()

    @asynccontextmanager
    async def writing(self, count: int = 16) -> AsyncIterator[None]:
        writers = [asyncio.create_task(self._write()) for _ in range(count)]
        try:
            yield
        finally:
            self._stop.set()
            await asyncio.gather(*writers)

    async def more(self, count: int, within_s: float = 20.0) -> float:
        """Waits until that many more are acknowledged; returns the seconds it took."""
        began, wanted = time.monotonic(), len(self.counted) + count
        async with asyncio.timeout(within_s):
            while len(self.counted) < wanted:  # noqa: ASYNC110 - writers know of nobody who waits
                await asyncio.sleep(0.01)
        return time.monotonic() - began

    async def _write(self) -> None:
        while not self._stop.is_set():
            key = str(uuid.uuid4())
            while key not in self.counted:
                try:
                    self.counted[key] = await self.ledger.pledge(PLEDGE, key)
                except Unavailable:
                    self.refused += 1
                    await asyncio.sleep(0.05)

    async def check(self, stores: Stores) -> None:
        """Each acknowledged pledge is there, once, with the ordinal that it was told."""
        tally = await stores.pledges.tally("world")
        assert (tally.pledged, tally.undone) == (len(self.counted), 0)
        assert {a.ordinal for a in self.counted.values()} == set(range(1, len(self.counted) + 1))
        for key in itertools.islice(reversed(self.counted), 100):
            found = await self.ledger.find(PLEDGE, key)
            assert found is not None
            assert found.receipt == self.counted[key].receipt


async def until_counted(ledger: Ledger, pledge: Pledge, key: str) -> Acknowledged:
    """Does what a client does: the same request with the same key until there is an answer."""
    while True:
        try:
            return await ledger.pledge(pledge, key)
        except Unavailable:
            await asyncio.sleep(0.05)
