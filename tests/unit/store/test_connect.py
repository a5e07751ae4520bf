import logging
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.errors import Unavailable
from badge.store import Endpoints, StoreError, Stores, StoreSetupError, open_stores, redacted


async def test_an_evicting_data_store_is_refused_with_what_to_set(
    endpoints: Endpoints, data: Redis, tmp_path: Path
) -> None:
    await data.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(StoreSetupError, match="set maxmemory-policy noeviction"):
            await open_stores(endpoints.data, endpoints.cache, tmp_path)
    finally:
        await data.config_set("maxmemory-policy", "noeviction")


async def test_what_loses_pledges_is_said_in_the_log(
    endpoints: Endpoints, data: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await data.config_set("appendfsync", "everysec")
    await data.config_set("maxmemory-policy", "volatile-lru")
    try:
        with caplog.at_level(logging.WARNING):
            await (await open_stores(endpoints.data, endpoints.data, tmp_path)).aclose()
    finally:
        await data.config_set("appendfsync", "always")
        await data.config_set("maxmemory-policy", "noeviction")
    assert "appendfsync is everysec" in caplog.text
    assert "a retry may count twice" in caplog.text
    assert "share one server" in caplog.text


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://host:1", "begins with 'http'"),
        ("localhost:6379", "begins with 'localhost'"),
        ("redis://", "names no server"),
        ("redis://host:notaport", "names no server"),
        ("unix://", "names no server"),
    ],
)
async def test_a_url_that_cannot_be_one_names_the_setting(url: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(StoreSetupError, match=says) as caught:
        await open_stores(url, "redis://127.0.0.1:1", tmp_path)
    assert "BLUEHEART_REDIS_URL" in str(caught.value)


async def test_stores_that_are_down_do_not_stop_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = "redis://someone:hunter2@127.0.0.1:1/0"
    with caplog.at_level(logging.DEBUG):
        stores = await open_stores(url, url, tmp_path)
    try:
        with pytest.raises(Unavailable) as caught:
            await stores.ping()
        with pytest.raises(StoreError):
            await stores.blobs.get("picture")
    finally:
        await stores.aclose()
    assert "hunter2" not in caplog.text + str(caught.value) + stores.data_info
    assert "***@127.0.0.1" in stores.data_info
    assert "pledges answer 503" in caplog.text


async def test_sentinels_that_know_no_primary_are_one_plain_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = "redis+sentinel://someone:hunter2@127.0.0.1:1,127.0.0.1:2/hearts?sentinel_password=hunter2"
    await (await open_stores(url, url, tmp_path)).aclose()
    assert "no Sentinel names a primary" in caplog.text
    assert "hunter2" not in caplog.text
    assert "someone" not in caplog.text
    assert " object at 0x" not in caplog.text


async def test_the_store_says_what_it_is(stores: Stores) -> None:
    await stores.ping()
    assert stores.data_info.startswith(("valkey ", "redis "))


def test_no_password_is_shown() -> None:
    said = redacted("rediss://u:p%40ss@h:1/0?password=abc&ssl=1 and redis://:secret@x")
    assert said == "rediss://***@h:1/0?password=***&ssl=1 and redis://***@x"
