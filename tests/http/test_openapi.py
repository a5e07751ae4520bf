"""What /openapi.json and /docs tell is what the service does."""

import re
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from badge.assets import asset_dir
from badge.web.api import OPERATIONS
from badge.web.pages import Pages
from badge.web.routes import all_routes


def test_every_address_of_the_api_is_described_with_all_its_methods() -> None:
    routes = [
        r
        for r in all_routes(asset_dir("widgets"), Pages.load())
        if isinstance(r, Route) and "/api/" in r.path
    ]
    served = {(method, r.path) for r in routes for method in r.methods or () if method != "HEAD"}
    assert {(op.method.upper(), op.path) for op in OPERATIONS} == served


async def test_the_document_is_whole(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    said = answer.json()
    assert said["openapi"].startswith("3.1")
    assert said["servers"] == [{"url": "https://badges.example"}]
    assert (
        await client.get("/openapi.json", headers={"If-None-Match": answer.headers["etag"]})
    ).status_code == 304
    for ref in re.findall(r'"#/components/schemas/(\w+)"', answer.text):
        assert ref in said["components"]["schemas"]
    ids = [
        op["operationId"] for item in said["paths"].values() for m, op in item.items() if m != "parameters"
    ]
    assert len(ids) == len(set(ids)) == len(OPERATIONS)


async def test_answers_have_the_members_that_are_described(client: httpx.AsyncClient, pledging: Any) -> None:
    said = (await client.get("/openapi.json")).json()
    pledged = await pledging.pledge(client)
    receipt = {"receipt": pledged.json()["receipt"]}
    answers = {
        "Receipted": pledged,
        "OpenedReceipt": await client.post("/api/v1/receipts", json=receipt),
        "WithdrawnView": await client.post("/api/v1/withdrawals", json=receipt),
        "CampaignPage": await client.get("/api/v1/campaigns/world"),
        "CountView": await client.get("/api/v1/campaigns/world/count"),
        "TotalsPage": await client.get("/api/v1/totals"),
        "Shield": await client.get("/api/v1/campaigns/world/shields.json"),
    }
    for name, answer in answers.items():
        assert set(answer.json()) == set(said["components"]["schemas"][name]["properties"]), name


@pytest.mark.parametrize("lang", ["en", "ar"])
async def test_people_can_read_it_without_scripts(client: httpx.AsyncClient, lang: str) -> None:
    page = await client.get(f"/docs?lang={lang}")
    assert page.status_code == 200
    for op in OPERATIONS:
        assert f"{op.method.upper()} {op.path}" in page.text
    for told in ("object of text", "each named as", "at most 60 letters", "list of text"):
        assert told in page.text
    assert "<script" not in page.text
    assert not re.search(r'(?:src|href)="https?://(?!badges\.example|www\.unodc\.org)', page.text)
