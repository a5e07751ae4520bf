import asyncio
import secrets

import pytest
from redis.asyncio import Redis

from badge.store import Entry, PledgeStore, StoreError, Stores, Tally
from badge.store.entry import checked

DETAILS = checked(b"\x01BEfr\0\0\0\0\0\0")
WEEK_S = 7 * 86400


@pytest.fixture
def slug() -> str:
    return f"c-{secrets.token_hex(6)}"


def mark() -> bytes:
    return secrets.token_bytes(14)


async def fill(store: PledgeStore, slug: str, count: int) -> list[bytes]:
    marks = [mark() for _ in range(count)]
    for start in range(0, count, 1000):
        await asyncio.gather(
            *(store.append(slug, m, m.ljust(32, b"."), DETAILS) for m in marks[start : start + 1000])
        )
    return marks


async def keys(data: Redis, slug: str) -> list[bytes]:
    return sorted([key async for key in data.scan_iter(f"bh:{{{slug}}}:*", count=1000)])


async def test_a_campaign_grows_through_every_size_of_chunk_and_shard(
    stores: Stores, data: Redis, slug: str
) -> None:
    store = stores.pledges
    marks = await fill(store, slug, 9000)  # past 4,096 entries a chunk and 4,096 marks at the second level
    assert await store.tally(slug) == Tally(9000, 0)
    log = [line for first in (0, 4096, 8192) for line in await store.entries(slug, first, 4096)]
    assert [entry.sequence for entry, _ in log] == list(range(1, 9001))
    assert {details for _, details in log} == {DETAILS}
    for start in range(0, 9000, 1000):
        asked = marks[start : start + 1000]
        found = await asyncio.gather(*(store.find(slug, m) for m in asked))
        assert [hit and hit.entry.commitment[:14] for hit in found] == asked
    assert await store.find(slug, mark()) is None
    assert {await data.object("encoding", key) for key in await keys(data, slug) if b":i:" in key} == {
        b"listpack"
    }


async def test_ten_pledges_take_little_memory(stores: Stores, data: Redis, slug: str) -> None:
    await fill(stores.pledges, slug, 10)
    used = [await data.memory_usage(key, samples=0) for key in await keys(data, slug)]
    assert sum(used) <= 8192


async def test_many_pledges_take_at_most_120_bytes_each(stores: Stores, data: Redis, slug: str) -> None:
    await fill(stores.pledges, slug, 4000)
    used = [await data.memory_usage(key, samples=0) for key in await keys(data, slug)]
    assert sum(used) / 4000 <= 120


async def test_a_key_is_known_in_its_week_and_the_next_and_to_a_clock_that_is_behind(
    stores: Stores, data: Redis, slug: str
) -> None:
    store = stores.pledges
    [m] = await fill(store, slug, 1)
    now, _ = await data.time()
    week = now // WEEK_S
    base = f"bh:{{{slug}}}:"
    moves = ((week, week - 1, True), (week - 1, week + 1, True), (week + 1, week - 2, False))
    for was, becomes, known in moves:
        await data.rename(f"{base}i:{was}:0:0", f"{base}i:{becomes}:0:0")
        await data.hdel(f"{base}n", f"i{was}")
        await data.hset(f"{base}n", f"i{becomes}", 1)
        assert (await store.find(slug, m) is not None) is known
    await fill(store, slug, 1)  # the first of its week clears the counts of weeks that are past
    assert await data.hexists(f"{base}n", f"i{week}")
    assert not await data.hexists(f"{base}n", f"i{week - 2}")


async def test_keys_are_forgotten_by_themselves_after_seven_days_at_least(
    stores: Stores, data: Redis, slug: str
) -> None:
    await fill(stores.pledges, slug, 1)
    [shard] = [key for key in await keys(data, slug) if b":i:" in key]
    assert WEEK_S < await data.ttl(shard) <= 2 * WEEK_S + 86400


async def test_nothing_is_written_where_the_log_is_not_as_long_as_the_counters_say(
    stores: Stores, data: Redis, slug: str
) -> None:
    store = stores.pledges
    await fill(store, slug, 3)
    await data.append(f"bh:{{{slug}}}:log:0", b"x")
    before = {key: await data.dump(key) for key in await keys(data, slug)}
    m = mark()
    with pytest.raises(StoreError, match="run blueheart audit"):
        await store.append(slug, m, m.ljust(32, b"."), DETAILS)
    [(entry, details), *_] = await store.entries(slug, 0, 1)
    with pytest.raises(StoreError, match="run blueheart audit"):
        await store.undo(slug, "-", 0, entry, details)
    assert {key: await data.dump(key) for key in await keys(data, slug)} == before


@pytest.mark.parametrize("wrong", [-1, 1, 5, -3])
async def test_nothing_is_overwritten_where_the_counters_are_wrong(
    stores: Stores, data: Redis, slug: str, wrong: int
) -> None:
    await fill(stores.pledges, slug, 19)  # some way into the second chunk
    [(entry, details)] = await stores.pledges.entries(slug, 0, 1)
    await data.hincrby(f"bh:{{{slug}}}:n", "p", wrong)
    before = {key: await data.dump(key) for key in await keys(data, slug)}
    with pytest.raises(StoreError, match="run blueheart audit"):
        await fill(stores.pledges, slug, 1)
    with pytest.raises(StoreError, match="run blueheart audit"):
        await stores.pledges.undo(slug, "-", 0, entry, details)
    assert {key: await data.dump(key) for key in await keys(data, slug)} == before


async def test_a_withdrawal_must_name_the_entry_as_it_is(stores: Stores, slug: str) -> None:
    store = stores.pledges
    await fill(store, slug, 2)
    [(entry, details), (other, _)] = await store.entries(slug, 0, 2)
    for position, wrong in (
        (0, other),
        (1, entry),
        (999, entry),
        (0, Entry("+", entry.day, 1, b"x" * 32)),
        (0, Entry("-", entry.day, 1, entry.commitment)),
    ):
        undone = await store.undo(slug, "-", position, wrong, details)
        assert not undone.known
    assert await store.tally(slug) == Tally(2, 0)
    assert (await store.undo(slug, "-", 0, entry, details)).tally == Tally(2, 1)


async def test_an_invalidated_pledge_is_told_from_a_withdrawn_one_and_undone_once(
    stores: Stores, slug: str
) -> None:
    store = stores.pledges
    await fill(store, slug, 3)
    [(first, details), (second, _), _] = await store.entries(slug, 0, 3)
    assert (await store.undo(slug, "x", 0, first, details)).tally == Tally(3, 1)
    assert (await store.undo(slug, "-", 1, second, details)).tally == Tally(3, 2)
    for kind, position, entry in (("-", 0, first), ("x", 0, first), ("x", 1, second)):
        assert (await store.undo(slug, kind, position, entry, details)).already
    counters = await store.breakdown(slug)
    assert (counters.tally, counters.invalidated) == (Tally(3, 2), 1)
    assert (counters.by_language, counters.by_country) == ({"fr": 1}, {"BE": 1})
    log = [entry for entry, _ in await store.entries(slug, 0, 10)]
    assert [(entry.kind, entry.sequence) for entry in log] == [
        *(("+", 1), ("+", 2), ("+", 3)),
        *(("x", 1), ("-", 2)),
    ]
    assert log[3].commitment == first.commitment


async def test_an_entry_with_any_bit_flipped_is_not_read(stores: Stores, data: Redis, slug: str) -> None:
    [m] = await fill(stores.pledges, slug, 1)
    for bit in range(40 * 8):
        was = await data.setbit(f"bh:{{{slug}}}:log:0", bit, 0)
        await data.setbit(f"bh:{{{slug}}}:log:0", bit, 1 - was)
        with pytest.raises(StoreError, match="run blueheart audit"):
            await stores.pledges.find(slug, m)
        await data.setbit(f"bh:{{{slug}}}:log:0", bit, was)
    assert await stores.pledges.find(slug, m) is not None


async def test_scripts_that_the_server_forgot_are_sent_again(stores: Stores, data: Redis, slug: str) -> None:
    await fill(stores.pledges, slug, 1)
    await data.script_flush()
    await fill(stores.pledges, slug, 300)
    assert await stores.pledges.tally(slug) == Tally(301, 0)


async def test_every_change_of_the_total_is_announced(stores: Stores, data: Redis, slug: str) -> None:
    async with data.pubsub() as listener:
        await listener.subscribe(f"bh:{{{slug}}}:live")
        await fill(stores.pledges, slug, 2)
        [(entry, details)] = await stores.pledges.entries(slug, 0, 1)
        await stores.pledges.undo(slug, "-", 0, entry, details)
        said = []
        while len(said) < 3:
            message = await listener.get_message(ignore_subscribe_messages=True, timeout=2)
            if message:
                said.append(message["data"])
    assert said == [b"1 1", b"2 2", b"3 1"]


async def test_a_nonce_belongs_to_its_first_owner(stores: Stores, data: Redis, slug: str) -> None:
    store = stores.pledges
    assert await store.claim(slug, "nonce", b"first", 60)
    assert await store.claim(slug, "nonce", b"first", 60)
    assert not await store.claim(slug, "nonce", b"second", 60)
    assert 50 < await data.ttl(f"bh:{{{slug}}}:x:nonce") <= 60


async def test_replicas_share_one_secret(stores: Stores, data: Redis, tmp_path: object) -> None:
    other = PledgeStore(stores.pledges._lane)
    assert await other.subkey("receipt") == await stores.pledges.subkey("receipt")
    assert await other.subkey("receipt") != await other.subkey("challenge")
