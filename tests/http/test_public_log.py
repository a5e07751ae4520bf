"""The public log over HTTP: static resources that never change, bounded by what was signed."""

import html
from typing import Any

import httpx
import pytest


@pytest.fixture
async def receipt(client: httpx.AsyncClient, pledging: Any) -> str:
    answer = await pledging.pledge(client, country="BE", language="nl")
    receipt: str = answer.json()["receipt"]
    return receipt


async def test_a_receipt_is_opened_with_its_proof(client: httpx.AsyncClient, receipt: str) -> None:
    answer = await client.post("/api/v1/receipts", json={"receipt": receipt})
    assert answer.status_code == 200
    opened = answer.json()
    assert (opened["campaign"], opened["source"], opened["country"], opened["language"]) == (
        *("world", "api"),
        *("BE", "nl"),
    )
    assert opened["stands"] is True
    assert opened["proof"].startswith("c2sp.org/tlog-proof@v1\nextra ")
    await client.post("/api/v1/withdrawals", json={"receipt": receipt})
    assert (await client.post("/api/v1/receipts", json={"receipt": receipt})).json()["stands"] is False


async def test_a_checkpoint_is_text_for_a_few_seconds(client: httpx.AsyncClient, receipt: str) -> None:
    answer = await client.get("/log/world/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=5"
    assert answer.headers["access-control-allow-origin"] == "*"
    origin, size, root, empty, signature = answer.text.splitlines()
    assert origin == "badges.example/log/world"
    assert (int(size) > 0, len(root), empty) == (True, 44, "")
    assert signature.startswith("\u2014 badges.example/log/world ")
    keys = await client.get("/log/world/keys")
    assert all(key.startswith("badges.example/log/world+") for key in keys.text.splitlines())


@pytest.mark.parametrize("level", ["0", "entries"])
async def test_tiles_never_change(client: httpx.AsyncClient, receipt: str, level: str) -> None:
    await client.post("/api/v1/receipts", json={"receipt": receipt})  # has a checkpoint made
    size = int((await client.get("/log/world/checkpoint")).text.splitlines()[1])
    path = f"/log/world/tile/{level}/000" + (f".p/{size}" if size < 256 else "")
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len(answer.content) == min(size, 256) * (32 if level == "0" else 41)


@pytest.mark.parametrize(
    "path",
    [
        *("0", "0/0", "0/00", "0/0000", "0/x000/000", "0/x001", "0/000.p", "0/000.p/0", "0/000.p/256"),
        *(
            "0/000.p/01",
            "64/000",
            "00/000",
            "-1/000",
            "data/000",
            "entries",
            "entries/000.p/999",
            "0/%30%30x",
        ),
        *("0/x999/x999/x999/999", "0/x999/x999/x999/x999/999", "63/000", "5/000.p/255", "0/..%2f000", ""),
    ],
)
async def test_what_is_no_tile_is_not_found(client: httpx.AsyncClient, receipt: str, path: str) -> None:
    answer = await client.get(f"/log/world/tile/{path}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["checkpoint", "keys", "tile/0/000.p/1"])
async def test_there_is_no_log_without_a_campaign(client: httpx.AsyncClient, path: str) -> None:
    for slug in ("no-such-place", "w}orld", "a" * 300):
        assert (await client.get(f"/log/{slug}/{path}")).status_code == 404


@pytest.mark.parametrize("wrong", ["", "nonsense", "A" * 2049, 7, None])
async def test_what_is_no_receipt_is_refused(client: httpx.AsyncClient, wrong: Any) -> None:
    answer = await client.post("/api/v1/receipts", json={"receipt": wrong})
    assert answer.status_code == 422
    assert answer.json()["field"] == "receipt"


async def test_the_page_opens_a_receipt_and_shows_its_proof(client: httpx.AsyncClient, receipt: str) -> None:
    page = await client.post("/transparency", data={"receipt": f" {receipt}\n", "lang": "en"})
    assert page.status_code == 200
    assert "It stands." in page.text
    assert "c2sp.org/tlog-proof@v1" in page.text
    assert page.headers["cache-control"] == "no-store"
    page = await client.post("/transparency", data={"receipt": receipt, "lang": "ja"})
    assert "world の " in page.text and "この誓いは有効です。" in page.text
    page = await client.get("/transparency?lang=fr")
    keys = (await client.get("/log/world/keys")).text.split()
    assert f"/log/world {keys[0]}</code>" in html.unescape(page.text)
    assert "Comment nous comptons" in page.text and "Ce que dit une ligne" in page.text
    assert "{" not in page.text
    assert "badges.example/log/world" in page.text
    assert (await client.post("/transparency", data={"receipt": "nonsense"})).status_code == 422
