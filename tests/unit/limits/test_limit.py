import asyncio
import secrets
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.limits import Allowance, Limit, Networks, Rate, network
from badge.store import Endpoints, Stores, open_stores
from badge.telemetry import Metrics, Tallies


def metrics() -> Metrics:
    return Metrics(Tallies().row(), [], [])


def limit(stores: Stores, rate: str, counts: Metrics | None = None, name: str = "misses") -> Limit:
    return Limit(name, Rate.read(rate), stores.blobs, Networks(stores.blobs), counts or metrics())


def somewhere() -> str:
    return f"2001:db8:{secrets.token_hex(2)}:"


async def test_a_network_has_its_tokens_and_hears_when_to_come_back(stores: Stores) -> None:
    counts = metrics()
    three, home, other = limit(stores, "3/day", counts), somewhere(), somewhere()
    took = [await three.take(f"{home}{n}::1") for n in range(3)]
    assert [(one.admits, one.remaining) for one in took if one] == [(True, 2), (True, 1), (True, 0)]
    refused = await three.take(f"{home}ffff::9")
    assert isinstance(refused, Allowance)
    assert (refused.admits, refused.remaining) == (False, 0)
    assert 28_700 < refused.reset_s <= 28_800  # a third of a day
    assert counts.limit_refusals.cell("misses").value == 1
    elsewhere = await three.take(f"{other}1::1")
    assert elsewhere is not None
    assert elsewhere.admits


async def test_tokens_come_back_one_by_one(stores: Stores) -> None:
    ten, home = limit(stores, "10/second"), somewhere()
    took = [await ten.take(f"{home}1::1") for _ in range(30)]
    assert not all(one.admits for one in took if one)
    await asyncio.sleep(0.25)
    again = await ten.take(f"{home}1::1")
    assert again is not None
    assert again.admits
    assert again.remaining <= 3


async def test_limits_do_not_share_tokens(stores: Stores) -> None:
    home = somewhere()
    for name in ("misses", "pledges"):
        first = await limit(stores, "1/day", name=name).take(f"{home}1::1")
        assert first is not None
        assert first.admits


async def test_of_many_at_once_exactly_so_many_are_admitted(stores: Stores) -> None:
    fifty, home = limit(stores, "50/day"), somewhere()
    took = await asyncio.gather(*(fifty.take(f"{home}1::1") for _ in range(200)))
    assert sum(one.admits for one in took if one) == 50


async def test_off_counts_nobody(stores: Stores) -> None:
    assert [await limit(stores, "off").take("192.0.2.1") for _ in range(100)] == [None] * 100


async def test_without_the_cache_store_everyone_is_admitted_and_that_is_counted(tmp_path: Path) -> None:
    nowhere = "redis://127.0.0.1:1"
    stores, counts = await open_stores(nowhere, nowhere, tmp_path), metrics()
    one = limit(stores, "1/minute", counts)
    assert [await one.take("192.0.2.1") for _ in range(5)] == [None] * 5
    assert counts.limit_fail_opens.cell("misses").value == 5
    await stores.aclose()


async def test_the_store_keeps_a_hash_for_a_day_at_most_and_no_address(
    stores: Stores, endpoints: Endpoints
) -> None:
    await limit(stores, "5/hour").take("203.0.113.77")
    async with Redis.from_url(endpoints.cache, protocol=2) as cache:
        keys = [key async for key in cache.scan_iter("bh:cache:limits:*")]
        assert len(keys) >= 2
        assert not [key for key in keys if b"203.0" in key]
        assert all([-2 <= (await cache.pttl(key)) <= 86_400_000 for key in keys])
        assert -1 not in [await cache.ttl(key) for key in keys]  # no key without an end
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


def test_a_rate_is_read() -> None:
    rate = Rate.read("600/minute")
    assert rate is not None
    assert (rate, rate.window_s, str(rate)) == (Rate(600, "minute"), 60, "600/minute")
    assert Rate.read("off") is None


@pytest.mark.parametrize("rate", ["", "30", "0/minute", "30/fortnight", "-1/minute", "30/minute ", "OFF"])
def test_a_rate_that_is_none_says_how_it_is_written(rate: str) -> None:
    with pytest.raises(ValueError, match="30/minute"):
        Rate.read(rate)
