"""The hot path: from the third request on an address is answered before routing, and nobody can tell."""

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest

from badge.web.access import Line

SVG = "/badge/wear.svg?name=Hot"
PICTURES = [
    SVG,
    "/badge/wear.svg?name=Hot&utm_source=x",
    "/badge/wear.svg?name=Hot&download=1",
    "/badge/wear.png?name=Hot",
    "/avatar/pin.svg?name=Hot%F0%93%85%8F",
]


def facts(answer: httpx.Response) -> tuple[Any, ...]:
    """Everything of an answer but its id."""
    kept = [(k, v) for k, v in answer.headers.multi_items() if k != "x-request-id"]
    return answer.status_code, kept, answer.content


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("url", PICTURES)
async def test_it_answers_as_the_long_way_does(
    client: httpx.AsyncClient, service: Any, url: str, method: str
) -> None:
    await client.get(url)
    service.state["hot"].clear()
    slow = await client.request(method, url)
    assert slow.headers["blue-heart-cache"] == "memory"
    assert len(service.state["hot"]) == 1
    hot = await client.request(method, url)
    assert facts(hot) == facts(slow)
    assert len(hot.headers["x-request-id"]) == len(slow.headers["x-request-id"]) == 16
    assert hot.headers["x-request-id"] != slow.headers["x-request-id"]

    known = {"If-None-Match": slow.headers["etag"]}
    hot_304 = await client.request(method, url, headers=known)
    service.state["hot"].clear()
    assert facts(hot_304) == facts(await client.request(method, url, headers=known))
    assert hot_304.status_code == 304


async def test_it_never_reaches_the_router(client: httpx.AsyncClient, service: Any) -> None:
    for _ in range(2):
        await client.get(SVG)
    kit, service.state["kit"] = service.state["kit"], None
    try:
        assert (await client.get(SVG)).status_code == 200
        assert (await client.get(SVG, headers={"If-None-Match": "*"})).status_code == 304
        assert (await client.get(SVG + "&lang=fr")).status_code == 500
        assert (await client.post(SVG)).status_code == 405
    finally:
        service.state["kit"] = kit


async def test_a_picture_that_left_memory_takes_the_long_way(client: httpx.AsyncClient, service: Any) -> None:
    url = "/badge/wear.png?name=Left+memory"
    for _ in range(3):
        await client.get(url)
    service.state["cache"].forget()
    assert (await client.get(url)).headers["blue-heart-cache"] == "redis"


async def test_a_live_picture_is_hot_for_a_second(client: httpx.AsyncClient, pledging: Any) -> None:
    url = "/badge/count.svg?campaign=world"
    for _ in range(3):
        before = await client.get(url)
    await pledging.pledge(client)
    await asyncio.sleep(1.1)
    assert (await client.get(url)).headers["etag"] != before.headers["etag"]


async def test_mistakes_and_long_addresses_are_not_kept(client: httpx.AsyncClient, service: Any) -> None:
    hot = service.state["hot"]
    hot.clear()
    for query in ("name=Hot&size=9999", "name=Hot&" + "x" * 600 + "=1"):
        for _ in range(3):
            await client.get(f"/badge/wear.svg?{query}", headers={"Sec-Fetch-Dest": "image"})
    assert len(hot) == 0


async def test_addresses_that_come_once_are_not_kept(client: httpx.AsyncClient, service: Any) -> None:
    hot = service.state["hot"]
    hot.clear()
    for i in range(20):
        await client.get(f"/badge/wear.svg?name=Once+{i}")
    assert len(hot) == 0


async def test_its_line_is_that_of_the_long_way(
    client: httpx.AsyncClient, service: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await client.get(SVG)
    service.state["hot"].clear()
    with caplog.at_level(logging.INFO, "badge.access"):
        for method in ("GET", "GET", "HEAD"):
            await client.request(method, SVG)
        await client.get(SVG, headers={"If-None-Match": "*"})
        service.state["hot"].clear()
        await client.get(SVG, headers={"If-None-Match": "*"})
        service.state["access"].write()  # as it does by itself a moment later
    lines: list[Line] = [line for record in caplog.records for line in record.lines]
    told = [(line.method, line.route, line.status, line.bytes, line.drew, line.source) for line in lines]
    slow, hot, head, hot_304, slow_304 = told
    assert slow == hot
    assert head == ("HEAD", *slow[1:3], 0, *slow[4:])
    assert hot_304 == slow_304
    assert json.dumps(slow[-1]) == '"memory"'
