"""Brotli and gzip: other bytes under another tag, never another picture."""

import gzip
from typing import Any

import brotli
import httpx
import pytest

SVG = "/badge/wear.svg?name=Coded"
SHRINKS = [SVG, "/templates.json", "/", "/privacy", "/widgets/v1/blue-heart.js"]
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


async def raw(
    client: httpx.AsyncClient, url: str, accepts: str, **headers: str
) -> tuple[httpx.Response, bytes]:
    """Returns an answer with its body as it came over the wire."""
    async with client.stream("GET", url, headers={"Accept-Encoding": accepts, **headers}) as answer:
        return answer, b"".join([chunk async for chunk in answer.aiter_raw()])


@pytest.mark.parametrize("coding", ["br", "gzip"])
@pytest.mark.parametrize("url", SHRINKS)
async def test_what_shrinks_comes_in_the_coding_asked_for(
    client: httpx.AsyncClient, url: str, coding: str
) -> None:
    for _ in range(3):  # made, from memory, hot
        plain, body = await raw(client, url, "identity")
        coded, packed = await raw(client, url, coding)
        assert coded.headers["content-encoding"] == coding
        assert "content-encoding" not in plain.headers
        assert "Accept-Encoding" in coded.headers["vary"]
        assert plain.headers["vary"] == coded.headers["vary"]
        assert int(coded.headers["content-length"]) == len(packed) < len(body)
        if url != "/":  # each has a token of its own
            assert DECODERS[coding](packed) == body


@pytest.mark.parametrize("url", [SVG, "/templates.json", "/widgets/v1/blue-heart.js"])
async def test_each_coding_has_its_tag_and_any_of_them_is_known(client: httpx.AsyncClient, url: str) -> None:
    tags = [(await raw(client, url, coding))[0].headers["etag"] for coding in ("identity", "br", "gzip")]
    assert tags[1] == tags[0].removesuffix('"') + '-br"'
    assert tags[2] == tags[0].removesuffix('"') + '-gz"'
    for coding in ("identity", "br", "gzip"):
        for tag in tags:
            answer, body = await raw(client, url, coding, **{"If-None-Match": f'"other", W/{tag}'})
            assert (answer.status_code, body) == (304, b"")
            assert "content-encoding" not in answer.headers
    answer, _ = await raw(client, url, "br", **{"If-None-Match": tags[1]})
    assert answer.headers["etag"] == tags[1]
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("url", ["/badge/wear.png?name=Ana", "/badge/wear.json?name=Ana", "/healthz"])
async def test_what_would_not_shrink_stays_as_it_is(client: httpx.AsyncClient, url: str) -> None:
    answer, body = await raw(client, url, "br, gzip")
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers
    assert int(answer.headers["content-length"]) == len(body)


async def test_a_picture_of_a_mistake_is_coded_too(client: httpx.AsyncClient) -> None:
    url = "/badge/wear.svg?name=Ana&size=9999"
    answer, packed = await raw(client, url, "br", **{"Sec-Fetch-Dest": "image"})
    assert answer.headers["content-encoding"] == "br"
    assert brotli.decompress(packed).startswith(b"<svg")
    assert answer.headers["vary"] == "Accept, Accept-Encoding, Sec-Fetch-Dest"


async def test_a_picture_is_compressed_once(client: httpx.AsyncClient, service: Any) -> None:
    drawn = service.state["renderer"].drawn
    for coding in ("br", "gzip", "identity", "br"):
        await raw(client, "/badge/wear.svg?name=Compressed+once", coding)
    assert service.state["renderer"].drawn == drawn + 1
