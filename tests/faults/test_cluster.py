"""A six-node Cluster: whatever happens to a primary, an acknowledged pledge stays and counts once."""

import asyncio
import contextlib
import signal
import time
import uuid
from pathlib import Path

import pytest
from redis.crc import key_slot

from badge.errors import Unavailable
from badge.pledges import Ledger
from badge.store import Stores, open_stores
from tests.topologies import Cluster, Server, until
from tests.writers import PLEDGE, Writers

KEY = "bh:{world}:n"


def promoted(cluster: Cluster, old: Server) -> float:
    """Waits until another server owns the old one's slots; returns the seconds it took."""
    began = time.monotonic()
    until(lambda: cluster.owner(KEY) is not old)
    return time.monotonic() - began


async def test_a_primary_killed_under_writers_loses_and_doubles_no_acknowledged_pledge(
    cluster: Cluster, on_cluster: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    writers = Writers(on_cluster)
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
    await writers.check(on_cluster)
    with capsys.disabled():
        print(
            f"\ncluster, primary killed: another owns its slots after {took_s:.2f} s; "
            f"pledges are acknowledged {back_s:.2f} s after the dead server came back as its replica"
        )


async def test_a_primary_that_hangs_is_replaced_and_nothing_acknowledged_is_lost(
    cluster: Cluster, on_cluster: Stores
) -> None:
    writers = Writers(on_cluster)
    async with writers.writing():
        await writers.more(200)
        victim = cluster.owner(KEY)
        victim.send(signal.SIGSTOP)
        try:
            await asyncio.to_thread(promoted, cluster, victim)
        finally:
            victim.send(signal.SIGCONT)  # it still believes that it is the primary
        await writers.more(200)
    await writers.check(on_cluster)


async def test_a_pledge_that_no_replica_has_is_not_acknowledged_nor_is_its_retry(
    cluster: Cluster, on_cluster: Stores, tmp_path: Path
) -> None:
    ledger, key = Ledger(on_cluster.pledges), str(uuid.uuid4())
    # As another worker: the retry goes down a connection that wrote nothing.
    other = await open_stores(cluster.url, cluster.url, tmp_path)
    first = await ledger.pledge(PLEDGE, str(uuid.uuid4()))
    replica = cluster.replica_of(cluster.owner(KEY))
    replica.send(signal.SIGSTOP)
    try:
        for asked in (ledger, Ledger(other.pledges)):
            acts = [asyncio.create_task(asked.pledge(PLEDGE, key))]
            await asyncio.sleep(0.05)
            acts.append(asyncio.create_task(asked.withdraw(first.receipt)))
            await asyncio.sleep(0.05)
            assert (
                await on_cluster.pledges.tally("world", timeout_s=0.5)
            ).length >= 2  # reads wait for nobody
            assert not acts[0].done()
            told = await asyncio.gather(*acts, return_exceptions=True)
            assert [type(answer) for answer in told] == [Unavailable, Unavailable]
    finally:
        replica.send(signal.SIGCONT)
    again = await ledger.pledge(PLEDGE, key)
    assert (again.ordinal, again.replayed) == (2, True)
    assert (await ledger.withdraw(first.receipt)).already
    await other.aclose()


async def test_servers_that_forgot_every_script_are_sent_them_again(
    cluster: Cluster, on_cluster: Stores
) -> None:
    writers = Writers(on_cluster)
    async with writers.writing():
        await writers.more(100)
        for server in cluster.servers:
            server.client.script_flush()
        await writers.more(100)
    await writers.check(on_cluster)
    assert writers.refused == 0


async def test_a_slot_that_moves_key_by_key_loses_and_doubles_nothing(
    cluster: Cluster, on_cluster: Stores
) -> None:
    writers, slot = Writers(on_cluster), key_slot(KEY.encode())
    source = cluster.owner(KEY)
    target = next(s for s in cluster.servers if cluster.is_primary(s) and s is not source)
    async with writers.writing():
        for old, new, first in ((source, target, "i:"), (target, source, "d")):
            await writers.more(300)
            await asyncio.to_thread(move, slot, old, new, f"bh:{{world}}:{first}")
            await writers.more(100)
    assert cluster.owner(KEY) is source
    await writers.check(on_cluster)
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


async def test_live_totals_are_heard_whichever_server_is_killed(cluster: Cluster, on_cluster: Stores) -> None:
    ledger, heard = Ledger(on_cluster.pledges), asyncio.Queue[int]()
    listening = asyncio.create_task(
        on_cluster.live.run(lambda _, __, total: heard.put_nowait(total), lambda _: None)
    )
    try:
        await on_cluster.live.follow("world")
        async with asyncio.timeout(20):
            while heard.empty():  # until it is connected
                await ledger.pledge(PLEDGE, str(uuid.uuid4()))
            speaker = next(s for s in cluster.servers if s.client.pubsub_numsub("bh:{world}:live")[0][1])
            speaker.kill()
            await asyncio.to_thread(speaker.start)
            while not heard.empty():
                heard.get_nowait()
            while heard.empty():
                with contextlib.suppress(Unavailable):
                    await ledger.pledge(PLEDGE, str(uuid.uuid4()))
                await asyncio.sleep(0.1)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
