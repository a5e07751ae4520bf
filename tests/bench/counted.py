"""A campaign's JSON with one pledge counted and with 10,000,000, in turns: over HTTP, and the store's part.

python counted.py <seconds>. The counters are filled by hand, with every country, forty languages and two
years of days, as so many pledges would leave them: this address reads nothing else.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
from pledging import EASY, OFF, solve
from redis import Redis
from serving import in_turns, ratio, tell
from wire import Load, blueheart, wrk

from badge.pledges.pledge import COUNTRIES
from badge.store import EmbeddedStore, open_stores

MANY = 10_000_000
PATH = "/api/v1/campaigns/world"
_DAYS, _LANGUAGES, _READS = 730, 40, 400


def fill(socket: str, count: int) -> None:
    """Sets the counters of `world` to what `count` pledges leave, spread over all they are counted by."""
    today = int(time.time()) // 86400
    spread = {
        "c": sorted(COUNTRIES),
        "d": list(range(today - _DAYS + 1, today + 1)),
        "l": [f"{a}{b}" for a in "abcd" for b in "abcdefghij"][:_LANGUAGES],
    }
    with Redis(unix_socket_path=socket) as data:
        data.hset("bh:{world}:n", mapping={"p": count, "s4": count})
        for table, names in spread.items():
            data.hset(f"bh:{{world}}:{table}", mapping=dict.fromkeys(names, count // len(names)))
        data.delete("bh:{world}:tables")


def pledge_once(origin: str, folder: Path) -> None:
    """Makes one pledge, and has the log signed for the day."""
    key, _, body = asyncio.run(solve(folder, 1)).strip().partition("\t")
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    httpx.post(f"{origin}/api/v1/pledges", content=body, headers=headers).raise_for_status()
    httpx.get(origin + PATH).raise_for_status()
    httpx.get(f"{origin}/log/world/checkpoint").raise_for_status()


async def read_us(folder: Path) -> float:
    """Returns the microseconds that one read of all counters takes, with nothing kept in between."""
    own = EmbeddedStore(folder).endpoints
    stores = await open_stores(own.data, own.cache, folder)
    began = time.perf_counter()
    for _ in range(_READS):
        await stores.pledges.breakdown("world")
    took = time.perf_counter() - began
    await stores.aclose()
    return took / _READS * 1e6


def main(seconds: float) -> None:
    sides: dict[str, Callable[[], Load]] = {}
    facts: dict[str, dict[str, object]] = {}
    with ExitStack() as stack:
        for count in (1, MANY):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bh-")))
            origin = stack.enter_context(blueheart(**OFF, **EASY, data_dir=str(folder)))
            pledge_once(origin, folder)
            if count > 1:
                fill(EmbeddedStore(folder).endpoints.data.removeprefix("unix://"), count)
                time.sleep(31)  # the tables by country are kept for half a minute
            shown = httpx.get(origin + PATH).raise_for_status()
            facts[f"{count:,}"] = {
                "total": shown.json()["total"],
                "bytes": len(shown.content),
                "store_us": round(asyncio.run(read_us(folder))),
            }
            sides[f"{count:,}"] = partial(wrk, origin + PATH, seconds)
        loads = in_turns(sides)
    for count, measured in loads.items():
        tell("counted", f"{count} pledges", measured, **facts[count])
    told = {"work": "counted", "ratio of 10,000,000 to 1": ratio(loads[f"{MANY:,}"], loads["1"])}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
