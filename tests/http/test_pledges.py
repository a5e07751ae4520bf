"""The pledge API against the real embedded store: exactly once, whatever is repeated, refused by name."""

import asyncio
import json
import uuid
from dataclasses import replace
from typing import Any

import altcha
import httpx
import pytest

from badge.settings import Settings


def key() -> str:
    return str(uuid.uuid4())


async def total(client: httpx.AsyncClient) -> int:
    found: int = (await client.get("/api/v1/campaigns/world/count")).json()["total"]
    return found


async def post(client: httpx.AsyncClient, content: str | bytes, **headers: str) -> httpx.Response:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key()} | headers
    return await client.post("/api/v1/pledges", content=content, headers=headers)


async def test_a_pledge_counts_once(client: httpx.AsyncClient, pledging: Any) -> None:
    before = await total(client)
    answer = await pledging.pledge(client, country="BE", language="nl", source="widget")
    assert answer.status_code == 201
    assert set(answer.json()) == {"receipt", "ordinal", "total"}
    assert answer.json()["total"] == before + 1
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    assert "idempotency-replayed" not in answer.headers
    await asyncio.sleep(1.1)  # the breakdown is read from the store once a second at most
    world = (await client.get("/api/v1/campaigns/world")).json()
    assert world["total"] == before + 1
    assert world["by_source"]["widget"] >= 1
    for counts in ("by_source", "by_day"):
        assert sum(world[counts].values()) == world["total"]


async def test_the_same_key_has_the_same_answer(client: httpx.AsyncClient, pledging: Any) -> None:
    mine, solution = key(), await pledging.solution(client)
    first = await pledging.pledge(client, mine, solution=solution)
    again = await pledging.pledge(client, mine, solution=solution)
    unsolved = await pledging.pledge(client, mine, solution="not needed any more")
    for answer in (again, unsolved):
        assert answer.status_code == 201
        assert answer.json()["receipt"] == first.json()["receipt"]
        assert answer.json()["ordinal"] == first.json()["ordinal"]
        assert answer.headers["idempotency-replayed"] == "true"


async def test_the_same_key_at_the_same_instant_counts_once(client: httpx.AsyncClient, pledging: Any) -> None:
    before, mine, solution = await total(client), key(), await pledging.solution(client)
    answers = await asyncio.gather(*(pledging.pledge(client, mine, solution=solution) for _ in range(40)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.json()["receipt"] for a in answers}) == 1
    assert sum("idempotency-replayed" not in a.headers for a in answers) == 1
    assert (await pledging.pledge(client)).json()["total"] == before + 2


async def test_a_key_with_another_pledge_is_refused(client: httpx.AsyncClient, pledging: Any) -> None:
    mine = key()
    await pledging.pledge(client, mine, country="BE")
    answer = await pledging.pledge(client, mine, country="FR")
    assert answer.status_code == 422
    assert answer.json()["code"] == "key-reused"


@pytest.mark.parametrize("bad", [None, "", "short", "1" * 30, "a" * 65, "Zoë" * 10, "with space" * 3])
async def test_a_key_must_be_hard_to_guess(client: httpx.AsyncClient, bad: str | None) -> None:
    headers = {} if bad is None else {"Idempotency-Key": bad.encode()}
    answer = await client.post("/api/v1/pledges", json={}, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency-key"


async def test_a_proof_counts_once(client: httpx.AsyncClient, pledging: Any) -> None:
    solution = await pledging.solution(client)
    assert (await pledging.pledge(client, solution=solution)).status_code == 201
    before = await total(client)
    answer = await pledging.pledge(client, solution=solution)
    assert answer.status_code == 422
    assert answer.json()["code"] == "proof"
    assert await total(client) == before


def forged(challenge: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    return {**challenge, "parameters": {**challenge["parameters"], **parameters}}


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"campaign": "another"}},
        {"expiresAt": 4_000_000_000},
        {"cost": 1, "keyPrefix": ""},
        {"nonce": "00" * 16},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_changed_challenge_is_refused(
    client: httpx.AsyncClient, pledging: Any, change: dict[str, Any]
) -> None:
    challenge = (await client.get("/api/v1/challenge?campaign=world")).json()
    asked = altcha.Challenge.from_dict(forged(challenge, **change))
    payload = altcha.Payload(asked, altcha.Solution(0, "00" * 32)).to_base64()
    answer = await pledging.pledge(client, solution=payload)
    assert answer.status_code == 422
    assert answer.json()["code"] == "proof"


async def test_a_foreign_proof_is_refused(client: httpx.AsyncClient, pledging: Any) -> None:
    foreign = altcha.create_challenge(
        "PBKDF2/SHA-256", 1, counter=0, data={"campaign": "world"}, hmac_secret="a" * 32
    )
    answer = await pledging.pledge(client, solution=pledging.solve(foreign.to_dict()))
    assert answer.status_code == 422
    assert answer.json()["code"] == "proof"


@pytest.mark.parametrize("junk", ["x", "e30=", "bnVsbA==", "W10=", "é", "A" * 8000])
async def test_a_proof_that_is_none_is_refused(client: httpx.AsyncClient, pledging: Any, junk: str) -> None:
    answer = await pledging.pledge(client, solution=junk)
    assert answer.status_code == 422
    assert answer.json()["code"] == "proof"


async def test_a_refused_pledge_may_come_again_with_a_right_proof(
    client: httpx.AsyncClient, pledging: Any
) -> None:
    mine = key()
    assert (await pledging.pledge(client, mine, solution="wrong")).status_code == 422
    assert (await pledging.pledge(client, mine)).status_code == 201


async def test_a_withdrawal_takes_it_back_once(client: httpx.AsyncClient, pledging: Any) -> None:
    receipt = (await pledging.pledge(client)).json()["receipt"]
    before = await total(client)
    answers = [await client.post("/api/v1/withdrawals", json={"receipt": receipt}) for _ in range(3)]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.json() == {"campaign": "world", "total": before - 1}
    assert await total(client) == before - 1


@pytest.mark.parametrize("receipt", ["x", "", "A" * 100, "A" * 3000])
async def test_a_receipt_that_is_not_ours_is_refused(client: httpx.AsyncClient, receipt: str) -> None:
    answer = await client.post("/api/v1/withdrawals", json={"receipt": receipt})
    assert answer.status_code == 422
    assert answer.json()["field"] == "receipt"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"campaign": 5}, "campaign"),
        ({"campaign": ""}, "campaign"),
        ({"campaign": "x" * 65}, "campaign"),
        ({"source": "form"}, "source"),
        ({"source": None}, "source"),
        ({"country": "be"}, "country"),
        ({"country": "XYZXYZXYZ"}, "country"),
        ({"language": "English"}, "language"),
        ({"solution": 7}, "solution"),
        ({"solution": "x" * 9000}, "solution"),
        ({"name": "Ana"}, "name"),
    ],
)
async def test_a_wrong_member_is_named(
    client: httpx.AsyncClient, pledging: Any, change: dict[str, Any], field: str
) -> None:
    answer = await pledging.pledge(client, **{"solution": "x", **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field


@pytest.mark.parametrize("missing", ["campaign", "source", "solution"])
async def test_a_missing_member_is_named(client: httpx.AsyncClient, missing: str) -> None:
    body = {"campaign": "world", "source": "api", "solution": "x"}
    del body[missing]
    answer = await post(client, json.dumps(body))
    assert answer.status_code == 422
    assert answer.json()["field"] == missing


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b'{"campaign": "\xff"}',
        b'"' + b"\\ud800" + b'"',
        b"[" * 8000,
        b'{"campaign":' * 900,
    ],
    ids=range(7),
)
async def test_what_is_not_json_is_refused(client: httpx.AsyncClient, content: bytes) -> None:
    answer = await post(client, content)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("bad-request", "invalid")


async def test_an_unknown_campaign_is_404(client: httpx.AsyncClient, pledging: Any) -> None:
    for answer in (
        await pledging.pledge(client, campaign="nobody", solution="x"),
        await client.get("/api/v1/challenge?campaign=nobody"),
        await client.get("/api/v1/campaigns/nobody"),
        await client.get("/api/v1/campaigns/nobody/count"),
    ):
        assert answer.status_code == 404


async def test_a_challenge_is_for_a_named_campaign_and_never_kept(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/challenge")).json()["field"] == "campaign"
    answer = await client.get("/api/v1/challenge?campaign=world")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_bodies_are_bounded(client: httpx.AsyncClient) -> None:
    big = json.dumps({"solution": "x" * 17_000})
    assert (await post(client, big)).status_code == 413
    answer = await client.post("/api/v1/withdrawals", json={"receipt": "x" * 5000})
    assert answer.status_code == 413


async def test_a_body_without_announced_length_is_bounded_too(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while sent < 2**20:
            sent += 1024
            yield b" " * 1024

    answer = await client.post(
        "/api/v1/pledges",
        content=endless(),
        headers={"Content-Type": "application/json", "Idempotency-Key": key()},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"]
)
async def test_only_json_is_read(client: httpx.AsyncClient, media_type: str) -> None:
    assert (await post(client, b"{}", **{"Content-Type": media_type})).status_code == 415


async def test_a_network_that_pledges_too_often_waits(
    open_service: Any, settings: Settings, pledging: Any
) -> None:
    service = await open_service(replace(settings, pledge_limit="3/hour", trusted_proxies="127.0.0.1"))
    async with service.client() as client:

        async def from_(address: str, **more: Any) -> httpx.Response:
            client.headers["X-Forwarded-For"] = f"6.6.6.6, {address}"
            answer: httpx.Response = await pledging.pledge(client, **more)
            return answer

        mine = key()
        solution = await pledging.solution(client)
        assert (await from_("203.0.113.7", key=mine, solution=solution)).status_code == 201
        for host in (8, 9):
            assert (await from_(f"203.0.113.{host}")).status_code == 201
        refused = await from_("203.0.113.99")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        # Another network, and a retry of what was counted, are still answered.
        assert (await from_("198.51.100.7")).status_code == 201
        assert (await from_("203.0.113.7", key=mine, solution=solution)).status_code == 201


async def test_counts_are_revalidated_by_weak_tags(client: httpx.AsyncClient, pledging: Any) -> None:
    for url in ("/api/v1/campaigns/world", "/api/v1/campaigns/world/count"):
        first = await client.get(url)
        assert first.headers["cache-control"].startswith("public, max-age=0, s-maxage=30")
        known = {"If-None-Match": first.headers["etag"]}
        assert (await client.get(url, headers=known)).status_code == 304
        await pledging.pledge(client)
        await asyncio.sleep(1.1)
        assert (await client.get(url, headers=known)).status_code == 200
