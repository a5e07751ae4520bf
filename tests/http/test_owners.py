"""Campaigns over HTTP: made by the administrator, or by work, changed with the owner's key."""

import io
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from PIL import Image

from badge.settings import Settings

ADMIN = "a-token-of-the-administrator"
API = "/api/v1/campaigns"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def draft(**more: Any) -> dict[str, Any]:
    return {"slug": f"club-{secrets.token_hex(5)}", "names": {"en": "The Club"}} | more


@pytest.fixture
async def desk(open_service: Any, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with (await open_service(replace(settings, admin_token=ADMIN))).client() as client:
        yield client


@pytest.fixture
async def open_desk(open_service: Any, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    service = await open_service(replace(settings, admin_token=ADMIN, open_campaigns=1))
    async with service.client() as client:
        yield client


async def made(client: httpx.AsyncClient, **more: Any) -> tuple[str, str]:
    answer = await client.post(API, json=draft(**more), headers=bearer(ADMIN))
    assert answer.status_code == 201, answer.text
    return answer.json()["campaign"]["campaign"], answer.json()["owner_key"]


def a_crest(format_: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "#00aa44").save(out, format_)
    return out.getvalue()


async def test_a_campaign_is_made_edited_and_closed(desk: httpx.AsyncClient, pledging: Any) -> None:
    slug, key = await made(desk, colours={"ground": "#0055A4", "accent": "#FFD700"}, country="BE", goal=500)
    seen = (await desk.get(f"{API}/{slug}")).json()
    assert (seen["name"], seen["total"], seen["goal"], seen["status"]) == ("The Club", 0, 500, "open")
    assert seen["colours"] == {"ground": "#0055a4", "accent": "#ffd700"}
    edited = await desk.patch(f"{API}/{slug}", json={"goal": None, "country": "NL"}, headers=bearer(key))
    assert edited.json()["goal"] is None
    assert edited.json()["country"] == "NL"
    assert (await pledging.pledge(desk, campaign=slug, solution=await pledging.solution(desk, slug))).json()[
        "ordinal"
    ] == 1
    closed = await desk.delete(f"{API}/{slug}", headers=bearer(key))
    assert closed.json()["status"] == "closed"
    refused = await desk.get("/api/v1/challenge", params={"campaign": slug})
    assert refused.status_code == 409
    assert refused.json()["code"] == "not-open"
    assert (await desk.get(f"{API}/{slug}/count")).json()["total"] == 1


async def test_a_lost_answer_is_found_again_after_the_campaign_closed(
    desk: httpx.AsyncClient, pledging: Any
) -> None:
    slug, key = await made(desk)
    mine, solution = secrets.token_urlsafe(24), await pledging.solution(desk, slug)
    first = await pledging.pledge(desk, mine, campaign=slug, solution=solution)
    await desk.delete(f"{API}/{slug}", headers=bearer(key))
    again = await pledging.pledge(desk, mine, campaign=slug, solution=solution)
    assert again.status_code == 201
    assert again.json()["receipt"] == first.json()["receipt"]
    other = await pledging.pledge(desk, campaign=slug, solution=solution)
    assert other.status_code == 409


@pytest.mark.parametrize("token", [None, "wrong", ""])
async def test_nobody_else_makes_or_changes_one(desk: httpx.AsyncClient, token: str | None) -> None:
    slug, _ = await made(desk)
    headers = {} if token is None else bearer(token)
    for answer in (
        await desk.post(API, json=draft(), headers=headers),
        await desk.patch(f"{API}/{slug}", json={"goal": 1}, headers=headers),
        await desk.delete(f"{API}/{slug}", headers=headers),
        await desk.post(f"{API}/{slug}/key", headers=headers),
        await desk.put(f"{API}/{slug}/crest", content=a_crest(), headers=headers),
        await desk.delete(f"{API}/{slug}/crest", headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["cache-control"] == "no-store"


async def test_a_key_in_the_address_opens_nothing(desk: httpx.AsyncClient) -> None:
    slug, key = await made(desk)
    for name in ("key", "owner_key", "access_token"):
        answer = await desk.patch(f"{API}/{slug}?{name}={key}", json={"goal": 1})
        assert answer.status_code == 401


async def test_a_rotated_key_opens_nothing_any_more(desk: httpx.AsyncClient) -> None:
    slug, old = await made(desk)
    new = (await desk.post(f"{API}/{slug}/key", headers=bearer(old))).json()["owner_key"]
    assert (await desk.patch(f"{API}/{slug}", json={}, headers=bearer(old))).status_code == 401
    assert (await desk.patch(f"{API}/{slug}", json={}, headers=bearer(new))).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"slug": "UNODC"}, 422, "slug"),
        ({"slug": "u-n0dc"}, 422, "slug"),
        ({"slug": "official"}, 422, "slug"),
        ({"slug": "сlub"}, 422, "slug"),
        ({"slug": "world"}, 409, "slug"),
        ({"names": {}}, 422, "names"),
        ({"names": {"en": "Certified"}}, 422, "names"),
        ({"colours": {"ground": "#777777", "accent": "#000000"}}, 422, "colours"),
        ({"goal": 0}, 422, "goal"),
        ({"goal": "5"}, 422, "goal"),
        ({"country": "XX"}, 422, "country"),
        ({"starts_on": "tomorrow"}, 422, "starts_on"),
        ({"starts_on": "2026-08-01", "ends_on": "2026-07-01"}, 422, "ends_on"),
        ({"origins": ["https://a.example;"]}, 422, "origins"),
        ({"approved": True}, 422, "approved"),
    ],
)
async def test_what_does_not_fit_is_named(
    desk: httpx.AsyncClient, change: dict[str, Any], status: int, field: str
) -> None:
    answer = await desk.post(API, json=draft() | change, headers=bearer(ADMIN))
    assert answer.status_code == status
    assert answer.json()["field"] == field


async def test_a_slug_is_given_once(desk: httpx.AsyncClient) -> None:
    slug, _ = await made(desk)
    answer = await desk.post(API, json=draft(slug=slug), headers=bearer(ADMIN))
    assert answer.status_code == 409


async def test_a_strangers_campaign_costs_work_and_waits_for_approval(
    open_desk: httpx.AsyncClient, pledging: Any
) -> None:
    assert (await open_desk.post(API, json=draft())).json()["field"] == "solution"
    solution = await pledging.solution(open_desk)
    body = draft(statement={"en": "Hello"}, solution=solution)
    answer = await open_desk.post(API, json=body)
    assert answer.status_code == 201
    slug = body["slug"]
    seen = (await open_desk.get(f"{API}/{slug}")).json()
    assert (seen["name"], seen["names"], seen["statement"], seen["approved"]) == (slug, {}, {}, False)
    again = await open_desk.post(API, json=draft(solution=solution))
    assert again.status_code == 422
    assert again.json()["code"] == "proof"


async def test_a_crest_is_drawn_anew_and_shown(desk: httpx.AsyncClient) -> None:
    slug, key = await made(desk)
    put = await desk.put(
        f"{API}/{slug}/crest", content=a_crest("JPEG"), headers=bearer(key) | {"Content-Type": "image/jpeg"}
    )
    assert put.status_code == 200
    shown = await desk.get(put.json()["crest"].partition(".example")[2])
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert Image.open(io.BytesIO(shown.content)).size == (64, 64)
    known = {"If-None-Match": shown.headers["etag"]}
    assert (await desk.get(f"{API}/{slug}/crest", headers=known)).status_code == 304
    await desk.delete(f"{API}/{slug}/crest", headers=bearer(key))
    assert (await desk.get(f"{API}/{slug}/crest")).status_code == 404


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"<svg/>", "image/svg+xml", 415),
        (b"<svg/>", "image/png", 415),
        (a_crest(), "text/plain", 415),
        (b"\0" * (4 * 2**20 + 1), "image/png", 413),
    ],
)
async def test_what_is_no_crest_is_refused(
    desk: httpx.AsyncClient, content: bytes, media_type: str, status: int
) -> None:
    slug, key = await made(desk)
    headers = bearer(key) | {"Content-Type": media_type}
    answer = await desk.put(f"{API}/{slug}/crest", content=content, headers=headers)
    assert answer.status_code == status


async def test_an_address_names_all_its_methods(desk: httpx.AsyncClient) -> None:
    answer = await desk.options(f"{API}/world")
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PATCH, OPTIONS"
    assert "Authorization" in answer.headers["access-control-allow-headers"]


async def board(client: httpx.AsyncClient, **query: str) -> dict[str, Any]:
    answer = await client.get("/api/v1/totals", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_board_lists_campaigns_by_total_and_by_member(
    open_desk: httpx.AsyncClient, pledging: Any, service: Any
) -> None:
    big, _ = await made(open_desk, members=1000)
    small, _ = await made(open_desk, members=2)
    for slug, pledges in ((big, 3), (small, 2)):
        for _ in range(pledges):
            await pledging.pledge(open_desk, campaign=slug, solution=await pledging.solution(open_desk, slug))
    hidden = draft(solution=await pledging.solution(open_desk))
    await open_desk.post(API, json=hidden)
    await service.state["board"].recount()
    rows, cursor = [], ""
    while True:
        page = await board(open_desk, limit="3", **({"cursor": cursor} if cursor else {}))
        rows += page["rows"]
        if not (cursor := page["next"] or ""):
            break
    slugs = [row["campaign"] for row in rows]
    assert len(slugs) == len(set(slugs)) == page["campaigns"]
    assert slugs.index(big) < slugs.index(small)
    assert hidden["slug"] not in slugs
    assert page["total"] == sum(row["total"] for row in rows)
    totals = [row["total"] for row in rows]
    assert totals == sorted(totals, reverse=True)
    by_member = [row["campaign"] for row in (await board(open_desk, order="per_member", limit="100"))["rows"]]
    assert by_member.index(small) < by_member.index(big)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"order": "name"}, "order"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1e2"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "WyJhIiwibmFuIl0"}, "cursor"),
        ({"cursor": "W10"}, "cursor"),
    ],
)
async def test_a_board_that_is_asked_for_wrongly(
    client: httpx.AsyncClient, query: dict[str, str], field: str
) -> None:
    answer = await client.get("/api/v1/totals", params=query)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


async def test_the_owner_takes_the_counts_as_a_table(desk: httpx.AsyncClient, pledging: Any) -> None:
    slug, key = await made(desk)
    for _ in range(6):
        solution = await pledging.solution(desk, slug)
        await pledging.pledge(desk, campaign=slug, solution=solution, country="BE", language="nl")
    assert (await desk.get(f"{API}/{slug}/export.csv")).status_code == 401
    table = await desk.get(f"{API}/{slug}/export.csv", headers=bearer(key))
    assert table.headers["content-type"].startswith("text/csv")
    assert table.headers["cache-control"] == "no-store"
    rows = table.text.split("\r\n")
    assert rows[:2] == ["counter,of,pledges", "total,,6"]
    assert {"country,BE,6", "source,api,6", "language,nl,6"} <= set(rows)


async def test_shields_io_can_draw_the_count(desk: httpx.AsyncClient) -> None:
    slug, _ = await made(desk, colours={"ground": "#0055a4", "accent": "#ffd700"})
    shield = (await desk.get(f"{API}/{slug}/shields.json?lang=fr")).json()
    assert (shield["schemaVersion"], shield["label"], shield["color"]) == (1, "The Club", "ffd700")
    assert (await desk.get(f"{API}/{slug}/shields.json?lang=xx")).status_code == 422
