"""Old entries in files: nothing that reads, undoes, proves or audits them can tell."""

import asyncio
import secrets
import uuid
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.errors import Unavailable
from badge.pledges import Archive, Auditor, Invalidation, Ledger, Pledge, PublicLog, Run, Source
from badge.store import StoreError, Stores
from badge.store.blocks import Folder

COUNT = 8300  # two blocks of 4,096 and the beginning of a third
KEY = str(uuid.uuid4())  # of the first


@pytest.fixture
def slug() -> str:
    return f"c-{secrets.token_hex(6)}"


@pytest.fixture
def archive(stores: Stores, tmp_path: Path) -> Archive:
    """An archive to which everything is old."""
    return Archive(stores.pledges, stores.log, Folder(tmp_path / "archive"), old_days=0)


@pytest.fixture
def log(stores: Stores, archive: Archive) -> PublicLog:
    return PublicLog(stores.pledges, stores.log, origin="https://a", archive=archive)


@pytest.fixture
async def receipts(stores: Stores, slug: str) -> list[str]:
    ledger, pledge = Ledger(stores.pledges), Pledge(slug, Source.API, "BE", "nl")
    keys = [KEY, *(str(uuid.uuid4()) for _ in range(1, COUNT))]
    made = []
    for first in range(0, COUNT, 830):
        made += await asyncio.gather(*(ledger.pledge(pledge, key) for key in keys[first : first + 830]))
    return [one.receipt for one in sorted(made, key=lambda one: one.ordinal)]


async def chunks(data: Redis, slug: str) -> int:
    return len([key async for key in data.scan_iter(f"bh:{{{slug}}}:log:*", count=10_000)])


async def test_old_blocks_leave_memory_and_nothing_else_changes(
    stores: Stores, data: Redis, archive: Archive, log: PublicLog, receipts: list[str], slug: str
) -> None:
    whole = [await stores.pledges.read(slug, first, 4096) for first in (0, 4096, 8192)]
    before = await log.checkpoint(slug)
    tile = await log.tile(slug, 0, 3, 256)
    proof = await log.proof(slug, 4100)
    assert await archive.move(slug) == 2
    assert await archive.move(slug) == 0
    assert await chunks(data, slug) == 1  # of the eleven that there were
    assert await stores.pledges.read(slug, 0, 4096) == (b"", b"")
    assert [await archive.read(slug, first, 4096) for first in (0, 4096, 8192)] == whole
    across = await archive.read(slug, 4000, 200)
    assert across[0] == (whole[0][0] + whole[1][0])[4000 * 40 : 4200 * 40]
    assert across[1] == (whole[0][1] + whole[1][1])[4000 * 12 : 4200 * 12]
    assert await log.tile(slug, 0, 3, 256) == tile
    assert await log.proof(slug, 4100) == proof
    assert (await log.checkpoint(slug)).note == before.note

    ledger = Ledger(stores.pledges, log, archive)
    again = await ledger.pledge(Pledge(slug, Source.API, "BE", "nl"), KEY)
    assert again.replayed
    assert again.receipt == receipts[again.ordinal - 1]
    with pytest.raises(Unavailable):
        await Ledger(stores.pledges).pledge(Pledge(slug, Source.API, "BE", "nl"), KEY)
    assert (await ledger.withdraw(receipts[5])).total == COUNT - 1
    assert (await ledger.withdraw(receipts[5])).already
    assert (await ledger.withdraw(receipts[5000])).total == COUNT - 2
    invalidation = Invalidation(stores.pledges, stores.audit, archive)
    assert await invalidation.count(Run(slug, 4090, 4105)) == 16
    assert [n async for n in invalidation.remove(Run(slug, 4090, 4105))][-1] == 16
    assert (await ledger.pledge(Pledge(slug, Source.WEB), str(uuid.uuid4()))).ordinal == COUNT + 1
    auditor = Auditor(stores.pledges, stores.log, stores.audit, read=archive.read)
    finding = await auditor.audit(slug)
    assert (finding.differences, finding.total) == ((), COUNT + 1 - 18)


async def test_what_is_young_unsigned_or_last_stays_in_memory(
    stores: Stores,
    data: Redis,
    archive: Archive,
    log: PublicLog,
    receipts: list[str],
    slug: str,
    tmp_path: Path,
) -> None:
    assert await archive.move(slug) == 0  # nothing is signed yet
    await log.checkpoint(slug)
    other = Folder(tmp_path / "other")
    assert await Archive(stores.pledges, stores.log, other).move(slug) == 0  # all is of today
    assert await Archive(stores.pledges, stores.log, None, old_days=0).move(slug) == 0  # no folder
    assert await chunks(data, slug) == 11


async def test_nothing_leaves_memory_that_is_not_what_was_signed_or_not_what_its_file_holds(
    stores: Stores, data: Redis, archive: Archive, log: PublicLog, receipts: list[str], slug: str
) -> None:
    await log.checkpoint(slug)
    key = f"bh:{{{slug}}}:log:3"
    was = await data.getbit(key, 100)
    await data.setbit(key, 100, 1 - was)
    with pytest.raises(StoreError, match="audit"):
        await archive.move(slug)
    await data.setbit(key, 100, was)
    with pytest.raises(StoreError, match="file"):
        await stores.pledges.forget(slug, 0, "0" * 40)
    assert not await stores.pledges.forget(slug, 1, "0" * 40)  # not its turn
    assert await chunks(data, slug) == 11
    assert await archive.move(slug) == 2


async def test_a_flipped_bit_in_a_file_is_found(
    stores: Stores, archive: Archive, log: PublicLog, receipts: list[str], slug: str, tmp_path: Path
) -> None:
    await log.checkpoint(slug)
    await archive.move(slug)
    file = tmp_path / "archive" / slug / "000001.log"
    content = bytearray(file.read_bytes())
    assert file.stat().st_mode & 0o777 == 0o600
    auditor = Auditor(stores.pledges, stores.log, stores.audit, read=archive.read)
    for _ in range(6):
        bit = secrets.randbelow(len(content) * 8)
        content[bit // 8] ^= 1 << bit % 8
        file.write_bytes(content)
        assert (await auditor.audit(slug)).log
        content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)
    assert (await auditor.audit(slug)).differences == ()


async def test_who_has_not_the_archive_says_so_and_neither_withdraws_nor_repairs(
    stores: Stores, archive: Archive, log: PublicLog, receipts: list[str], slug: str, tmp_path: Path
) -> None:
    await log.checkpoint(slug)
    await archive.move(slug)
    with pytest.raises(Unavailable, match="archive"):
        await Ledger(stores.pledges).withdraw(receipts[0])
    bare = Archive(stores.pledges, stores.log, None)
    with pytest.raises(Unavailable):
        await Ledger(stores.pledges, archive=bare).withdraw(receipts[0])
    with pytest.raises(StoreError, match="not here"):  # and repairs nothing
        await Auditor(stores.pledges, stores.log, stores.audit, read=bare.read).audit(slug, repair=True)
    (tmp_path / "archive" / slug / "000001.log").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="block 1"):
        await Auditor(stores.pledges, stores.log, stores.audit, read=archive.read).audit(slug, repair=True)
    with pytest.raises(Unavailable):
        await PublicLog(stores.pledges, stores.log, origin="https://a", archive=bare).proof(slug, 1)
    assert (await stores.pledges.tally(slug)).total == COUNT
