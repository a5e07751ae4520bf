"""A store whose clock jumps by hours or days: nobody is locked out, pictures come, no pledge counts twice."""

import asyncio
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from badge.cache import Lease, RedisCache
from badge.limits import Limit, Networks, Rate
from badge.render import Picture
from badge.settings import Settings
from badge.store import open_stores
from badge.telemetry import Metrics, Tallies
from tests.conftest import Pledging
from tests.topologies import CACHE, DATA, Server, until

HOUR_S, DAY_S = 3600, 86400
NOWHERE = "redis://127.0.0.1:1"
PICTURE = Picture(b"<svg/>", "image/svg+xml", 10, 20, "Zoë wears the Blue Heart")


class Clocked(Server):
    """A server whose wall clock can be set off from ours."""

    def __init__(self, folder: Path, shim: Path, *options: str) -> None:
        super().__init__(folder, "--save", "", *options)
        self._file, self._shim = folder / "clock", shim

    def start(self, *options: str) -> "Clocked":
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LD_PRELOAD", str(self._shim))
            patch.setenv("CLOCK", str(self._file))
            super().start(*options)
        return self

    def jump(self, off_s: int) -> None:
        self._file.write_text(str(off_s))
        until(lambda: abs(self.client.time()[0] - time.time() - off_s) < 60)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that shifts the clock of whoever preloads it (clock.c)."""
    source, library = Path(__file__).with_name("clock.c"), tmp_path_factory.mktemp("shim") / "clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", str(library), str(source)], check=True)
    return library


@pytest.fixture
def clocked(tmp_path: Path, shim: Path) -> Iterator[Callable[..., Clocked]]:
    started: list[Clocked] = []

    def start(*options: str) -> Clocked:
        started.append(Clocked(tmp_path / f"clocked-{len(started)}", shim, *options).start())
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.mark.parametrize("jump_s", [-30 * DAY_S, -2 * HOUR_S, 2 * HOUR_S])
async def test_no_network_is_locked_out_when_the_clock_of_the_store_jumps(
    clocked: Callable[..., Clocked], tmp_path: Path, jump_s: int
) -> None:
    server = clocked(*CACHE)
    stores = await open_stores(NOWHERE, server.url, tmp_path)
    counts = Metrics(Tallies().row(), [], [])
    limit = Limit("misses", Rate.read("3/hour"), stores.blobs, Networks(stores.blobs), counts)

    async def admitted() -> list[bool]:
        took = [await limit.take("198.51.100.7") for _ in range(5)]
        return [one.admits for one in took if one]

    try:
        assert await admitted() == [True, True, True, False, False]
        server.jump(jump_s)
        assert await admitted() == [True, True, True, False, False]
    finally:
        await stores.aclose()


@pytest.mark.parametrize("jump_s", [-2 * HOUR_S, 2 * HOUR_S])
async def test_a_lease_of_before_the_jump_holds_nobody_up(
    clocked: Callable[..., Clocked], tmp_path: Path, jump_s: int
) -> None:
    server = clocked(*CACHE)
    stores = await open_stores(NOWHERE, server.url, tmp_path)
    store = RedisCache(stores.blobs)

    async def make() -> Picture:
        return PICTURE

    try:
        await store.put("kept", PICTURE, 7 * DAY_S)
        assert await store.acquire("left", "a worker that died", 3000)
        server.jump(jump_s)
        lease = Lease(store, patience_s=0.3)
        assert await asyncio.wait_for(lease.find_or_make("left", make, 60), 5) == (PICTURE, True)
        assert await lease.find_or_make("left", make, 60) == (PICTURE, False)
        assert await store.get("kept") == PICTURE
    finally:
        await stores.aclose()


async def test_pictures_come_and_no_key_counts_twice_while_the_clocks_of_both_stores_jump(
    clocked: Callable[..., Clocked],
    open_service: Callable[[Settings], Any],
    settings: Settings,
    pledging: Pledging,
) -> None:
    data, cache = clocked(*DATA), clocked(*CACHE)
    service = await open_service(
        replace(settings, redis_url=data.url, cache_url=cache.url, miss_limit="600/minute")
    )
    key = str(uuid.uuid4())
    async with service.client() as client:
        first = (await pledging.pledge(client, key)).json()
        for n, jump_s in enumerate((HOUR_S, -HOUR_S, 3 * DAY_S, -3 * DAY_S, 0)):
            for server in (data, cache):
                server.jump(jump_s)
            for url in (f"/badge/wear.png?name=Jump+{n}", "/badge/wear.svg?name=Same", "/badge/count.svg"):
                answer = await client.get(url)
                assert answer.status_code == 200, answer.text
            again = await pledging.pledge(client, key)
            assert again.headers["Idempotency-Replayed"] == "true", jump_s
            assert again.json()["receipt"] == first["receipt"]
            proof = await pledging.solution(client)
            fresh = await pledging.pledge(client, solution=proof)
            assert (fresh.status_code, fresh.json()["total"]) == (201, n + 2)
            assert (await pledging.pledge(client, solution=proof)).json()["code"] == "proof", jump_s
