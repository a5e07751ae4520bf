"""An audit of a real store: it finds whatever bit is flipped, and makes anew what the log can make."""

import asyncio
import secrets
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from badge.pledges import Auditor, Finding, Pledge, PublicLog, Source
from badge.pledges.recount import _unfit
from badge.store import Sealed, Stores
from badge.store.entry import checked

BODIES = [
    Pledge("x", Source.WEB, "BE", "nl").pack(),
    Pledge("x", Source.WIDGET, "FR", "pt-BR").pack(),
    Pledge("x", Source.API).pack(),
]


@pytest.fixture
def auditor(stores: Stores) -> Auditor:
    return Auditor(stores.pledges, stores.log, stores.audit)


@pytest.fixture
async def slug(stores: Stores) -> str:
    """A campaign of 600 pledges, some undone, signed at 560 of its entries."""
    slug = f"c-{secrets.token_hex(6)}"
    await fill(stores, slug, 530)
    for position, (entry, details) in enumerate(await stores.pledges.entries(slug, 0, 30)):
        await stores.pledges.undo(slug, "x" if position % 3 else "-", position, entry, details)
    await PublicLog(stores.pledges, stores.log, origin="https://a").checkpoint(slug)
    await fill(stores, slug, 70)
    return slug


async def fill(stores: Stores, slug: str, count: int) -> None:
    async def one(number: int) -> None:
        mark = secrets.token_bytes(14)
        await stores.pledges.append(slug, mark, mark.ljust(32, b"."), BODIES[number % 3])

    for first in range(0, count, 1000):
        await asyncio.gather(*(one(number) for number in range(first, min(first + 1000, count))))


async def flip(data: Redis, key: str, bit: int) -> None:
    was = await data.getbit(key, bit)
    await data.setbit(key, bit, 1 - was)


async def test_a_ledger_that_was_left_alone_agrees(auditor: Auditor, slug: str) -> None:
    assert await auditor.audit(slug) == Finding(slug, 630, 570, (), (), ())
    empty = f"c-{secrets.token_hex(6)}"
    assert await auditor.audit(empty) == Finding(empty, 0, 0, (), (), ())


async def test_any_bit_that_is_flipped_in_entries_details_tiles_or_marks_of_undone_ones_is_found(
    auditor: Auditor, data: Redis, slug: str
) -> None:
    base = f"bh:{{{slug}}}:"
    # Chunks hold 16, 16, 32, 64 … entries; of 630 the last chunk (512 to 1023) has places not taken yet.
    chunks = [(16, 0), (16, 1), (32, 2), (64, 3), (128, 4), (256, 5), (630 - 512, 6)]
    places = [(f"{base}log:{n}", entries * 40 * 8) for entries, n in chunks]
    places += [(f"{base}det:{n}", entries * 12 * 8) for entries, n in chunks]
    places += [(f"{base}t:1", 2 * 32 * 8), (f"{base}w", 31)]
    for key, bits in places:
        for bit in {0, bits - 1, *(secrets.randbelow(bits) for _ in range(6))}:
            await flip(data, key, bit)
            finding = await auditor.audit(slug)
            assert finding.differences, (key, bit)
            await flip(data, key, bit)
    assert (await auditor.audit(slug)).differences == ()


async def test_a_flip_in_the_log_cannot_be_repaired_and_is_told_where(
    auditor: Auditor, data: Redis, slug: str
) -> None:
    key = f"bh:{{{slug}}}:log:0"
    await flip(data, key, 3 * 320 + 100)
    finding = await auditor.audit(slug, repair=True)
    assert "entry 3: a bit was flipped" in finding.log
    assert "the first 560 entries are not those that the checkpoint signed" in finding.log
    assert not finding.repaired
    await flip(data, key, 3 * 320 + 100)
    assert (await auditor.audit(slug)).differences == ()


@pytest.mark.parametrize(
    ("key", "field", "named"),
    [
        ("n", "p", "pledges made: the counter says"),
        ("n", "u", "pledges undone: the counter says"),
        ("n", "x", "pledges removed: the counter says"),
        ("n", "s1", "s1: the counter says"),
        ("c", "BE", "country BE: the counter says"),
        ("c", "XX", "country XX: the counter says 1, the log 0"),
        ("l", "pt", "language pt: the counter says"),
    ],
)
async def test_a_counter_that_is_wrong_is_named_and_repaired(
    auditor: Auditor, stores: Stores, data: Redis, slug: str, key: str, field: str, named: str
) -> None:
    before = await stores.pledges.breakdown(slug)
    await data.hincrby(f"bh:{{{slug}}}:{key}", field, 1)
    finding = await auditor.audit(slug)
    assert any(named in line for line in finding.counters)
    assert (finding.log, finding.tiles) == ((), ())
    assert (await auditor.audit(slug, repair=True)).repaired
    assert (await auditor.audit(slug)).differences == ()
    assert await stores.pledges.breakdown(slug) == before
    await fill(stores, slug, 1)


async def test_a_flipped_bit_in_any_counter_is_found_and_repaired(
    auditor: Auditor, stores: Stores, data: Redis, slug: str
) -> None:
    before = await stores.pledges.breakdown(slug)
    for name in ("n", "c", "d", "l"):
        key = f"bh:{{{slug}}}:{name}"
        for field, value in (await data.hgetall(key)).items():
            for what, text in (("field", field), ("value", value)):
                at = secrets.randbelow(len(text) * 8)
                flipped = bytearray(text)
                flipped[at // 8] ^= 1 << at % 8
                if what == "field":
                    await data.hdel(key, field)
                    await data.hset(key, bytes(flipped), value)
                else:
                    await data.hset(key, field, bytes(flipped))
                finding = await auditor.audit(slug, repair=True)
                assert finding.counters, (name, field, what, bytes(flipped))
                assert finding.repaired
                assert (await auditor.audit(slug)).differences == ()
    assert await stores.pledges.breakdown(slug) == before


async def test_tiles_and_the_bitmap_are_made_anew(auditor: Auditor, data: Redis, slug: str) -> None:
    for key in ("t:1", "w"):
        whole = await data.get(f"bh:{{{slug}}}:{key}")
        for wrong in (b"", b"x" * len(whole), whole[:-1]):
            await data.set(f"bh:{{{slug}}}:{key}", wrong)
            assert (await auditor.audit(slug, repair=True)).repaired
            assert (await data.get(f"bh:{{{slug}}}:{key}"))[: len(whole)] == whole


async def test_a_checkpoint_that_is_not_ours_or_not_of_this_log_is_found(
    auditor: Auditor, stores: Stores, slug: str
) -> None:
    sealed = await stores.log.sealed(slug)
    assert sealed is not None
    other = f"c-{secrets.token_hex(6)}"
    await fill(stores, other, sealed.size)
    elsewhere = await PublicLog(stores.pledges, stores.log, origin="https://a").checkpoint(other)
    middle = sealed.note.replace(sealed.note[40], chr(ord(sealed.note[40]) ^ 1), 1)
    for note in (sealed.note[:-9], middle, "nonsense", "", "\n\n\n\n", elsewhere.note):
        await stores.log.seal(slug, replace(sealed, note=note))
        assert (await auditor.audit(slug, repair=True)).log, note
    await stores.log.seal(slug, Sealed(sealed.size + 1, sealed.made_s, sealed.note))
    assert (await auditor.audit(slug)).log


async def test_an_audit_while_pledges_are_made_and_undone_finds_nothing(
    auditor: Auditor, stores: Stores, slug: str
) -> None:
    stop = asyncio.Event()

    async def keep_busy() -> None:
        while not stop.is_set():
            await fill(stores, slug, 20)
            length = (await stores.pledges.tally(slug)).length
            for entry, details in await stores.pledges.entries(slug, length - 3, 3):
                if entry.kind == "+":
                    await stores.pledges.undo(slug, "x", length - 3, entry, details)

    busy = asyncio.create_task(keep_busy())
    for _ in range(20):
        assert (await auditor.audit(slug, repair=True)).differences == ()
    stop.set()
    await busy


async def test_counters_are_repaired_while_pledges_are_made(
    auditor: Auditor, stores: Stores, data: Redis, slug: str
) -> None:
    stop = asyncio.Event()

    async def keep_busy() -> None:
        while not stop.is_set():
            await fill(stores, slug, 1)

    busy = asyncio.create_task(keep_busy())
    await data.hincrby(f"bh:{{{slug}}}:c", "BE", 5)
    assert (await auditor.audit(slug, repair=True)).repaired
    assert (await auditor.audit(slug)).differences == ()
    stop.set()
    await busy


@settings(deadline=None)
@given(st.integers(1, 50), st.data())
def test_the_check_tells_which_record_has_a_flipped_bit(count: int, data: st.DataObject) -> None:
    joined = bytearray(b"".join(checked(bytes([n]) * 39) for n in range(count)))
    assert list(_unfit(bytes(joined), 40)) == []
    bit = data.draw(st.integers(0, len(joined) * 8 - 1))
    joined[bit // 8] ^= 1 << bit % 8
    assert list(_unfit(bytes(joined), 40)) == [bit // 320]
