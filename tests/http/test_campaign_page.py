"""A campaign's page as a browser without scripts sees it."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.http.test_owners import API, a_crest, bearer, desk, draft, made, open_desk  # noqa: F401


async def test_it_says_who_what_and_how_many(desk: httpx.AsyncClient) -> None:  # noqa: F811
    slug, key = await made(
        desk,
        names={"en": "Azur <script>", "fr": "Azur FC"},
        statement={"en": "We stand & stay."},
        goal=50,
        origins=["https://azur.example"],
    )
    headers = bearer(key) | {"Content-Type": "image/png"}
    await desk.put(f"{API}/{slug}/crest", content=a_crest(), headers=headers)
    page = await desk.get(f"/c/{slug}")
    assert page.status_code == 200
    assert "Azur &lt;script&gt;" in page.text
    assert "We stand &amp; stay." in page.text
    assert "Goal: 50" in page.text
    assert f'src="{API}/{slug}/crest?v=' in page.text
    assert "mailto:abuse@badges.example?subject=Report" in page.text
    assert "Not operated, endorsed or certified by the United Nations" in page.text
    assert "frame-ancestors https://azur.example;" in page.headers["content-security-policy"]
    assert "x-robots-tag" not in page.headers
    assert "Azur FC" in (await desk.get(f"/c/{slug}?lang=fr")).text
    assert (await desk.get(f"/c/{slug}?lang=xx")).status_code == 422
    picture = re.search(r'src="(/card/supporter[^"]+)"', page.text)
    assert picture
    assert (await desk.get(picture[1].replace("&amp;", "&"))).status_code == 200


async def test_its_form_pledges_for_it_alone(desk: httpx.AsyncClient) -> None:  # noqa: F811
    slug, _ = await made(desk)
    page = (await desk.get(f"/c/{slug}")).text
    form = dict(re.findall(r'name="(lang|campaign|token)" value="([^"]+)"', page))
    assert form["campaign"] == slug
    assert (await desk.post("/pledge", data=form)).status_code == 422  # faster than a person
    await asyncio.sleep(3.1)
    foreign = await desk.post("/pledge", data=form | {"campaign": "world"})
    assert foreign.status_code == 422
    assert (await desk.post("/pledge", data=form)).status_code == 200
    assert (await desk.get(f"{API}/{slug}/count")).json()["total"] == 1
    assert (await desk.get(f"{API}/world/count")).json()["total"] >= 0


@pytest.mark.parametrize("phase", ["upcoming", "ended", "closed"])
async def test_a_campaign_that_takes_no_pledges_has_no_form(desk: httpx.AsyncClient, phase: str) -> None:  # noqa: F811
    today = datetime.now(UTC).date()
    days = {
        "upcoming": {"starts_on": (today + timedelta(days=2)).isoformat()},
        "ended": {"ends_on": (today - timedelta(days=2)).isoformat(), "sunset": "world"},
        "closed": {},
    }[phase]
    slug, key = await made(desk, **days)
    token = re.search(r'name="token" value="([^"]+)"', (await desk.get("/c/world")).text)
    assert token
    if phase == "closed":
        await desk.delete(f"{API}/{slug}", headers=bearer(key))
    page = (await desk.get(f"/c/{slug}")).text
    assert 'action="/pledge"' not in page
    assert (today + timedelta(days=2)).isoformat() in page or "has ended" in page
    assert ("/c/world" in page) is (phase == "ended")
    refused = await desk.post("/pledge", data={"lang": "en", "campaign": slug, "token": token[1]})
    assert refused.status_code == 409


async def test_a_strangers_page_shows_no_text_and_is_not_indexed(
    open_desk: httpx.AsyncClient,  # noqa: F811
    pledging: Any,
) -> None:
    body = draft(names={"en": "Buy now"}, solution=await pledging.solution(open_desk))
    assert (await open_desk.post(API, json=body)).status_code == 201
    page = await open_desk.get(f"/c/{body['slug']}")
    assert "Buy now" not in page.text
    assert page.headers["x-robots-tag"] == "noindex"


async def test_an_unknown_campaign_has_no_page(client: httpx.AsyncClient) -> None:
    for path in ("/c/nobody", "/c/%3Cscript%3E", "/c/a..b"):
        answer = await client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert "<script>" not in answer.text
