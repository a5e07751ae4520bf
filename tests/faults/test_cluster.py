"""A six-node Cluster: whatever happens to a primary, an acknowledged pledge stays and counts once."""

import asyncio
import signal
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis.crc import key_slot

from badge.errors import Unavailable
from badge.pledges import Ledger
from badge.store import BlobStore, Script, Stores, open_stores
from badge.store import blobs as blobs_module
from badge.store.address import Address
from badge.store.audit import Correction
from badge.store.campaigns import Record
from badge.store.cluster import ClusterLane
from badge.store.entry import checked
from badge.store.log import Sealed
from tests.topologies import DATA, Cluster, Server, until
from tests.writers import PLEDGE, Writers

KEY = "bh:{world}:n"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), *DATA)
    try:
        yield cluster.start()
    finally:
        cluster.stop()


@pytest.fixture
async def stores(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Stores]:
    cluster.wait_healthy()
    for server in cluster.servers:
        if cluster.is_primary(server):
            server.client.flushall()
    stores = await open_stores(cluster.url, cluster.url, tmp_path)
    yield stores
    await stores.aclose()


@pytest.fixture
async def blobs(cluster: Cluster, stores: Stores) -> AsyncIterator[BlobStore]:
    """Blobs whose callers have more patience than 50 ms."""
    lane = ClusterLane(Address.read("", cluster.url), 5.0, name="cache store")
    yield BlobStore(lane, timeout_s=5.0)
    await lane.aclose()


def promoted(cluster: Cluster, old: Server) -> float:
    """Waits until another server owns the old one's slots; returns the seconds it took."""
    began = time.monotonic()
    until(lambda: cluster.owner(KEY) is not old)
    return time.monotonic() - began


async def test_a_primary_killed_under_writers_loses_and_doubles_no_acknowledged_pledge(
    cluster: Cluster, stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    writers = Writers(stores)
    async with writers.writing():
        await writers.more(200)
        victim = cluster.owner(KEY)
        victim.kill()
        took_s = await asyncio.to_thread(promoted, cluster, victim)
        before = len(writers.counted)
        await asyncio.sleep(0.5)
        # Only the promoted server has them: that is not enough to acknowledge.
        assert len(writers.counted) == before
        await asyncio.to_thread(victim.start)
        back_s = await writers.more(200)
    await writers.check(stores)
    with capsys.disabled():
        print(f"\ncluster, primary killed: another owns its slots after {took_s:.2f} s; pledges are ")
        print(f"acknowledged {back_s:.2f} s after the dead server came back as its replica")


async def test_a_primary_that_hangs_is_replaced_and_nothing_acknowledged_is_lost(
    cluster: Cluster, stores: Stores
) -> None:
    writers = Writers(stores)
    async with writers.writing():
        await writers.more(200)
        victim = cluster.owner(KEY)
        victim.send(signal.SIGSTOP)
        try:
            await asyncio.to_thread(promoted, cluster, victim)
        finally:
            victim.send(signal.SIGCONT)  # it still believes that it is the primary
        await writers.more(200)
    await writers.check(stores)


async def test_a_pledge_that_no_replica_has_is_not_acknowledged_nor_is_its_retry(
    cluster: Cluster, stores: Stores, tmp_path: Path
) -> None:
    ledger, key = Ledger(stores.pledges), str(uuid.uuid4())
    other = await open_stores(
        cluster.url, cluster.url, tmp_path
    )  # as another worker: a connection of its own
    first = await ledger.pledge(PLEDGE, str(uuid.uuid4()))
    await Ledger(other.pledges).count("world")
    replica = cluster.replica_of(cluster.owner(KEY))
    replica.send(signal.SIGSTOP)
    try:
        for asked in (ledger, Ledger(other.pledges)):
            with pytest.raises(Unavailable):
                await asked.pledge(PLEDGE, key)
        with pytest.raises(Unavailable):
            await ledger.withdraw(first.receipt)
        with pytest.raises(Unavailable):
            await Ledger(other.pledges).withdraw(first.receipt)
        pledging = asyncio.create_task(ledger.pledge(PLEDGE, str(uuid.uuid4())))
        await asyncio.sleep(0.05)
        assert (await stores.pledges.tally("world", timeout_s=0.5)).length == 4  # reads wait for nobody
        with pytest.raises(Unavailable):
            await pledging
    finally:
        replica.send(signal.SIGCONT)
    again = await ledger.pledge(PLEDGE, key)
    assert (again.ordinal, again.replayed) == (2, True)
    assert (await ledger.withdraw(first.receipt)).already
    await other.aclose()


async def test_servers_that_forgot_every_script_are_sent_them_again(cluster: Cluster, stores: Stores) -> None:
    writers = Writers(stores)
    async with writers.writing():
        await writers.more(100)
        for server in cluster.servers:
            server.client.script_flush()
        await writers.more(100)
    await writers.check(stores)
    assert writers.refused == 0


async def test_a_slot_that_moves_key_by_key_loses_and_doubles_nothing(
    cluster: Cluster, stores: Stores
) -> None:
    writers, slot = Writers(stores), key_slot(KEY.encode())
    source = cluster.owner(KEY)
    target = next(s for s in cluster.servers if cluster.is_primary(s) and s is not source)
    async with writers.writing():
        for old, new, first in ((source, target, "i:"), (target, source, "d")):
            await writers.more(300)
            await asyncio.to_thread(move, slot, old, new, f"bh:{{world}}:{first}")
            await writers.more(100)
    assert cluster.owner(KEY) is source
    await writers.check(stores)
    assert writers.refused > 0  # it did meet the moving slot


def move(slot: int, old: Server, new: Server, first: str) -> None:
    """Moves a slot as resharding tools do, some keys before the others: the ledger is torn for a while."""
    names = [server.client.execute_command("CLUSTER MYID").decode() for server in (old, new)]
    new.client.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", names[0])
    old.client.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", names[1])
    while keys := old.client.execute_command("CLUSTER GETKEYSINSLOT", slot, 1000):
        for key in sorted(keys, key=lambda key: (not key.startswith(first), key)):
            old.client.execute_command("MIGRATE", "127.0.0.1", new.port, key, 0, 2000)
            time.sleep(0.01)
    for server in (new, old):
        server.client.execute_command("CLUSTER SETSLOT", slot, "NODE", names[1])


async def test_pictures_and_leases_find_their_slot_wherever_it_moves(
    cluster: Cluster, blobs: BlobStore
) -> None:
    names = [f"picture:{n}" for n in range(60)]
    await asyncio.gather(*(blobs.put(name, name.encode(), 60) for name in names))
    slot = key_slot(b"bh:cache:picture:7")
    old = cluster.owner("bh:cache:picture:7")
    new = next(s for s in cluster.servers if cluster.is_primary(s) and s is not old)
    ids = [server.client.execute_command("CLUSTER MYID").decode() for server in (old, new)]
    new.client.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", ids[0])
    old.client.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", ids[1])
    old.client.execute_command("MIGRATE", "127.0.0.1", new.port, "bh:cache:picture:7", 0, 2000)
    assert await blobs.get("picture:7") == b"picture:7"  # ASK
    for server in (new, old):
        server.client.execute_command("CLUSTER SETSLOT", slot, "NODE", ids[1])
    assert await asyncio.gather(*map(blobs.get, names)) == [name.encode() for name in names]  # MOVED
    assert await blobs.acquire("making:7", "mine", 5000)
    assert not await blobs.acquire("making:7", "other", 5000)


async def test_every_script_finds_all_its_keys_in_one_slot(
    cluster: Cluster, stores: Stores, blobs: BlobStore
) -> None:
    """A key in another slot would be an error of the server that says so."""
    pledges, campaigns, log, audit = stores.pledges, stores.campaigns, stores.log, stores.audit
    details = checked(b"\x01BEfr\0\0\0\0\0\0")
    for slug in (f"c-{n}" for n in range(12)):  # on every server
        written = [await pledges.append(slug, bytes([n]) * 14, b"c" * 32, details) for n in range(40)]
        assert (await pledges.find(slug, b"\x07" * 14)) == replace(written[7], fresh=False)
        assert (await pledges.undo(slug, "x", 3, written[3].entry, details)).tally.total == 39
        assert len(await pledges.entries(slug, 0, 100)) == 41
        assert (await pledges.breakdown(slug)).by_country == {"BE": 39}
        await pledges.tables(slug)
        assert await pledges.claim(slug, "nonce", b"owner", int(time.time()) + 60)
        assert await campaigns.swap(slug, None, Record(b"o" * 32, b"{}"))
        assert await campaigns.read(slug) == Record(b"o" * 32, b"{}")
        await campaigns.rank(slug, 39, 100)
        await log.grow(slug, 1, 0, b"h" * 64)
        assert await log.width(slug, 1) == 2
        await log.seal(slug, Sealed(2, 1, "note"))
        assert await log.sealed(slug) == Sealed(2, 1, "note")
        assert sum(held for _, held in (await audit.marks(slug)).values()) == 40
        await audit.correct(slug, "token", [Correction("c", "BE", "39", 38)], {})
        assert (await audit.counters(slug))["c"] == {"BE": "38"}
        await blobs.take(slug, 10, 1000)
        assert await blobs.acquire(f"making:{slug}", "token", 1000)
        await blobs.release(f"making:{slug}", "token")
    assert (await campaigns.board("totals", ("", ""), 5)).total == 12 * 39
    assert len(await campaigns.slugs("", 100)) == 12
    scripts = {
        f"{type(store).__name__}.{name}": script.sha
        for store in (pledges, campaigns, log, audit)
        for name, script in vars(store).items()
        if isinstance(script, Script)
    } | {name: s.sha for name, s in vars(blobs_module).items() if isinstance(s, Script)}
    known = [server.client.script_exists(*scripts.values()) for server in cluster.servers]
    assert [
        name for name, was_run in zip(scripts, map(any, zip(*known, strict=True)), strict=True) if not was_run
    ] == []
