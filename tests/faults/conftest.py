"""One Cluster for all fault tests that need one, whole again and empty before each of them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from badge.store import Stores, open_stores
from tests.topologies import DATA, Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), *DATA)
    try:
        yield cluster.start()
    finally:
        cluster.stop()


@pytest.fixture
async def on_cluster(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Stores]:
    """Stores that are both on the Cluster."""
    cluster.wait_healthy()
    for server in cluster.servers:
        if cluster.is_primary(server):
            server.client.flushall()
    stores = await open_stores(cluster.url, cluster.url, tmp_path)
    yield stores
    await stores.aclose()
