"""Stores that are set up wrongly, away, read-only or out of time: pictures come, pledges wait or last."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from badge.settings import Settings
from tests.conftest import Pledging, Service
from tests.topologies import CACHE, DATA, Server

NOWHERE = "redis://127.0.0.1:1/0"
Open = Callable[[Settings], Any]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(*options: str) -> Server:
        started.append(Server(tmp_path / f"server-{len(started)}", "--save", "", *options))
        return started[-1].start()

    yield start
    for server in started:
        server.kill()


@asynccontextmanager
async def opened(open_service: Open, settings: Settings, **urls: str) -> AsyncIterator[httpx.AsyncClient]:
    service: Service = await open_service(replace(settings, **urls))
    async with service.client() as client:
        yield client


async def draws(client: httpx.AsyncClient) -> None:
    """Holds that new pictures come, and the same twice."""
    name = uuid.uuid4().hex[:12]
    for extension in ("svg", "png", "svg"):
        answer = await client.get(f"/badge/wear.{extension}", params={"name": name})
        assert answer.status_code == 200, answer.text


async def refuses_pledges(client: httpx.AsyncClient) -> None:
    """Holds that pledges are a 503 that says when to come back, and that whoever routes them can know."""
    assert (await client.get("/readyz")).status_code == 503
    assert (await client.get("/healthz")).status_code == 200
    body = {"campaign": "world", "source": "api", "solution": "x" * 40}
    answer = await client.post("/api/v1/pledges", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) >= 1


async def test_pictures_are_served_while_the_pledge_store_is_down(
    open_service: Open, settings: Settings
) -> None:
    async with opened(open_service, settings, redis_url=NOWHERE) as client:
        await draws(client)
        await refuses_pledges(client)
        assert (await client.get("/")).status_code == 200


async def test_a_worker_that_started_in_an_outage_shows_no_number_and_the_number_once_it_is_over(
    open_service: Open, settings: Settings, tmp_path: Path
) -> None:
    store = Server(tmp_path / "late", "--save", "", *DATA)
    urls = ["/badge/count.svg", "/card/milestone.png", "/badge/count.svg?campaign=a-club"]
    urls += ["/badge/wear.svg?name=Zo%C3%AB&campaign=a-club", "/card/supporter.png?name=Ana&campaign=a-club"]
    try:
        async with opened(open_service, settings, redis_url=store.url) as client:
            for url in urls:
                answer = await client.get(url, headers={"Accept": "image/*"})
                assert (answer.status_code, answer.headers.get("blue-heart-error")) == (200, None), url
                assert answer.headers["cache-control"] == "public, max-age=30, stale-while-revalidate=30"
            alt = (await client.get("/badge/count.json")).json()["alt"]
            assert alt == "I pledge"
            store.start()
            async with asyncio.timeout(10):
                while (await client.get("/badge/count.json")).json()["alt"] == alt:  # noqa: ASYNC110 - a visitor
                    await asyncio.sleep(0.1)
            assert (await client.get("/badge/count.json")).json()["alt"] == "I pledge: Be the first to pledge"
            unknown = await client.get(urls[-1])
            assert (unknown.status_code, unknown.json()["field"]) == (404, "campaign")
    finally:
        store.kill()


async def test_pictures_are_served_while_both_stores_are_down(open_service: Open, settings: Settings) -> None:
    async with opened(open_service, settings, redis_url=NOWHERE, cache_url=NOWHERE) as client:
        await draws(client)
        await refuses_pledges(client)


async def test_a_wrong_password_stops_no_picture_and_is_said_without_it(
    open_service: Open,
    settings: Settings,
    server: Callable[..., Server],
    caplog: pytest.LogCaptureFixture,
    pledging: Pledging,
) -> None:
    locked = [server(*kind, "--requirepass", "right-one") for kind in (DATA, CACHE)]
    wrong, right = (
        [f"redis://:{password}@127.0.0.1:{each.port}" for each in locked]
        for password in ("hunter2-wrong", "right-one")
    )
    async with opened(open_service, settings, redis_url=wrong[0], cache_url=wrong[1]) as client:
        await draws(client)
        await refuses_pledges(client)
    assert "refuses the user name or password" in caplog.text
    assert "hunter2" not in caplog.text
    async with opened(open_service, settings, redis_url=right[0], cache_url=right[1]) as client:
        await draws(client)
        assert (await pledging.pledge(client)).status_code == 201


async def test_a_read_only_replica_stops_no_picture_and_takes_pledges_once_it_is_promoted(
    open_service: Open,
    settings: Settings,
    server: Callable[..., Server],
    caplog: pytest.LogCaptureFixture,
    pledging: Pledging,
) -> None:
    data, cache = server(*DATA), server(*CACHE)
    followers = [
        server(*kind, "--replicaof", f"127.0.0.1 {p.port}") for kind, p in ((DATA, data), (CACHE, cache))
    ]
    urls = {"redis_url": followers[0].url, "cache_url": followers[1].url}
    async with opened(open_service, settings, **urls) as client:
        await draws(client)
        await refuses_pledges(client)
        assert caplog.text.count("it is a replica") == 1  # not once a request
        for follower in followers:
            follower.client.replicaof("NO", "ONE")
        assert (await pledging.pledge(client)).status_code == 201
        assert (await client.get("/readyz")).status_code == 200


async def test_an_app_whose_clock_jumps_counts_no_key_twice(
    open_service: Open, settings: Settings, pledging: Pledging, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(open_service, settings) as client:
        key = str(uuid.uuid4())
        first = (await pledging.pledge(client, key)).json()
        now = time.time
        for jump_s in (-3 * 86400, 6 * 86400, -3600, 0):
            monkeypatch.setattr(time, "time", lambda jump_s=jump_s: now() + jump_s)
            again = await pledging.pledge(client, key)
            assert again.headers["Idempotency-Replayed"] == "true"
            assert again.json()["receipt"] == first["receipt"]
            fresh = await pledging.pledge(client)
            assert fresh.status_code == 201
            await draws(client)
