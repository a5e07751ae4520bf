"""Who may have a new picture: limits by network, and signed URLs."""

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from badge.catalogue.signature import Signatures
from badge.settings import Settings, SettingsError

IMAGE = {"Sec-Fetch-Dest": "image"}


def visitor() -> dict[str, str]:
    return {"X-Forwarded-For": f"2001:db8:{secrets.token_hex(2)}::1"}


def unknown() -> str:
    return f"/badge/wear.svg?name=Ana-{secrets.token_hex(6)}"


@pytest.fixture
async def limited(open_service: Callable[[Settings], Any], settings: Settings) -> Any:
    service = await open_service(replace(settings, miss_limit="3/hour", trusted_proxies="127.0.0.1"))
    async with service.client() as client:
        yield client


async def test_new_pictures_are_limited_and_known_ones_are_not(limited: httpx.AsyncClient) -> None:
    me, known = visitor(), unknown()
    first = await limited.get(known, headers=me)
    assert first.status_code == 200
    assert first.headers["ratelimit-policy"] == '"misses";q=3;w=3600'
    assert re.fullmatch(r'"misses";r=2;t=1[12]\d\d', first.headers["ratelimit"])
    for _ in range(2):
        assert (await limited.get(unknown(), headers=me)).status_code == 200
    refused = await limited.get(unknown(), headers=me)
    assert refused.status_code == 429
    assert refused.json()["code"] == "too-many"
    wait_s = refused.headers["retry-after"]
    assert 0 < int(wait_s) <= 1200
    assert refused.headers["ratelimit"] == f'"misses";r=0;t={wait_s}'
    assert refused.headers["cache-control"] == "no-store"
    hit = await limited.get(known, headers=me)
    assert hit.status_code == 200
    assert "ratelimit" not in hit.headers
    assert (await limited.get(known, headers=me | {"If-None-Match": hit.headers["etag"]})).status_code == 304
    assert (await limited.get(unknown(), headers=visitor())).status_code == 200


async def test_an_image_client_hears_of_its_limit_too_as_no_proxy_keeps_that(
    limited: httpx.AsyncClient,
) -> None:
    me = visitor() | IMAGE
    codes = [(await limited.get(unknown(), headers=me)).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]


async def test_notices_are_pictures_and_count(limited: httpx.AsyncClient) -> None:
    me = visitor() | IMAGE
    for _ in range(5):
        assert (await limited.get("/badge/wear.svg?nmae=x", headers=me)).status_code == 200
    codes = [
        (await limited.get(f"/badge/{secrets.token_hex(6)}.svg", headers=me)).status_code for _ in range(4)
    ]
    assert codes[-1] == 429


async def test_a_forged_address_does_not_help(
    open_service: Callable[[Settings], Any], settings: Settings
) -> None:
    service = await open_service(replace(settings, miss_limit="1/hour", trusted_proxies=""))
    codes = set()
    async with service.client() as client:
        for _ in range(3):
            codes.add((await client.get(unknown(), headers=visitor())).status_code)
    assert 429 in codes


async def test_metrics_count_who_was_refused(limited: httpx.AsyncClient) -> None:
    me = visitor()
    for _ in range(5):
        await limited.get(unknown(), headers=me)
    assert 'blueheart_limit_refusals_total{limit="misses"} 2.0' in (await limited.get("/metrics")).text


async def test_without_the_cache_store_nobody_is_refused(
    open_service: Callable[[Settings], Any], settings: Settings
) -> None:
    service = await open_service(replace(settings, miss_limit="1/hour", cache_url="redis://127.0.0.1:1"))
    async with service.client() as client:
        codes = {(await client.get(unknown())).status_code for _ in range(4)}
        told = (await client.get("/metrics")).text
    assert codes == {200}
    assert 'blueheart_store_up{store="cache"} 0.0' in told
    assert 'blueheart_store_errors_total{store="cache"} 0.0' not in told
    assert 'blueheart_store_errors_total{store="data"} 0.0' in told
    assert 'blueheart_limit_fail_opens_total{limit="misses"} 4.0' in told


@pytest.fixture
async def signed(open_service: Callable[[Settings], Any], settings: Settings) -> Any:
    service = await open_service(replace(settings, url_keys="n" * 32 + "," + "o" * 32, miss_limit="1/day"))
    async with service.client() as client:
        yield client


async def test_with_keys_a_new_picture_wants_a_signature_and_a_known_one_does_not(
    signed: httpx.AsyncClient,
) -> None:
    url = unknown()
    refused = await signed.get(url)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (403, "signature", "sig")
    assert "sig is missing" in refused.json()["detail"]
    wrong = await signed.get(f"{url}&sig=AAAA")
    assert wrong.status_code == 403
    assert "is not ours" in wrong.json()["detail"]
    notice = await signed.get(url, headers=IMAGE)
    assert (notice.status_code, notice.headers["blue-heart-error"]) == (200, "403 sig")
    made = await signed.get(f"{url}&sig={Signatures((b'o' * 32,)).sign(url)}")
    assert made.status_code == 200
    assert "blue-heart-ignored" not in made.headers
    assert (await signed.get(url)).status_code == 200


async def test_a_signature_holds_for_every_spelling_and_is_not_limited(signed: httpx.AsyncClient) -> None:
    key = Signatures((b"n" * 32,))
    for _ in range(4):
        name = f"Ana {secrets.token_hex(6)}"
        sig = key.sign(f"/badge/wear.svg?lang=fr&name={name.replace(' ', '%20')}")
        url = f"/badge/wear.svg?sig={sig}&name={name.replace(' ', '+')}&utm_source=x&lang=fr&download=1"
        assert (await signed.get(url)).status_code == 200


async def test_where_no_keys_are_set_a_signature_is_left_alone(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{unknown()}&sig=anything")
    assert answer.status_code == 200
    assert "blue-heart-ignored" not in answer.headers


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"miss_limit": "lots"}, "BLUEHEART_MISS_LIMIT: it is written as 30/minute"),
        ({"pledge_limit": "0/day"}, "BLUEHEART_PLEDGE_LIMIT"),
        ({"url_keys": "short"}, "BLUEHEART_URL_KEYS: each key wants 32"),
        ({"trusted_proxies": "everyone"}, "BLUEHEART_TRUSTED_PROXIES"),
    ],
)
async def test_a_wrong_setting_stops_the_start_with_its_name(
    open_service: Callable[[Settings], Any], settings: Settings, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        await open_service(replace(settings, **wrong))


async def test_challenges_cost_us_work_and_are_limited_too(
    open_service: Callable[[Settings], Any], settings: Settings
) -> None:
    service = await open_service(replace(settings, challenge_limit="8/hour", trusted_proxies="127.0.0.1"))
    me, url = visitor(), "/api/v1/challenge?campaign=world"
    async with service.client() as client:
        answers = [await client.get(url, headers=me) for _ in range(9)]
        assert [answer.status_code for answer in answers] == [200] * 8 + [429]
        assert answers[0].headers["ratelimit"].startswith('"challenges";r=7;')
        assert int(answers[8].headers["retry-after"]) > 0
        assert (await client.get(url, headers=visitor())).status_code == 200
