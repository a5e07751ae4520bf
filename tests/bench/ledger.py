"""Figures of the ledger: pledges a second beside redis-benchmark, bytes a pledge, seconds an audit takes.

`make bench ARGS=pledges` (or pledge-size, audit) prints one JSON line a measurement.
"""

import argparse
import asyncio
import json
import os
import re
import secrets
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import altcha
from redis.asyncio import Redis
from wire import blueheart, wrk

from badge.pledges import Auditor, Challenges, Pledge, PublicLog, Source
from badge.store import EmbeddedStore, PledgeStore, Stores, open_stores

CLIENTS = (64, 1000)
_MOST_PER_S = 8000  # no worker takes more; the others need not be solved
BODIES = [
    Pledge("world", Source.WEB, "BE", "nl").pack(),
    Pledge("world", Source.WIDGET, "FR", "fr").pack(),
    Pledge("world", Source.API).pack(),
]
OFF = {f"{name}_limit": "off" for name in ("pledge", "form", "receipt", "campaign")} | {
    "campaign_burst": "off"
}


def pledges(seconds: float) -> None:
    """Acknowledged, durable pledges over HTTP from one worker, and the same script alone, in turns."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bh-"))
        options = OFF | {
            "pledge_cost": "1",
            "pledge_attempts": "1",
            "pledge_surge": "10000000",
            "data_dir": folder,
        }
        origin = stack.enter_context(blueheart(**options))
        for clients in CLIENTS:
            alone = script_alone(Path(folder), seconds)
            solved = Path(folder) / "pledges"
            solved.write_text(asyncio.run(solve(Path(folder), int(_MOST_PER_S * (seconds + 1)))))
            os.environ["PLEDGES"] = str(solved)
            load = wrk(f"{origin}/api/v1/pledges", seconds, connections=clients, script="pledge.lua")
            alone = (alone + script_alone(Path(folder), seconds)) / 2
            tell(
                "pledges",
                clients=clients,
                per_s=round(load.per_s),
                p50_ms=load.p50_ms,
                p99_ms=load.p99_ms,
                failed=load.failed,
                redis_benchmark_64_clients_per_s=round(alone),
                ratio=round(load.per_s / alone, 2),
            )


async def solve(folder: Path, count: int) -> str:
    """Returns lines of a key and a body, each with a solved challenge of the running service."""
    own = EmbeddedStore(folder).endpoints
    stores = await open_stores(own.data, own.cache, folder)
    challenges = Challenges(stores.pledges, cost=1, attempts=1)

    async def one() -> str:
        challenge = altcha.Challenge.from_dict(await challenges.issue("world"))
        solution = altcha.Payload(challenge, altcha.solve_challenge(challenge)).to_base64()
        body = {"campaign": "world", "source": "api", "country": "BE", "language": "nl", "solution": solution}
        return f"{uuid.uuid4()}\t{json.dumps(body)}\n"

    lines: list[str] = []
    while len(lines) < count:
        lines += await asyncio.gather(*(one() for _ in range(100)))
    await stores.aclose()
    return "".join(lines)


def script_alone(folder: Path, seconds: float) -> float:
    """Returns how often a second redis-benchmark runs the script at 64 clients, on the same store."""
    socket = EmbeddedStore(folder).endpoints.data.removeprefix("unix://")
    script = PledgeStore(None)._pledge  # type: ignore[arg-type]
    load = ["redis-cli", "-s", socket, "-x", "SCRIPT", "LOAD"]
    subprocess.run(load, input=script.text.encode(), capture_output=True, check=True)
    # A campaign of its own each time: redis-benchmark draws the same numbers again.
    arguments = [
        f"bh:{{alone-{secrets.token_hex(4)}}}:n",
        "m-__rand_int__",
        "c" * 32,
        "\x01BEnl------"[:11] + "#",
    ]
    command = [
        "redis-benchmark",
        "-s",
        socket,
        "-c",
        "64",
        "-n",
        str(int(4000 * seconds)),
        "-r",
        "1000000000",
    ]
    said = subprocess.run(
        [*command, "-q", "EVALSHA", script.sha, "1", *arguments], capture_output=True, text=True, check=True
    ).stdout
    return float(re.findall(r"([\d.]+) requests per second", said)[-1])


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


WORKS = {"pledges": pledges, "pledge-size": size, "audit": audit}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args()
    WORKS[asked.work](asked.seconds)


if __name__ == "__main__":
    main()
