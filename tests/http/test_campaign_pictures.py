"""`?campaign=` in pictures: colours, crest and count, everywhere within a minute of an edit."""

import asyncio
import io
from typing import Any

import httpx
from PIL import Image

from tests.http.test_owners import API, a_crest, bearer, desk, draft, made, open_desk  # noqa: F401

_HELD_S = 1.2  # a hot picture is answered for a second before its campaign is asked again


async def pixel(client: httpx.AsyncClient, url: str, at: tuple[int, int]) -> tuple[int, ...]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    found = Image.open(io.BytesIO(answer.content)).convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return found


def near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(colour, wanted, strict=True))


async def test_a_campaign_gives_colours_and_crest_and_an_edit_shows(desk: httpx.AsyncClient) -> None:  # noqa: F811
    slug, key = await made(desk, colours={"ground": "#8b0000", "accent": "#ffd700"})
    card = f"/card/supporter.png?name=Ana&campaign={slug}"
    at_the_foot, ground = (132, 535), (600, 600)
    plain = await desk.get("/card/supporter.png?name=Ana")
    first = await desk.get(card)
    assert first.headers["cache-control"] == "public, max-age=30, stale-while-revalidate=30"
    assert near(await pixel(desk, card, ground), (0x8B, 0, 0))
    headers = bearer(key) | {"Content-Type": "image/png"}
    await desk.put(f"{API}/{slug}/crest", content=a_crest(), headers=headers)
    await asyncio.sleep(_HELD_S)
    assert near(await pixel(desk, card, at_the_foot), (0, 0xAA, 0x44))
    await desk.patch(f"{API}/{slug}", json={"colours": None}, headers=bearer(key))
    await desk.delete(f"{API}/{slug}/crest", headers=bearer(key))
    await asyncio.sleep(_HELD_S)
    assert (await desk.get(card)).content == plain.content


async def test_a_pill_wears_the_accent_in_its_second_half(desk: httpx.AsyncClient) -> None:  # noqa: F811
    slug, _ = await made(desk, colours={"ground": "#8b0000", "accent": "#ffd700"})
    pill = (await desk.get(f"/badge/wear.svg?name=Ana&campaign={slug}")).text
    assert "#ffd700" in pill
    assert "#8b0000" not in pill


async def test_every_card_has_a_place_for_the_crest_and_an_avatar_wears_the_ground(
    desk: httpx.AsyncClient,  # noqa: F811
) -> None:
    slug, key = await made(desk, colours={"ground": "#8b0000", "accent": "#ffd700"})
    headers = bearer(key) | {"Content-Type": "image/png"}
    await desk.put(f"{API}/{slug}/crest", content=a_crest(), headers=headers)
    for card in (
        "thanks?",
        "statement?text=A&",
        "statistic?",
        "milestone?",
        "matchday?home=A&away=B&date=2026-07-30&",
    ):
        name, _, query = card.partition("?")
        url = f"/card/{name}.png?{query}campaign={slug}"
        assert near(await pixel(desk, url, (132, 535)), (0, 0xAA, 0x44)), name
    avatar = f"/avatar/pin.png?name=Ana&size=100&campaign={slug}"
    assert near(await pixel(desk, avatar, (12, 30)), (0x80, 0, 0)), "a little of its deeper shade"


async def test_a_strangers_crest_is_not_drawn_before_it_is_approved(
    open_desk: httpx.AsyncClient,  # noqa: F811
    pledging: Any,
) -> None:
    body = draft(solution=await pledging.solution(open_desk))
    key = (await open_desk.post(API, json=body)).json()["owner_key"]
    crest = f"{API}/{body['slug']}/crest"
    headers = bearer(key) | {"Content-Type": "image/png"}
    assert (await open_desk.put(crest, content=a_crest(), headers=headers)).status_code == 200
    plain = (await open_desk.get("/card/supporter.png?name=Ana")).content
    assert (await open_desk.get(f"/card/supporter.png?name=Ana&campaign={body['slug']}")).content == plain
    assert (await open_desk.get(crest)).status_code == 404


async def test_a_count_is_that_of_its_campaign(desk: httpx.AsyncClient, pledging: Any) -> None:  # noqa: F811
    slug, _ = await made(desk)
    count = f"/badge/count.json?campaign={slug}"
    assert "first" in (await desk.get(count)).json()["alt"]
    await pledging.pledge(desk, campaign=slug, solution=await pledging.solution(desk, slug))
    await asyncio.sleep(1.1)
    assert "1 pledge" in (await desk.get(count)).json()["alt"]
    unknown = await desk.get("/badge/wear.svg?name=Ana&campaign=nobody")
    assert unknown.status_code == 404
