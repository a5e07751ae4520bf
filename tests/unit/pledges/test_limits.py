import secrets
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.errors import TooManyRequests
from badge.pledges import PledgeLimits
from badge.pledges.limits import network
from badge.store import Endpoints, Stores, open_stores


def somewhere() -> str:
    return f"2001:db8:{secrets.token_hex(2)}:"


async def test_a_network_has_its_limit_and_hears_when_to_come_back(stores: Stores) -> None:
    limits, home, other = PledgeLimits(stores.blobs, "3/day"), somewhere(), somewhere()
    for n in range(3):
        await limits.admit(f"{home}{n}::1")
    with pytest.raises(TooManyRequests) as caught:
        await limits.admit(f"{home}ffff::9")
    assert 0 < caught.value.retry_after_s <= 86400
    await limits.admit(f"{other}1::1")


async def test_off_admits_everyone(stores: Stores) -> None:
    limits = PledgeLimits(stores.blobs, "off")
    for _ in range(100):
        await limits.admit("192.0.2.1")


async def test_without_the_cache_store_everyone_is_admitted(tmp_path: Path) -> None:
    nowhere = "redis://127.0.0.1:1"
    stores = await open_stores(nowhere, nowhere, tmp_path)
    limits = PledgeLimits(stores.blobs, "1/minute")
    for _ in range(5):
        await limits.admit("192.0.2.1")
    await stores.aclose()


async def test_the_store_keeps_a_hash_for_a_day_at_most_and_no_address(
    stores: Stores, endpoints: Endpoints
) -> None:
    await PledgeLimits(stores.blobs, "5/hour").admit("203.0.113.77")
    async with Redis.from_url(endpoints.cache, protocol=2) as cache:
        keys = [key async for key in cache.scan_iter("bh:cache:limits:*")]
        assert len(keys) >= 2
        assert not [key for key in keys if b"203.0" in key]
        assert all([0 < await cache.ttl(key) <= 86400 for key in keys])
    async with Redis.from_url(endpoints.data, protocol=2) as data:
        assert not [key async for key in data.scan_iter("*limits*")]


@pytest.mark.parametrize(
    ("address", "net"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unix:", "unknown"),
        ("", "unknown"),
    ],
)
def test_addresses_are_cut_to_their_network(address: str, net: str) -> None:
    assert network(address) == net


@pytest.mark.parametrize("rate", ["", "30", "0/minute", "30/fortnight", "-1/minute", "30/minute ", "OFF"])
def test_a_rate_that_is_none_says_how_it_is_written(rate: str) -> None:
    with pytest.raises(ValueError, match="30/minute"):
        PledgeLimits(None, rate)
