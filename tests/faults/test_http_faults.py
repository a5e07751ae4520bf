"""What the running service promises when its stores and its workers are killed, and when it is stopped."""

import asyncio
import os
import random
import signal
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

CHEAP = {"pledge_cost": "1", "pledge_attempts": "1", "pledge_limit": "off", "log_level": "warning"}


@dataclass
class Tally:
    """What writers were told: the receipt of each key, and how many keys were tried at all."""

    receipts: dict[str, str]
    tried: int = 0


async def write(served: Any, pledging: Any, tally: Tally, until: asyncio.Event) -> None:
    """Pledges one after the other as the widget does: the same key again until an answer comes."""
    limits = httpx.Limits(max_keepalive_connections=1)
    async with httpx.AsyncClient(base_url=served.url, timeout=10, limits=limits) as client:
        while not until.is_set():
            key = str(uuid.uuid4())
            tally.tried += 1
            while True:
                try:
                    answer = await pledging.pledge(client, key)
                except (httpx.HTTPError, AssertionError):
                    await asyncio.sleep(0.05)  # a broken connection, or no challenge to be had
                    continue
                if answer.status_code == 201:
                    assert (
                        tally.receipts.setdefault(key, answer.json()["receipt"]) == answer.json()["receipt"]
                    )
                    break
                # Nothing else may be told to a client whose request was right.
                assert answer.status_code == 503, answer.text
                assert int(answer.headers["retry-after"]) >= 1
                await asyncio.sleep(0.05)


def total(served: Any) -> int:
    answer = httpx.get(f"{served.url}/api/v1/campaigns/world", timeout=5)
    found: dict[str, Any] = answer.json()
    assert not found["stale"], found
    counted: int = found["total"]
    return counted


async def test_every_acknowledged_pledge_is_counted_once_when_store_and_worker_are_killed(
    serve: Callable[..., Any], pledging: Any
) -> None:
    served = serve("--workers", "2", **CHEAP).wait_ready()
    tally, over = Tally({}), asyncio.Event()
    writers = [asyncio.create_task(write(served, pledging, tally, over)) for _ in range(32)]
    for _ in range(5):
        await asyncio.sleep(0.6)
        os.kill(served.store.pid("data"), signal.SIGKILL)
        await asyncio.sleep(0.3)
        os.kill(random.choice(served.workers()), signal.SIGKILL)
    await asyncio.sleep(1.0)
    over.set()
    await asyncio.wait_for(asyncio.gather(*writers), 30)
    # A writer ends with an answer: every key that was tried is acknowledged, so the count is known exactly.
    assert len(tally.receipts) == tally.tried
    assert len(set(tally.receipts.values())) == tally.tried
    assert tally.tried > 100
    await asyncio.sleep(1.1)  # counts are read once a second at most
    assert total(served) == tally.tried
    assert len(served.workers()) == 2


async def test_a_worker_comes_back_however_often_it_is_killed(serve: Callable[..., Any]) -> None:
    served = serve("--workers", "1").wait_ready()
    for _ in range(4):
        (worker,) = served.workers()
        os.kill(worker, signal.SIGKILL)
        served.until(lambda before=worker: served.workers() not in ([], [before]))
        served.wait_ready()
    assert served.process.poll() is None


def picture_codes(served: Any, names: list[str]) -> list[int]:
    with httpx.Client(base_url=served.url, timeout=5) as client:
        return [client.get("/badge/wear.svg", params={"name": name}).status_code for name in names]


async def test_pictures_keep_coming_when_the_cache_is_killed(serve: Callable[..., Any]) -> None:
    served = serve(**CHEAP).wait_ready()
    assert picture_codes(served, ["Before"]) == [200]
    codes: list[int] = []
    for turn in range(3):
        served.until(lambda: served.store.pid("cache") is not None)
        os.kill(served.store.pid("cache"), signal.SIGKILL)
        codes += picture_codes(served, [f"Without a cache {turn}-{i}" for i in range(15)])
    assert set(codes) == {200}
    served.until(lambda: served.store.pid("cache") is not None)


async def test_pictures_keep_coming_when_the_cache_hangs(serve: Callable[..., Any]) -> None:
    served = serve(**CHEAP).wait_ready()
    cache = served.store.pid("cache")
    os.kill(cache, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert set(picture_codes(served, [f"The cache sleeps {i}" for i in range(40)])) == {200}
        assert time.monotonic() - began < 3
    finally:
        os.kill(cache, signal.SIGCONT)


async def test_pictures_and_counts_keep_coming_while_the_pledge_store_hangs(
    serve: Callable[..., Any], pledging: Any
) -> None:
    served = serve(**CHEAP).wait_ready()
    async with httpx.AsyncClient(base_url=served.url, timeout=10) as client:
        counted = (await pledging.pledge(client)).json()["total"]
        solution = await pledging.solution(client)
        data = served.store.pid("data")
        os.kill(data, signal.SIGSTOP)
        try:
            assert picture_codes(served, ["The ledger sleeps"]) == [200]
            await asyncio.sleep(1.1)
            count = (await client.get("/api/v1/campaigns/world/count")).json()
            assert (count["total"], count["stale"]) == (counted, True)
            assert (await client.get("/badge/count.svg")).status_code == 200
            refused = await pledging.pledge(client, solution=solution)
            assert refused.status_code == 503
            assert "retry-after" in refused.headers
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.get("/readyz")).status_code == 503
        finally:
            os.kill(data, signal.SIGCONT)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
async def test_ctrl_c_leaves_no_process_and_all_pledges(
    serve: Callable[..., Any], pledging: Any, by: signal.Signals
) -> None:
    served = serve("--workers", "2", **CHEAP).wait_ready()
    async with httpx.AsyncClient(base_url=served.url) as client:
        receipts = [(await pledging.pledge(client)).json()["receipt"] for _ in range(7)]
    assert served.stop(by) == 0
    assert served.leftovers() == []
    assert f"Blue Heart serves {served.url}" in served.said()
    assert "Traceback" not in served.said()

    again = serve(data_dir=served.data_dir, port=served.port, **CHEAP).wait_ready()
    assert total(again) == 7
    async with httpx.AsyncClient(base_url=again.url) as client:
        answer = await client.post("/api/v1/withdrawals", json={"receipt": receipts[0]})
    assert answer.json()["total"] == 6


async def test_a_stop_lets_requests_end(serve: Callable[..., Any]) -> None:
    served = serve("--workers", "1", **CHEAP).wait_ready()
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        urls = [f"/card/supporter.png?name=Last+{i}&size=story&scale=2" for i in range(4)]
        asked = [asyncio.create_task(client.get(url)) for url in urls]
        await asyncio.sleep(0.25)
        stopping = asyncio.create_task(asyncio.to_thread(served.stop, signal.SIGTERM))
        answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {200}
    assert await stopping == 0
    assert served.leftovers() == []


@pytest.mark.parametrize("after_s", [0.05, 0.3, 0.5, 0.7, 0.9, 1.1, 1.4])
async def test_a_stop_while_it_starts_leaves_no_process(serve: Callable[..., Any], after_s: float) -> None:
    served = serve("--workers", "2", **CHEAP)
    await asyncio.sleep(after_s)
    served.stop(signal.SIGINT, seconds=10)
    assert served.leftovers() == []


async def test_workers_and_stores_end_when_their_parent_is_killed(serve: Callable[..., Any]) -> None:
    served = serve("--workers", "2", **CHEAP).wait_ready()
    os.kill(served.process.pid, signal.SIGKILL)
    served.process.wait(5)
    served.until(lambda: served.leftovers() == [], seconds=15)


async def test_a_taken_port_is_said_before_anything_starts(serve: Callable[..., Any]) -> None:
    first = serve(**CHEAP).wait_ready()
    second = serve(port=first.port, **CHEAP)
    assert second.process.wait(10) == 2
    said = second.said()
    assert f"port {first.port} at 127.0.0.1 is taken" in said
    assert "make serve" in said
    assert "PORT=" in said
    assert "Traceback" not in said
    assert not (second.data_dir / "store").exists()
    assert first.is_ready()


async def test_a_wrong_store_is_said_in_one_sentence(serve: Callable[..., Any]) -> None:
    served = serve(redis_url="http://example.invalid")
    assert served.process.wait(10) == 2
    assert "BLUEHEART_REDIS_URL" in served.said()
    assert "Traceback" not in served.said()
