"""The public log on a real store: what is signed stays, whatever comes after."""

import asyncio
import secrets
import time
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from badge.errors import NotFound, Unavailable
from badge.pledges import PublicLog, SigningKey
from badge.pledges.checkpoint import Checkpoint, is_signed
from badge.store import Stores
from badge.store.entry import checked

ORIGIN = "https://badges.example"
DETAILS = checked(b"\x01BEfr\0\0\0\0\0\0")


@pytest.fixture
def slug() -> str:
    return f"c-{secrets.token_hex(6)}"


@pytest.fixture
def log(stores: Stores) -> PublicLog:
    return PublicLog(stores.pledges, stores.log, origin=ORIGIN)


async def fill(stores: Stores, slug: str, count: int) -> None:
    marks = [secrets.token_bytes(14) for _ in range(count)]
    for start in range(0, count, 1000):
        part = marks[start : start + 1000]
        await asyncio.gather(*(stores.pledges.append(slug, m, m.ljust(32, b"."), DETAILS) for m in part))


async def age(data: Redis, slug: str, seconds: int) -> None:
    await data.hincrby(f"bh:{{{slug}}}:cp", "at", -seconds)


async def test_a_checkpoint_is_kept_for_a_minute_and_then_follows_the_log(
    stores: Stores, data: Redis, log: PublicLog, slug: str
) -> None:
    await fill(stores, slug, 3)
    first = await log.checkpoint(slug)
    await fill(stores, slug, 600)
    assert await log.checkpoint(slug) == first
    await age(data, slug, 61)
    second = await log.checkpoint(slug)
    assert (first.size, second.size) == (3, 603)
    assert Checkpoint.read(second.note).origin == f"badges.example/log/{slug}"
    await age(data, slug, 3600)
    assert (await log.checkpoint(slug)).note == second.note  # nothing came: nothing new to say


async def test_a_proof_makes_the_checkpoint_that_it_needs(stores: Stores, log: PublicLog, slug: str) -> None:
    await fill(stores, slug, 1)
    assert "\nindex 0\n" in await log.proof(slug, 0)
    await fill(stores, slug, 1)
    proof = await log.proof(slug, 1)
    assert Checkpoint.read(proof.partition("\n\n")[2]).size == 2
    with pytest.raises(NotFound):
        await log.proof(slug, 2)


async def test_an_empty_log_has_a_checkpoint_and_costs_nothing(
    data: Redis, log: PublicLog, slug: str
) -> None:
    assert (await log.checkpoint(slug)).size == 0
    assert [key async for key in data.scan_iter(f"bh:{{{slug}}}:*", count=10_000)] == []


async def test_nothing_is_published_before_it_is_signed(stores: Stores, log: PublicLog, slug: str) -> None:
    await fill(stores, slug, 300)
    for call in (log.tile(slug, 0, 0, 1), log.bundle(slug, 0, 1)):
        with pytest.raises(NotFound):
            await call
    await log.checkpoint(slug)
    assert len(await log.tile(slug, 0, 0, 256)) == 8192
    assert len(await log.tile(slug, 0, 1, 44)) == 44 * 32
    assert len(await log.tile(slug, 1, 0, 1)) == 32
    assert len(await log.bundle(slug, 1, 44)) == 44 * 41
    for call in (
        log.tile(slug, 0, 1, 45),
        log.tile(slug, 1, 0, 2),
        log.tile(slug, 2, 0, 1),
        log.tile(slug, 63, 0, 1),
        log.bundle(slug, 2, 1),
    ):
        with pytest.raises(NotFound, match="checkpoint"):
            await call


async def test_what_was_signed_is_never_signed_otherwise(
    stores: Stores, data: Redis, log: PublicLog, slug: str
) -> None:
    await fill(stores, slug, 10)
    await log.checkpoint(slug)
    await data.setrange(f"bh:{{{slug}}}:log:0", 8, b"other")
    await fill(stores, slug, 1)
    await age(data, slug, 61)
    with pytest.raises(Unavailable):
        await log.checkpoint(slug)


async def test_a_new_key_signs_at_once_and_the_old_one_stays_known(
    stores: Stores, log: PublicLog, slug: str
) -> None:
    await fill(stores, slug, 2)
    old_key = (await log.keys(slug))[0]
    old = await log.checkpoint(slug)
    new_keys = [SigningKey.derived(secrets.token_bytes(32)) for _ in range(2)]
    rotated = PublicLog(stores.pledges, stores.log, origin=ORIGIN, keys=new_keys)
    new = await rotated.checkpoint(slug)
    assert (new.size, Checkpoint.read(new.note)) == (old.size, Checkpoint.read(old.note))
    assert all(is_signed(new.note, rotated.name(slug), key.public) for key in new_keys)
    known = await rotated.keys(slug)
    assert len(known[0].split("+")) >= 3
    assert known.index(old_key) >= 2


async def test_replicas_sign_with_one_key_and_never_go_back(stores: Stores, slug: str) -> None:
    here, there = (PublicLog(stores.pledges, stores.log, origin=ORIGIN) for _ in range(2))
    await fill(stores, slug, 2)
    assert await here.keys(slug) == await there.keys(slug)
    large = await here.checkpoint(slug)
    await stores.log.seal(slug, replace(large, size=1, note="older"))
    assert await there.checkpoint(slug) == large


async def test_a_day_that_is_over_is_covered_before_its_total_is_read(
    stores: Stores, data: Redis, slug: str
) -> None:
    await fill(stores, slug, 2)
    log = PublicLog(stores.pledges, stores.log, origin=ORIGIN)
    await log.keep(slug)
    sealed = await stores.log.sealed(slug)
    assert sealed is not None
    await fill(stores, slug, 1)
    await age(data, slug, 2 * 86400)
    await log.keep(slug)  # it knows that today is covered
    assert (await stores.log.sealed(slug)).size == 2  # type: ignore[union-attr]
    await PublicLog(stores.pledges, stores.log, origin=ORIGIN).keep(slug)
    after = await stores.log.sealed(slug)
    assert after is not None
    assert after.size == 3
    assert time.time() - after.made_s < 60


async def test_every_campaign_has_its_checkpoint_though_nobody_asks(
    stores: Stores, data: Redis, log: PublicLog, slug: str
) -> None:
    await fill(stores, slug, 2)
    await data.delete("bh:log:sweep")

    async def slugs():
        yield slug

    sweeping = asyncio.create_task(log.sweep(slugs, every_s=0.01))
    async with asyncio.timeout(5):
        while await stores.log.sealed(slug) is None:  # noqa: ASYNC110 - it cannot call
            await asyncio.sleep(0.01)
    sweeping.cancel()
