import asyncio
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from badge.pledges import Ledger, Pledge, Source
from badge.pledges.counts import fold
from badge.store import Stores


@pytest.mark.parametrize(
    ("by_country", "shown"),
    [
        ({}, {}),
        ({"BE": 9, "FR": 7}, {"BE": 9, "FR": 7}),
        ({"BE": 9, "FR": 7, "LU": 1}, {"BE": 9, "other": 8}),
        ({"BE": 9, "FR": 7, "LU": 1, "MT": 4}, {"BE": 9, "FR": 7, "other": 5}),
        ({"LU": 4}, {"other": 4}),
        ({"BE": 5, "--": 3}, {"BE": 5, "unspecified": 3}),
        ({"--": 3}, {"unspecified": 3}),
    ],
)
def test_small_countries_are_folded_so_that_none_can_be_subtracted(
    by_country: dict[str, int], shown: dict[str, int]
) -> None:
    assert fold(by_country) == shown


@given(st.dictionaries(st.sampled_from(["BE", "FR", "LU", "MT", "NL", "--"]), st.integers(1, 20)))
def test_folded_counts_add_up_and_hide_every_small_country(by_country: dict[str, int]) -> None:
    shown = fold(by_country)
    assert sum(shown.values()) == sum(by_country.values())
    named = {code for code in shown if code not in ("other", "unspecified")}
    assert all(by_country[code] >= 5 for code in named)
    hidden = by_country.keys() - named - {"--"}
    assert len(hidden) != 1 or len(by_country.keys() - {"--"}) == 1


async def test_a_burst_of_reads_is_one_read_of_the_store(stores: Stores, data: Redis) -> None:
    slug = f"c-{uuid.uuid4().hex[:12]}"
    ledger = Ledger(stores.pledges)
    reads = await commands(data, "hmget")
    counts = await asyncio.gather(*(ledger.count(slug) for _ in range(200)))
    assert {count.total for count in counts} == {0}
    assert await commands(data, "hmget") == reads + 1


async def test_a_count_shows_this_process_its_own_pledge_at_once(stores: Stores) -> None:
    slug = f"c-{uuid.uuid4().hex[:12]}"
    ledger = Ledger(stores.pledges)
    assert (await ledger.count(slug)).total == 0
    done = await ledger.pledge(Pledge(slug, Source.API), str(uuid.uuid4()))
    assert (await ledger.count(slug)).total == done.total == 1
    await ledger.withdraw(done.receipt)
    assert (await ledger.count(slug)).total == 0


async def test_another_process_sees_it_within_a_second(stores: Stores) -> None:
    slug = f"c-{uuid.uuid4().hex[:12]}"
    here, there = (Ledger(stores.pledges) for _ in range(2))
    assert (await there.count(slug)).total == 0
    await here.pledge(Pledge(slug, Source.API), str(uuid.uuid4()))
    await asyncio.sleep(1.05)
    assert (await there.count(slug)).total == 1


async def commands(data: Redis, name: str) -> int:
    stats = await data.info("commandstats")
    return int(stats.get(f"cmdstat_{name}", {}).get("calls", 0))
