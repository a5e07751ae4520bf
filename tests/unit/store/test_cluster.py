"""What a Cluster may say of itself at its smallest and its worst; tests/faults has the one of six."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from badge.store import Script, StoreError
from badge.store.address import Address
from badge.store.cluster import ClusterLane
from tests.topologies import SLOTS, Cluster, Server, quiet_port, until

GET = Script("return redis.call('GET', KEYS[1])")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(*options: str) -> Server:
        started.append(Server(tmp_path / f"{len(started)}", "--save", "", *options))
        return started[-1].start()

    yield start
    for server in started:
        server.kill()


@asynccontextmanager
async def lane_to(*ports: int, replicas: int = 0) -> AsyncIterator[ClusterLane]:
    nodes = ",".join(f"127.0.0.1:{port}" for port in ports)
    lane = ClusterLane(Address.read("", f"redis+cluster://{nodes}"), 2.0, name="store", replicas=replicas)
    yield lane
    await lane.aclose()


def empty_node(server: Callable[..., Server]) -> Server:
    return server("--cluster-enabled", "yes", "--cluster-port", str(quiet_port()))


async def test_one_server_is_a_cluster_that_does_not_know_its_own_host(server: Callable[..., Server]) -> None:
    node = empty_node(server)
    node.client.execute_command("CLUSTER ADDSLOTSRANGE", 0, SLOTS - 1)
    until(lambda: Cluster.info(node)["cluster_state"] == "ok")
    async with lane_to(1, node.port) as lane:  # the first of its nodes does not exist
        assert await lane.call("SET", "key", "value", timeout_s=5) == b"OK"
        assert await lane.call("GET", b"key", timeout_s=5) == b"value"
        assert await lane.run(GET, "key", timeout_s=5) == b"value"
        assert await lane.each("PING", timeout_s=5) == [b"PONG"]
    async with lane_to(node.port, replicas=1) as lane:
        with pytest.raises(StoreError, match="0 of 1 replicas have it"):
            await lane.call("SET", "key", "other", timeout_s=5)
        assert await lane.call("GET", "key", timeout_s=5, lasting=False) == b"other"


async def test_servers_that_share_no_slots_yet_are_told_so(server: Callable[..., Server]) -> None:
    async with lane_to(empty_node(server).port) as lane:
        for asked in (lane.call("GET", "key", timeout_s=2), lane.each("PING", timeout_s=2)):
            with pytest.raises(StoreError, match="share no slots among them yet"):
                await asked


async def test_a_server_that_is_in_no_cluster_is_told_so(server: Callable[..., Server]) -> None:
    async with lane_to(server().port) as lane:
        with pytest.raises(StoreError, match="cluster support disabled"):
            await lane.call("GET", "key", timeout_s=2)


async def test_a_cluster_that_is_down_is_an_error_however_little_time_there_is() -> None:
    async with lane_to(1, 2, 3) as lane:
        for timeout_s in (0.001, 0.05, 2.0):
            with pytest.raises(StoreError):
                await lane.call("GET", "key", timeout_s=timeout_s)
