"""Floods over HTTP: each door has a limit of its own, and a campaign one for all the world."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from badge.settings import Settings

Open = Callable[[Settings], Any]


@pytest.fixture
def somewhere(settings: Settings) -> dict[str, str]:
    """Headers of a visitor from a network that no other test uses."""
    return {"X-Forwarded-For": f"2001:db8:{uuid.uuid4().hex[:4]}::1"}


@pytest.fixture
def trusting(settings: Settings) -> Settings:
    return replace(settings, trusted_proxies="127.0.0.1")


async def test_withdrawals_and_looks_have_a_limit_that_pledges_do_not_use_up(
    open_service: Open, trusting: Settings, pledging: Any, somewhere: dict[str, str]
) -> None:
    service = await open_service(replace(trusting, pledge_limit="2/hour", receipt_limit="3/hour"))
    async with service.client(headers=somewhere) as client:
        receipt = (await pledging.pledge(client)).json()["receipt"]
        await pledging.pledge(client)
        assert (await pledging.pledge(client)).status_code == 429
        for path in ("withdrawals", "receipts", "withdrawals"):
            assert (await client.post(f"/api/v1/{path}", json={"receipt": receipt})).status_code == 200
        answer = await client.post("/api/v1/withdrawals", json={"receipt": receipt})
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0
        assert "receipts" in answer.json()["detail"]


async def test_the_form_has_a_stricter_limit_of_its_own(
    open_service: Open, trusting: Settings, somewhere: dict[str, str]
) -> None:
    service = await open_service(replace(trusting, pledge_limit="off", form_limit="2/hour"))
    async with service.client(headers=somewhere) as client:
        statuses = [
            (await client.post("/pledge", data={"lang": "en", "token": "nonsense"})).status_code
            for _ in range(3)
        ]
    assert statuses == [422, 422, 429]


@pytest.mark.parametrize("which", ["campaign_burst", "campaign_limit"])
async def test_a_campaign_takes_so_many_from_everywhere_and_a_pledge_that_waited_counts_once(
    open_service: Open, settings: Settings, pledging: Any, which: str
) -> None:
    rate = f"2/{('minute', 'hour')[which == 'campaign_limit']}"
    service = await open_service(
        replace(settings, **{"campaign_burst": "off", "campaign_limit": "off", which: rate})
    )
    async with service.client() as client:
        key, solution = str(uuid.uuid4()), await pledging.solution(client)
        for limit in service.state["campaign_limits"]:
            while (allowance := await limit.take_of("world")) is not None and allowance.remaining:
                pass
        answer = await pledging.pledge(client, key, solution=solution)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert "same key" in answer.json()["detail"]
    service = await open_service(settings)
    async with service.client() as client:
        assert (await pledging.pledge(client, key, solution=solution)).status_code == 201


@pytest.mark.parametrize(("which", "says"), [("open_limit", "your network"), ("open_total", "made here")])
async def test_strangers_make_so_many_campaigns_and_unproven_ones_use_up_nobodys(
    open_service: Open, trusting: Settings, pledging: Any, somewhere: dict[str, str], which: str, says: str
) -> None:
    service = await open_service(replace(trusting, open_campaigns=1, **{which: "1/day"}))
    async with service.client(headers=somewhere) as client:

        async def make(solution: str) -> httpx.Response:
            slug = f"c-{uuid.uuid4().hex[:12]}"
            body = {"slug": slug, "names": {"en": "Club"}, "solution": solution}
            return await client.post("/api/v1/campaigns", json=body)

        for _ in range(3):
            assert (await make("nonsense")).status_code == 422
        assert (await make(await pledging.solution(client))).status_code == 201
        refused = await make(await pledging.solution(client))
        assert refused.status_code == 429
        assert says in refused.json()["detail"]
        assert int(refused.headers["retry-after"]) > 3600


async def test_an_owner_changes_so_much_and_the_administrator_as_much_as_needed(
    open_service: Open, trusting: Settings, somewhere: dict[str, str]
) -> None:
    token = "a-token-of-the-administrator"
    service = await open_service(replace(trusting, admin_token=token, edit_limit="2/hour"))
    async with service.client(headers=somewhere) as client:
        admin = {"Authorization": f"Bearer {token}"}
        slug = f"c-{uuid.uuid4().hex[:12]}"
        made = await client.post(
            "/api/v1/campaigns", json={"slug": slug, "names": {"en": "Club"}}, headers=admin
        )
        owner = {"Authorization": f"Bearer {made.json()['owner_key']}"}
        at = f"/api/v1/campaigns/{slug}"
        assert (await client.patch(at, json={"goal": 5}, headers=owner)).status_code == 200
        assert (await client.delete(f"{at}/crest", headers=owner)).status_code == 200
        for ask in (
            client.patch(at, json={"goal": 6}, headers=owner),
            client.put(f"{at}/crest", content=b"", headers=owner),
            client.delete(f"{at}/crest", headers=owner),
            client.post(f"{at}/key", headers=owner),
            client.delete(at, headers=owner),
        ):
            refused = await ask
            assert refused.status_code == 429
            assert "changes of campaigns" in refused.json()["detail"]
        assert (await client.patch(at, json={"goal": 7}, headers=admin)).status_code == 200
