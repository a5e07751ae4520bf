"""The image grammar over HTTP: bodies, headers, conditions, caching, delivery."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from badge.settings import Settings

IMAGE = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
HIEROGLYPH = quote("\U0001314f")

PICTURES = [
    ("/badge/wear.svg?name=Ana", "image/svg+xml; charset=utf-8", b"<svg"),
    ("/badge/wear.png?name=Ana", "image/png", b"\x89PNG"),
    ("/avatar/pin.svg?name=Ana", "image/svg+xml; charset=utf-8", b"<svg"),
    ("/avatar/pin.png?name=Ana&size=128", "image/png", b"\x89PNG"),
    ("/card/supporter.png?name=Ana", "image/png", b"\x89PNG"),
    ("/card/supporter.jpg?name=Ana&size=square", "image/jpeg", b"\xff\xd8"),
    ("/avatar/pin.webp?name=Ana&size=64&animate=beat", "image/webp", b"RIFF"),
    ("/badge/count.svg?campaign=world", "image/svg+xml; charset=utf-8", b"<svg"),
]


@pytest.mark.parametrize(("url", "media_type", "begins"), PICTURES)
async def test_a_picture_is_open_to_every_site(
    client: httpx.AsyncClient, url: str, media_type: str, begins: bytes
) -> None:
    answer = await client.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.content.startswith(begins)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-expose-headers"] == "*"
    assert "set-cookie" not in answer.headers
    assert int(answer.headers["content-length"]) == answer.num_bytes_downloaded
    if media_type.startswith("image/svg"):
        policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
        assert answer.headers["content-security-policy"] == policy


@pytest.mark.parametrize(
    "url", [url for url, _, _ in PICTURES] + ["/badge/wear.json?name=Ana", "/templates.json"]
)
async def test_head_is_get_without_the_body(client: httpx.AsyncClient, url: str) -> None:
    get, head = await client.get(url), await client.head(url)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "cache-control"):
        assert head.headers[name] == get.headers[name]


async def test_a_picture_is_cached_long_and_refreshed_behind(client: httpx.AsyncClient) -> None:
    answer = await client.get("/badge/wear.svg?name=Ana")
    assert answer.headers["cache-control"] == "public, max-age=86400, stale-while-revalidate=604800"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "vary" not in (await client.get("/badge/wear.png?name=Ana")).headers


async def test_maxage_is_the_authors_choice_within_bounds(client: httpx.AsyncClient) -> None:
    url = "/badge/wear.svg?name=Ana"
    asked = await client.get(url + "&maxage=600")
    assert asked.headers["cache-control"].startswith("public, max-age=600, ")
    assert asked.headers["etag"] == (await client.get(url)).headers["etag"]
    assert (await client.get(url + "&maxage=-1")).status_code == 422
    assert (await client.get(url + "&maxage=99999999999")).status_code == 422


async def test_a_live_picture_is_stale_for_a_minute_at_most(client: httpx.AsyncClient) -> None:
    for url in ("/badge/count.svg?campaign=world", "/badge/count.svg?campaign=world&maxage=86400"):
        control = (await client.get(url)).headers["cache-control"]
        seconds = [int(part.partition("=")[2]) for part in control.split(", ") if "=" in part]
        assert sum(seconds) <= 60


async def test_the_count_in_a_picture_is_the_campaigns(client: httpx.AsyncClient, pledging: Any) -> None:
    before = await client.get("/badge/count.svg")
    total = (await pledging.pledge(client)).json()["total"]
    after = await client.get("/badge/count.svg")
    assert after.headers["etag"] != before.headers["etag"]
    assert f"{total:,}" in after.text or str(total) in after.text


async def test_equal_requests_have_one_tag_whatever_their_spelling(client: httpx.AsyncClient) -> None:
    spellings = [
        "/badge/wear.svg?name=Zo%C3%AB%20M&lang=fr",
        "/badge/wear.svg?lang=fr&name=Zo%c3%ab+M",
        "/badge/wear.svg?lang=fr&name=Zoe%CC%88%20M&theme=light&utm_source=x",
    ]
    tags = {(await client.get(url)).headers["etag"] for url in spellings}
    assert len(tags) == 1


@pytest.mark.parametrize("given", ["{}", "W/{}", '"other", {}', '"other",W/{} ', "*"])
async def test_a_known_picture_is_304(client: httpx.AsyncClient, given: str) -> None:
    url = "/badge/wear.svg?name=Ana"
    known = await client.get(url)
    answer = await client.get(url, headers={"If-None-Match": given.format(known.headers["etag"])})
    assert answer.status_code == 304
    assert answer.content == b""
    for name in ("etag", "cache-control", "access-control-allow-origin"):
        assert answer.headers[name] == known.headers[name]


async def test_another_tag_is_no_304(client: httpx.AsyncClient) -> None:
    answer = await client.get("/badge/wear.svg?name=Ana", headers={"If-None-Match": '"another", W/"one"'})
    assert answer.status_code == 200


async def test_a_condition_does_not_make_a_bad_request_good(client: httpx.AsyncClient) -> None:
    for accept in ("*/*", IMAGE):
        answer = await client.get(
            "/badge/wear.svg?name=Ana&size=9999", headers={"If-None-Match": "*", "Accept": accept}
        )
        assert answer.status_code != 304


async def test_304_draws_nothing(client: httpx.AsyncClient, service: Any) -> None:
    url = "/card/supporter.png?name=Nobody+has+drawn+this"
    drawn = service.state["renderer"].drawn
    assert (await client.get(url, headers={"If-None-Match": "*"})).status_code == 304
    assert service.state["renderer"].drawn == drawn


async def test_equal_requests_at_once_are_drawn_once(client: httpx.AsyncClient, service: Any) -> None:
    url = "/card/supporter.png?name=Everybody+at+once"
    drawn = service.state["renderer"].drawn
    answers = await asyncio.gather(*(client.get(url) for _ in range(20)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.content for a in answers}) == 1
    assert service.state["renderer"].drawn == drawn + 1


async def test_it_comes_from_memory_the_second_time(client: httpx.AsyncClient) -> None:
    url = "/badge/wear.svg?name=Twice+and+never+before"
    assert (await client.get(url)).headers["blue-heart-cache"] == "render"
    assert (await client.get(url)).headers["blue-heart-cache"] == "memory"


async def test_another_worker_finds_it_in_the_store(
    client: httpx.AsyncClient, open_service: Any, settings: Settings
) -> None:
    url = "/badge/wear.svg?name=One+worker+draws"
    drawn = await client.get(url)
    async with (await open_service(settings)).client() as other:
        found = await other.get(url)
    assert found.headers["blue-heart-cache"] == "redis"
    assert found.content == drawn.content
    assert found.headers["etag"] == drawn.headers["etag"]


async def test_unknown_parameters_are_named_and_ignored(client: httpx.AsyncClient) -> None:
    answer = await client.get("/badge/wear.svg?name=Ana&fbclid=1&utm_source=2&%C3%BC%0d%0ax=3")
    assert answer.status_code == 200
    assert answer.headers["blue-heart-ignored"] == "fbclid, utm_source, %C3%BC%0D%0Ax"


async def test_the_list_of_ignored_parameters_is_bounded(client: httpx.AsyncClient) -> None:
    query = "&".join(f"{'z' * 90}{i}=1" for i in range(60))
    answer = await client.get(f"/badge/wear.svg?name=Ana&{query}")
    assert answer.status_code == 200
    assert len(answer.headers["blue-heart-ignored"]) < 600


async def test_a_letter_that_no_font_has_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/badge/wear.svg?name=Ana{HIEROGLYPH}")
    assert answer.status_code == 200
    assert answer.headers["blue-heart-missing"] == "%F0%93%85%8F"
    again = await client.get(f"/badge/wear.svg?name=Ana{HIEROGLYPH}")
    assert again.headers["blue-heart-missing"] == "%F0%93%85%8F"


async def test_a_download_has_a_readable_name(client: httpx.AsyncClient) -> None:
    answer = await client.get("/card/supporter.png?name=Zo%C3%AB%20%22A%2FB%22%20%E5%B1%B1&download=1")
    name = answer.headers["content-disposition"]
    assert name.startswith('attachment; filename="blue-heart-supporter-Zoe-')
    assert quote("Zoë") in name.partition("filename*=UTF-8''")[2]
    assert quote("山") in name
    plain = name.partition('filename="')[2].partition('"')[0]
    assert plain.endswith(".png")
    assert plain.isascii()
    assert not set(plain) & set('/\\:"')
    shown = await client.get("/card/supporter.png?name=Zo%C3%AB%20%22A%2FB%22%20%E5%B1%B1")
    assert "content-disposition" not in shown.headers
    assert shown.headers["etag"] == answer.headers["etag"]


async def test_no_letter_becomes_a_quote_or_a_slash_in_a_download_s_name(client: httpx.AsyncClient) -> None:
    name = quote("A\uff02; filename=\uff02..\uff0f\uff3cevil.exe\uff1a")
    answer = await client.get(f"/badge/wear.svg?name={name}&download=1")
    said = answer.headers["content-disposition"]
    assert said.count('"') == 2
    assert not set(said.partition('filename="')[2].partition('"')[0]) & set("/\\:")


async def test_the_sidecar_tells_what_the_picture_is(client: httpx.AsyncClient) -> None:
    picture = await client.get("/badge/wear.svg?name=Ana&lang=fr")
    sidecar = await client.get("/badge/wear.json?lang=fr&name=Ana&fbclid=9")
    said = sidecar.json()
    assert sidecar.headers["content-type"] == "application/json"
    assert said["bytes"] == len(picture.content)
    assert said["url"] == "https://badges.example/badge/wear.svg?lang=fr&name=Ana"
    assert f'width="{said["width"]}" height="{said["height"]}"' in picture.text
    assert "Ana" in said["alt"]
    assert sidecar.headers["etag"] != picture.headers["etag"]


async def test_the_host_header_is_never_believed(client: httpx.AsyncClient) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    for url in ("/badge/wear.json?name=Ana", "/", "/badge/wear.svg/?name=x", "/healthz/"):
        answer = await client.get(url, headers=headers)
        assert "evil.example" not in answer.text + str(answer.headers)
