"""Pledging and withdrawing as a browser without scripts does it, and as a mischievous client tries."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from badge.settings import Settings
from badge.store import EmbeddedStore
from tests.conftest import ORIGIN
from tests.http.document import POLICY, Document, read


async def send(client: httpx.AsyncClient, url: str, **form: str) -> tuple[httpx.Response, Document]:
    answer = await client.post(url, data=form)
    return answer, Document(answer.text)


async def total(client: httpx.AsyncClient) -> int:
    return int((await client.get("/api/v1/campaigns/world")).json()["total"])


async def token(client: httpx.AsyncClient) -> str:
    return (await read(client, "/")).one("input", name="token")["value"]


async def test_a_pledge_by_form_is_counted_once_shown_and_taken_back(client: httpx.AsyncClient) -> None:
    before = await total(client)
    fresh = await token(client)
    answer, page = await send(client, "/pledge", token=fresh, lang="fr")
    assert answer.status_code == 422
    assert "Attendez trois secondes" in page.text
    assert page.one("input", name="token")["value"] != fresh
    assert await total(client) == before

    await asyncio.sleep(3.1)
    answer, page = await send(client, "/pledge", token=fresh, lang="fr")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "Votre engagement est compté" in page.text
    receipt = page.one("input", name="receipt")["value"]
    again, _ = await send(client, "/pledge", token=fresh, lang="fr")
    assert Document(again.text).one("input", name="receipt")["value"] == receipt
    counts = (await client.get("/api/v1/campaigns/world")).json()
    assert counts["total"] == before + 1
    assert counts["by_source"]["form"] >= 1

    answer, page = await send(client, "/withdraw", receipt=f" {receipt}\r\n", lang="fr")
    assert answer.status_code == 200
    assert "Votre engagement est retiré" in page.text
    assert receipt not in answer.text
    answer, _ = await send(client, "/withdraw", receipt=receipt, lang="fr")
    assert answer.status_code == 200
    await asyncio.sleep(1.1)  # a count is read at most once a second
    assert await total(client) == before


@pytest.mark.parametrize("forged", ["", "x", "A" * 48, "é"])
async def test_a_forged_token_counts_nothing(client: httpx.AsyncClient, forged: str) -> None:
    before = await total(client)
    answer, page = await send(client, "/pledge", token=forged, lang="de")
    assert answer.status_code == 422
    assert page.one("html")["lang"] == "de"
    assert page.one("input", name="token")["value"]
    assert await total(client) == before


async def test_a_strange_receipt_is_refused_on_a_page(client: httpx.AsyncClient) -> None:
    answer, page = await send(client, "/withdraw", receipt="mine", lang="pt")
    assert answer.status_code == 422
    assert "not a receipt of this service" in page.text


@pytest.mark.parametrize("path", ["/pledge", "/withdraw"])
async def test_forms_are_read_within_bounds(client: httpx.AsyncClient, path: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for content, headers, status in (
        (b"{}", {"Content-Type": "application/json"}, 415),
        (b"token=" + b"a" * 5000, form, 413),
        (b"lang=en&lang=fr", form, 400),
        (b"lang=tlh", form, 422),
        (b"token=%FF", form, 400),
    ):
        answer = await client.post(path, content=content, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-security-policy"] == POLICY
    assert (await client.get(path)).status_code == 405


async def test_the_page_outlives_the_pledge_store(open_service: Any, short_dir: Path) -> None:
    folder = short_dir / "hung"
    keeper = EmbeddedStore(folder)
    await keeper.start()
    try:
        service = await open_service(Settings(data_dir=folder, public_url=ORIGIN, pledge_limit="off"))
        async with service.client() as client:
            held = await token(client)
            pid = EmbeddedStore(folder).pid("data")
            assert pid
            os.kill(pid, signal.SIGSTOP)
            try:
                page = await read(client, "/?name=Ana")
                assert len(page.all("img")) == 3
                await asyncio.sleep(3.1)
                answer, page = await send(client, "/pledge", token=held)
                assert answer.status_code == 503
                assert int(answer.headers["retry-after"]) > 0
                assert answer.headers["content-security-policy"] == POLICY
            finally:
                os.kill(pid, signal.SIGCONT)
    finally:
        await keeper.release()
