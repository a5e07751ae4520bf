"""Every key finds its server, every script all of its keys, wherever slots are and move."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.crc import key_slot

from badge.store import BlobStore, Script, Stores
from badge.store import blobs as blobs_module
from badge.store.address import Address
from badge.store.audit import Correction
from badge.store.campaigns import Record
from badge.store.cluster import ClusterLane
from badge.store.entry import Proof, checked
from badge.store.log import Sealed
from tests.topologies import Cluster

ONE_KEY = {"KEYS[1]", "'TIME'"}


@pytest.fixture
async def blobs(cluster: Cluster, on_cluster: Stores) -> AsyncIterator[BlobStore]:
    """Blobs whose callers have more patience than 50 ms."""
    lane = ClusterLane(Address.read("", cluster.url), 5.0, name="cache store")
    yield BlobStore(lane, timeout_s=5.0)
    await lane.aclose()


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
    cluster: Cluster, on_cluster: Stores, blobs: BlobStore
) -> None:
    """Runs all there are: a key in another slot is an error of the server."""
    pledges, campaigns, log, audit = (
        on_cluster.pledges,
        on_cluster.campaigns,
        on_cluster.log,
        on_cluster.audit,
    )
    details = checked(b"\x01BEfr\0\0\0\0\0\0")
    for slug in (f"c-{n}" for n in range(12)):  # on every server
        written = [await pledges.append(slug, bytes([n]) * 14, b"c" * 32, details) for n in range(40)]
        assert (await pledges.find(slug, b"\x07" * 14)) == replace(written[7], fresh=False)
        assert (await pledges.undo(slug, "x", 3, written[3].entry, details)).tally.total == 39
        assert len(await pledges.entries(slug, 0, 100)) == 41
        assert (await pledges.breakdown(slug)).by_country == {"BE": 39}
        await pledges.tables(slug)
        assert not await pledges.forget(slug, 0, "it has no block that is full")
        assert await pledges.claim(slug, "nonce", b"owner", 60)
        other = Proof("nonce", b"other", 60)
        assert await pledges.append(slug, b"m" * 14, b"c" * 32, details, other) is None
        assert not await pledges.forget(slug, 0, "0" * 40)
        assert await pledges.archived(slug) == 0
        assert await campaigns.swap(slug, None, Record(b"o" * 32, b"{}"))
        assert await campaigns.read(slug) == Record(b"o" * 32, b"{}")
        await campaigns.rank(slug, 39, 100, looks=slug)
        await log.grow(slug, 1, 0, b"h" * 64)
        assert await log.width(slug, 1) == 2
        await log.seal(slug, Sealed(2, 1, "note"))
        assert await log.sealed(slug) == Sealed(2, 1, "note")
        assert sum(held for _, held in (await audit.marks(slug)).values()) == 40
        await audit.correct(slug, "token", [Correction("c", "BE", "39", 38)], {})
        assert (await audit.counters(slug))["c"] == {"BE": "38"}
        await blobs.take(slug, 10, 1000)
        assert await blobs.acquire(f"making:{slug}", "token", 1000)
        await blobs.renew(f"making:{slug}", "token", 1000)
        await blobs.release(f"making:{slug}", "token")
    assert (await campaigns.board("totals", ("", ""), 5)).total == 12 * 39
    assert len(await campaigns.slugs("", 100)) == 12
    await on_cluster.control.purge("prefix")
    scripts = {
        f"{type(store).__name__}.{name}": script
        for store in vars(on_cluster).values()
        for name, script in getattr(store, "__dict__", {}).items()
        if isinstance(script, Script)
    } | {name: script for name, script in vars(blobs_module).items() if isinstance(script, Script)}
    known = [server.client.script_exists(*(s.sha for s in scripts.values())) for server in cluster.servers]
    was_run = dict(zip(scripts, map(any, zip(*known, strict=True)), strict=True))
    unproved = [name for name, script in scripts.items() if not was_run[name] and keys_of(script) - ONE_KEY]
    assert unproved == [], "run it above"


def keys_of(script: Script) -> set[str]:
    """What a script calls its keys: one that knows only KEYS[1] needs no proof."""
    calls = re.findall(r"redis\.p?call\(('\w+')(?:, ([^,)]+))?", script.text)
    return {key or command for command, key in calls}
