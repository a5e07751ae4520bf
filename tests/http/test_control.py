"""What an operator decides while the service runs: blocked words and pictures, purges, on every worker."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from badge.cache import Moderator, RedisCache
from badge.catalogue import Catalogue
from badge.errors import InvalidField
from badge.settings import Settings

IMAGE = {"Sec-Fetch-Dest": "image"}


@pytest.fixture
async def moderator(service: Any) -> AsyncIterator[Moderator]:
    stores = service.state["stores"]
    moderator = Moderator(stores.control, RedisCache(stores.blobs))
    yield moderator
    blocked = await moderator.blocked()
    for kind in ("word", "picture"):
        for what in blocked.words if kind == "word" else blocked.pictures:
            await moderator.unblock(kind, what)


@pytest.fixture
def subject(service: Any) -> Any:
    catalogue: Catalogue = service.state["kit"].catalogue

    def of(url: str) -> str:
        path, _, query = url.partition("?")
        return catalogue.parse(path, query.encode()).spec.subject

    return of


async def follow(*services: Any) -> None:
    """What each worker does once a second."""
    for service in services:
        await service.state["control"].look()


async def test_a_blocked_word_is_refused_in_every_picture_and_form(
    client: httpx.AsyncClient, service: Any, moderator: Moderator
) -> None:
    url = "/badge/wear.svg?name=Ana+BL%C3%96CKED"
    for _ in range(3):
        known = await client.get(url)
    await moderator.block("word", "blocked")
    await follow(service)
    for headers in ({}, {"If-None-Match": known.headers["etag"]}):
        refused = await client.get(url, headers=headers)
        assert refused.status_code == 422
        assert refused.json()["code"] == "blocked"
        assert refused.json()["field"] == "name"
        assert "leave it out" in refused.json()["detail"]
    assert (await client.get("/card/supporter.json?name=Blocked")).status_code == 422
    shown = await client.get(url, headers=IMAGE)
    assert (shown.status_code, shown.headers["blue-heart-error"]) == (200, "422 name")
    assert shown.headers["etag" if "etag" in shown.headers else "cache-control"] == "public, max-age=60"
    assert (await client.get("/?name=Blocked")).status_code == 422
    assert (await client.get("/badge/wear.svg?name=Unblocked")).status_code == 200

    await moderator.unblock("word", "blocked")
    await follow(service)
    assert (await client.get(url)).headers["etag"] == known.headers["etag"]


async def test_a_blocked_picture_is_451_in_every_size_format_and_theme(
    client: httpx.AsyncClient, service: Any, moderator: Moderator, subject: Any
) -> None:
    url = "/badge/wear.svg?name=Taken+down"
    for _ in range(3):
        assert (await client.get(url)).status_code == 200
    await moderator.block("picture", subject(url))
    await follow(service)
    png, film = ("/badge/wear.png?name=Taken+down&scale=2", "/badge/wear.webp?name=Taken+down&animate=beat")
    for other in (url, url + "&theme=dark&utm_source=x", png, film):
        refused = await client.get(other, headers={"If-None-Match": "*"})
        assert (refused.status_code, refused.json()["code"]) == (451, "blocked")
        shown = await client.get(other, headers=IMAGE)
        assert (shown.status_code, shown.headers["blue-heart-error"]) == (200, "451 blocked")
    assert (await client.get("/badge/wear.svg?name=Taken+down+not")).status_code == 200


async def test_a_picture_can_be_blocked_by_its_tag(
    client: httpx.AsyncClient, service: Any, moderator: Moderator
) -> None:
    url = "/badge/wear.svg?name=By+tag"
    tag = (await client.get(url, headers={"Accept-Encoding": ""})).headers["etag"].strip('"')
    await moderator.block("picture", tag)
    await follow(service)
    assert (await client.get(url)).status_code == 451
    assert (await client.get(url + "&theme=dark")).status_code == 200


@pytest.mark.parametrize("by", ["its ETag", "what it says"])
async def test_a_picture_blocked_by_its_digest_leaves_both_caches(
    client: httpx.AsyncClient, service: Any, moderator: Moderator, subject: Any, by: str
) -> None:
    url, kept = f"/badge/wear.svg?name=Not+kept+{len(by)}", "/badge/wear.svg?name=Kept+beside"
    etag = (await client.get(url)).headers["etag"].strip('"').partition("-")[0]
    await client.get(kept)
    store, place = RedisCache(service.state["stores"].blobs), f":{subject(url)}:{etag}"
    assert await store.get(place)
    assert service.state["cache"].peek(place)
    await moderator.block("picture", etag if by == "its ETag" else subject(url))
    assert await store.get(place) is None
    await follow(service)
    assert service.state["cache"].peek(place) is None
    assert (await client.get(url)).status_code == 451
    assert (await client.get(kept)).headers["blue-heart-cache"] == "memory"


async def test_a_purged_picture_is_drawn_anew_by_every_worker(
    client: httpx.AsyncClient,
    service: Any,
    open_service: Any,
    settings: Settings,
    moderator: Moderator,
    subject: Any,
) -> None:
    other = await open_service(settings)
    url, kept = "/badge/wear.svg?name=Purged", "/badge/wear.svg?name=Kept"
    async with other.client() as second:
        for _ in range(3):
            for asks in (client, second):
                await asks.get(url)
                await asks.get(kept)
        assert await moderator.purge(f":{subject(url)}:") == 1
        await follow(service, other)
        assert (await client.get(url)).headers["blue-heart-cache"] == "render"
        assert (await second.get(url)).headers["blue-heart-cache"] != "memory"
        assert (await second.get(kept)).headers["blue-heart-cache"] == "memory"


async def test_a_campaign_is_purged_alone(
    client: httpx.AsyncClient, service: Any, moderator: Moderator
) -> None:
    url, other = "/badge/count.svg?campaign=world", "/badge/wear.svg?name=Of+no+campaign"
    for _ in range(2):
        await client.get(url)
        await client.get(other)
    assert await moderator.purge("world:") >= 1
    await follow(service)
    assert (await client.get(url)).headers["blue-heart-cache"] == "render"
    assert (await client.get(other)).headers["blue-heart-cache"] == "memory"


async def test_everything_can_be_purged(
    client: httpx.AsyncClient, service: Any, moderator: Moderator
) -> None:
    urls = [f"/badge/wear.svg?name=All+{i}" for i in range(30)]
    for url in urls:
        await client.get(url)
    assert await moderator.purge("") >= 30
    await follow(service)
    assert {(await client.get(url)).headers["blue-heart-cache"] for url in urls} == {"render"}
    assert await moderator.purge("") >= 30
    assert await moderator.purge("") == 0


async def test_who_missed_many_purges_forgets_everything(
    client: httpx.AsyncClient, service: Any, moderator: Moderator
) -> None:
    url = "/badge/wear.svg?name=Long+asleep"
    await client.get(url)
    for i in range(80):
        await moderator.purge(f":{i:016x}:")
    await follow(service)
    assert (await client.get(url)).headers["blue-heart-cache"] == "redis"


async def test_blocks_outlive_every_worker(
    open_service: Any, settings: Settings, service: Any, moderator: Moderator
) -> None:
    await moderator.block("word", "山田")
    async with (await open_service(settings)).client() as client:
        assert (
            await client.get("/badge/wear.svg?name=%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E")
        ).status_code == 422


@pytest.mark.parametrize("what", ["", "   ", "\u0301", "x" * 300])
async def test_what_cannot_be_blocked_is_said(moderator: Moderator, what: str) -> None:
    with pytest.raises(InvalidField, match="cannot be blocked"):
        await moderator.block("word", what)
    with pytest.raises(InvalidField, match="is not blocked"):
        await moderator.unblock("word", what)


async def test_a_word_is_allowed_again_however_it_is_spelt(moderator: Moderator) -> None:
    for spelling in ("Voldemort", "VÖLDEMORT"):
        await moderator.block("word", spelling)
    await moderator.unblock("word", "voldemort")
    assert not (await moderator.blocked()).words
