"""Figures of the ledger: bytes a pledge, seconds an audit takes.

`make bench ARGS=pledge-size` (or audit) prints one JSON line a measurement.
"""

import asyncio
import json
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

from badge.pledges import Auditor, Pledge, PublicLog, Source
from badge.store import EmbeddedStore, Stores, open_stores

BODIES = [
    Pledge("world", Source.WEB, "BE", "nl").pack(),
    Pledge("world", Source.WIDGET, "FR", "fr").pack(),
    Pledge("world", Source.API).pack(),
]


@asynccontextmanager
async def filled(count: int) -> AsyncIterator[tuple[Stores, Redis, int]]:
    """Yields stores with so many pledges, and the bytes of memory that they took."""
    with tempfile.TemporaryDirectory(prefix="bh-") as folder:
        stores = await open_stores("", "", Path(folder))
        async with Redis.from_url(EmbeddedStore(Path(folder)).endpoints.data, protocol=2) as data:
            await data.config_set("appendfsync", "no")  # only the filling is in a hurry
            before = (await data.info("memory"))["used_memory"]
            for first in range(0, count, 4000):
                marks = [secrets.token_bytes(14) for _ in range(min(4000, count - first))]
                await asyncio.gather(
                    *(stores.pledges.append("world", m, m.ljust(32, b"."), BODIES[m[0] % 3]) for m in marks)
                )
            yield stores, data, (await data.info("memory"))["used_memory"] - before
        await stores.aclose()


def size(seconds: float) -> None:
    """Bytes of store memory a pledge takes, all in, in a small and in a large campaign."""

    async def measure(count: int) -> None:
        async with filled(count) as (stores, data, _):
            log = PublicLog(stores.pledges, stores.log, origin="https://badges.example")
            await log.checkpoint("world")
            keys = [key async for key in data.scan_iter("bh:{world}:*", count=1000)]
            used = sum([await data.memory_usage(key, samples=0) for key in keys])
            tell(
                "pledge-size",
                pledges=count,
                keys=len(keys),
                bytes=used,
                bytes_a_pledge=round(used / count, 1),
            )

    for count in (10, 100_000):
        asyncio.run(measure(count))


def audit(seconds: float) -> None:
    """Seconds that an audit of 1,000,000 entries takes, and the checkpoint before it."""

    async def measure() -> None:
        async with filled(1_000_000) as (stores, _, used):
            began = time.perf_counter()
            await PublicLog(stores.pledges, stores.log, origin="https://badges.example").checkpoint("world")
            sealed = time.perf_counter()
            found = await Auditor(stores.pledges, stores.log, stores.audit).audit("world")
            tell(
                "audit",
                entries=found.entries,
                differences=len(found.differences),
                audit_s=round(time.perf_counter() - sealed, 2),
                first_checkpoint_s=round(sealed - began, 2),
                bytes_a_pledge=round(used / found.entries, 1),
            )

    asyncio.run(measure())


def tell(work: str, **facts: object) -> None:
    print(json.dumps({"work": work, "by": "blue-heart", **facts}), flush=True)


WORKS = {"pledge-size": size, "audit": audit}


if __name__ == "__main__":
    WORKS[sys.argv[1]](float(sys.argv[2]))
