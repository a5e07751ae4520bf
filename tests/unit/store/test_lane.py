import asyncio
import time

import pytest
from redis.asyncio import Redis

from badge.store import Endpoints, Lane, StoreError


async def test_a_command_that_is_refused_does_not_harm_its_neighbours(endpoints: Endpoints) -> None:
    lane = Lane(Redis.from_url(endpoints.data, protocol=2))
    answers = await asyncio.gather(
        lane.call("SET", "lane", "1", timeout_s=1),
        lane.call("NOSUCHCOMMAND", timeout_s=1),
        lane.call("LPUSH", "lane", "2", timeout_s=1),
        lane.call("GET", "lane", timeout_s=1),
        return_exceptions=True,
    )
    await lane.aclose()
    assert isinstance(answers[1], StoreError)
    assert isinstance(answers[2], StoreError)
    assert answers[3] == b"1"


async def test_callers_that_gave_up_leave_nothing_behind(endpoints: Endpoints) -> None:
    lane = Lane(Redis.from_url(endpoints.data, protocol=2), in_flight=1)
    slow = [asyncio.create_task(lane.call("GET", "lane", timeout_s=5)) for _ in range(50)]
    await asyncio.sleep(0)
    for task in slow[::2]:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    assert await lane.call("PING", timeout_s=1) is not None
    await lane.aclose()


async def test_a_lane_that_is_full_refuses_at_once(endpoints: Endpoints) -> None:
    lane = Lane(Redis.from_url(endpoints.data, protocol=2), waiting=10)
    answers = await asyncio.gather(
        *(lane.call("PING", timeout_s=1) for _ in range(50)), return_exceptions=True
    )
    await lane.aclose()
    refused = [str(answer) for answer in answers if isinstance(answer, StoreError)]
    assert 1 <= len(refused) <= 40
    assert "wait for the store already" in refused[0]


async def test_a_store_that_never_answers_costs_its_timeout_once(unused_tcp_port: int) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", unused_tcp_port)
    lane = Lane(Redis(port=unused_tcp_port, protocol=2, socket_timeout=1.0), in_flight=1)
    try:
        with pytest.raises(StoreError, match=r"within 0\.05 s"):
            await lane.call("GET", "x", timeout_s=0.05)
        await asyncio.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(StoreError, match="does not answer"):
            await lane.call("GET", "x", timeout_s=0.05)
        assert time.monotonic() - began < 0.02
    finally:
        await lane.aclose()
        server.close()


async def test_a_command_that_comes_while_every_pipeline_ends_is_sent(endpoints: Endpoints) -> None:
    lane = Lane(Redis.from_url(endpoints.data, protocol=2))

    async def twice() -> None:
        await lane.call("GET", "lane", timeout_s=2)
        await lane.call("GET", "lane", timeout_s=0.5)

    for turns in [*range(1, 15)] * 20:  # some of them have both answers arrive in one turn of the loop
        first = asyncio.create_task(twice())
        for _ in range(turns):
            await asyncio.sleep(0)
        second = asyncio.create_task(lane.call("GET", "lane", timeout_s=2))
        for _ in range(turns):
            await asyncio.sleep(0)
        time.sleep(0.002)  # noqa: ASYNC251 - that nobody sees the first answer before the second is there
        await asyncio.gather(first, second)
    await lane.aclose()
