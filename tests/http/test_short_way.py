"""The short way of a pledge leaves out nothing that a visitor, a log or a number could miss."""

import re
from typing import Any

import httpx

PLEDGES = "/api/v1/pledges"


async def counted(client: httpx.AsyncClient, status: int) -> float:
    text = (await client.get("/metrics")).text
    pattern = rf'^blueheart_requests_total{{route="{PLEDGES}",status="{status}"}} (\S+)$'
    found = re.search(pattern, text, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_what_is_refused_on_it_has_an_id_and_is_counted(client: httpx.AsyncClient) -> None:
    before = await counted(client, 400)
    answer = await client.post(PLEDGES, content=b"{}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
    assert answer.headers.get_list("x-request-id") == [answer.headers["x-request-id"]]
    assert await counted(client, 400) == before + 1


async def test_a_pledge_on_it_is_counted(client: httpx.AsyncClient, pledging: Any) -> None:
    before = await counted(client, 201)
    answer = await pledging.pledge(client)
    assert answer.status_code == 201
    assert "x-request-id" in answer.headers
    assert await counted(client, 201) == before + 1


async def test_everything_else_of_the_address_takes_the_long_way(client: httpx.AsyncClient) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await client.request(method, PLEDGES)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST, OPTIONS"
    assert (await client.options(PLEDGES)).status_code == 204
    for elsewhere in (f"{PLEDGES}/", f"{PLEDGES}%2F", f"/x{PLEDGES}"):
        assert (await client.post(elsewhere, content=b"{}")).status_code in (404, 405)


async def test_a_long_query_is_refused_on_it_too(client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{PLEDGES}?{'q' * 9000}", content=b"{}")).status_code == 414
