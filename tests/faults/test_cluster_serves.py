"""The service on a Cluster: a primary is killed under load, and no visitor is left without a picture."""

import asyncio
import itertools
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import Pledging, Served
from tests.topologies import DATA, Cluster, until

PICTURES = (
    "/badge/wear.svg?name=Zo%C3%AB%20{n}",
    "/badge/wear.png?name=Zo%C3%AB%20{n}",
    "/badge/wear.svg?name=everybody",
    "/badge/count.svg",
)


class Visitors:
    """Readers of pictures, old and new, and what they did not get."""

    def __init__(self, url: str) -> None:
        self.got = 0
        self.failed: list[str] = []
        self._numbers = itertools.count()
        self._url = url
        self._stop = asyncio.Event()

    async def look(self) -> None:
        async with httpx.AsyncClient(base_url=self._url, timeout=10) as client:
            for picture in itertools.cycle(PICTURES):
                if self._stop.is_set():
                    return
                path = picture.format(n=next(self._numbers))
                try:
                    answer = await client.get(path, headers={"Accept": "image/*"})
                except httpx.HTTPError as error:
                    self.failed.append(f"{path}: {error!r}")
                    continue
                if answer.status_code == 200 and "Blue-Heart-Error" not in answer.headers:
                    self.got += 1
                else:
                    self.failed.append(f"{path}: {answer.status_code} {answer.text[:200]}")
                await asyncio.sleep(0.01)

    def leave(self) -> None:
        self._stop.set()


async def pledged(pledging: Pledging, client: httpx.AsyncClient) -> float:
    """Sends one pledge until it is acknowledged, as the widget does; returns the seconds it took."""
    began, key = time.monotonic(), str(uuid.uuid4())
    async with asyncio.timeout(30):
        while True:
            challenge = await client.get("/api/v1/challenge", params={"campaign": "world"})
            if challenge.status_code == 200:
                answer = await pledging.pledge(client, key, solution=pledging.solve(challenge.json()))
                if answer.status_code == 201:
                    return time.monotonic() - began
                assert answer.status_code == 503, answer.text
                assert "Retry-After" in answer.headers
            await asyncio.sleep(0.1)


async def test_pictures_keep_coming_while_a_primary_is_killed_under_load(
    serve: Callable[..., Served], pledging: Pledging, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster = Cluster(tmp_path, *DATA)
    try:
        url = cluster.start().url
        served = serve(
            *("--workers", "2"),
            redis_url=url,
            cache_url=url,
            pledge_cost="1",
            pledge_attempts="1",
            pledge_limit="off",
        ).wait_ready()
        visitors = Visitors(served.url)
        looking = [asyncio.create_task(visitors.look()) for _ in range(8)]
        async with httpx.AsyncClient(base_url=served.url, timeout=10) as client:
            await pledged(pledging, client)
            # Every worker is under load before anything breaks.
            async with asyncio.timeout(20):
                while visitors.got < 8 * 3 * len(PICTURES):  # noqa: ASYNC110 - visitors know of nobody
                    await asyncio.sleep(0.05)
            assert visitors.failed == []
            victim = cluster.owner("bh:{world}:n")
            killed_at = time.monotonic()
            victim.kill()
            await asyncio.to_thread(until, lambda: cluster.owner("bh:{world}:n") is not victim)
            taken_s = time.monotonic() - killed_at
            await asyncio.sleep(1.0)
            await asyncio.to_thread(victim.start)
            await pledged(pledging, client)
            back_s = time.monotonic() - killed_at
            await asyncio.sleep(0.5)
            visitors.leave()
            await asyncio.gather(*looking)
            total = (await client.get("/api/v1/campaigns/world/count")).json()["total"]
        with capsys.disabled():
            print(
                f"\ncluster, primary killed under load: {len(visitors.failed)} of "
                f"{visitors.got + len(visitors.failed)} image requests failed; its slots had an owner again "
                f"after {taken_s:.2f} s, a pledge was acknowledged after {back_s:.2f} s"
            )
        assert visitors.failed == []
        assert visitors.got > 100
        assert total == 2
        served.stop()
    finally:
        cluster.stop()
