"""Pictures cached in a Cluster: one of its servers that hangs takes its own along, and no others."""

import signal
import time

import pytest

from badge.cache import RedisCache
from badge.render import Picture
from badge.store import StoreError, Stores
from tests.topologies import Cluster

PICTURE = Picture(b"<svg/>", "image/svg+xml", 10, 20, "Zoë wears the Blue Heart")


def keys_by_owner(cluster: Cluster, many: int) -> list[list[str]]:
    """Returns keys of blobs, those of each of the three primaries."""
    owners: dict[int, list[str]] = {}
    for n in range(many):
        owners.setdefault(cluster.owner(f"bh:cache:{n}").port, []).append(str(n))
    return list(owners.values())


async def test_a_server_that_hangs_takes_no_pictures_of_other_servers_along(
    cluster: Cluster, on_cluster: Stores
) -> None:
    theirs, ours, _ = keys_by_owner(cluster, 24)
    blobs = on_cluster.blobs
    for key in (*theirs, *ours):
        await blobs.put(key, b"heart", 60)
    hung = cluster.owner(f"bh:cache:{theirs[0]}")
    hung.send(signal.SIGSTOP)
    try:
        until, rounds = time.monotonic() + 0.7, 0  # before the Cluster itself calls it dead
        while time.monotonic() < until or rounds < 2:
            with pytest.raises(StoreError):
                await blobs.get(theirs[0])
            assert [await blobs.get(key) for key in ours] == [b"heart"] * len(ours)
            rounds += 1
    finally:
        hung.send(signal.SIGCONT)


async def test_a_purge_reaches_every_server_of_a_cluster_and_nothing_else(
    cluster: Cluster, on_cluster: Stores
) -> None:
    store = RedisCache(on_cluster.blobs)
    for n in range(300):
        await store.put(f"club:{n:016x}:{n:032x}", PICTURE, 60)
    await store.put("other:1:2", PICTURE, 60)
    await on_cluster.blobs.put("limits:salt", b"kept", 60)
    held = [server.client.dbsize() for server in cluster.servers if cluster.is_primary(server)]
    assert min(held) > 50
    assert await store.sweep("club:") == 300
    assert await store.get("other:1:2") == PICTURE
    assert await on_cluster.blobs.get("limits:salt") == b"kept"
    assert await store.sweep("") == 1
