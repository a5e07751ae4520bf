import asyncio
import secrets
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from redis.asyncio import Redis

from badge.errors import InvalidField
from badge.limits import Networks
from badge.pledges import Archive, Auditor, Invalidation, Ledger, Pledge, Run, Source, Trail
from badge.store import Endpoints, Stores

TODAY = datetime.now(UTC).date()


@pytest.fixture
def slug() -> str:
    return f"c-{secrets.token_hex(6)}"


@pytest.fixture
async def ledger(stores: Stores, slug: str) -> Ledger:
    """300 pledges, alternately by API and by widget."""
    ledger = Ledger(stores.pledges)
    for n in range(300):
        source = Source.API if n % 2 else Source.WIDGET
        await ledger.pledge(Pledge(slug, source, "BE"), str(uuid.uuid4()))
    return ledger


@pytest.fixture
def invalidation(stores: Stores) -> Invalidation:
    return Invalidation(stores.pledges, stores.audit, Archive(stores.pledges, stores.log, None))


async def remove(invalidation: Invalidation, run: Run) -> int:
    return max([0, *[removed async for removed in invalidation.remove(run)]])


async def test_a_run_is_counted_before_it_is_removed_and_stays_visible_as_removed(
    stores: Stores, ledger: Ledger, invalidation: Invalidation, slug: str
) -> None:
    run = Run(slug, TODAY, TODAY + timedelta(1), Source.API)
    assert await invalidation.count(run) == 150
    assert (await stores.pledges.tally(slug)).total == 300
    assert await remove(invalidation, run) == 150
    assert await invalidation.count(run) == 0
    assert await remove(invalidation, run) == 0
    counts = await ledger.counts(slug)
    assert (counts.total, counts.removed, counts.withdrawn) == (150, 150, 0)
    assert counts.by_source == {"widget": 150}
    log = await stores.pledges.entries(slug, 300, 200)
    assert {(entry.kind, entry.sequence % 2) for entry, _ in log} == {("x", 0)}
    assert (await Auditor(stores.pledges, stores.log, stores.audit).audit(slug)).differences == ()


async def test_what_was_broken_off_goes_on_where_it_was(
    ledger: Ledger, invalidation: Invalidation, slug: str
) -> None:
    run = Run(slug, 1, 290)
    async for _ in invalidation.remove(run):
        break  # Ctrl-C after the first batch
    left = await invalidation.count(run)
    assert 0 < left < 290
    assert await remove(invalidation, run) == left
    assert await invalidation.count(Run(slug, 1, 300)) == 10


async def test_two_who_remove_the_same_remove_it_once(
    stores: Stores, ledger: Ledger, invalidation: Invalidation, slug: str
) -> None:
    run = Run(slug, 1, 300)
    assert sum(await asyncio.gather(remove(invalidation, run), remove(invalidation, run))) == 300
    assert (await stores.pledges.tally(slug)).total == 0


async def test_only_days_numbers_and_numbers_among_that_were_asked_for_are_meant(
    ledger: Ledger, invalidation: Invalidation, slug: str
) -> None:
    yesterday = TODAY - timedelta(1)
    assert await invalidation.count(Run(slug, date(2020, 1, 1), yesterday)) == 0
    assert await invalidation.count(Run(slug, 10, 19)) == 10
    assert await invalidation.count(Run(slug, 10, 19, Source.API)) == 5
    assert await invalidation.count(Run(slug, 10, 19, None, frozenset({3, 12, 13}))) == 2
    assert await invalidation.count(Run(slug, 10, 19, None, frozenset())) == 0
    for first, last in ((2, 1), (TODAY, yesterday), (TODAY, 3)):
        with pytest.raises(InvalidField):
            Run(slug, first, last)


async def test_a_network_is_traced_for_a_day_and_only_as_a_digest_in_the_cache(
    stores: Stores, endpoints: Endpoints, slug: str
) -> None:
    trail = Trail(stores.blobs, Networks(stores.blobs))
    for sequence in (1, 5, 9):
        trail.note(slug, f"198.51.100.{sequence}", sequence)
    trail.note(slug, "2001:db8:7::1", 7)
    await trail.flush()
    trail.note(slug, "198.51.100.200", 12)
    await trail.flush()
    assert await trail.sequences(slug, "198.51.100.0/24") == {1, 5, 9, 12}
    assert await trail.sequences(slug, "2001:db8:7::/48") == {7}
    assert await trail.sequences(slug, "203.0.113.0/24") == set()
    async with Redis.from_url(endpoints.cache, protocol=2) as cache:
        keys = [key async for key in cache.scan_iter(f"bh:cache:limits:trail:{slug}:*")]
        assert len(keys) == 2
        assert all([0 < await cache.ttl(key) <= 86400 for key in keys])
        assert not any(b"198.51" in key for key in keys)
    for wrong in ("198.51.100.7", "198.51.0.0/16", "2001:db8::/32", "", "here", "198.51.100.1/24"):
        with pytest.raises(InvalidField):
            await trail.sequences(slug, wrong)
