import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.store import EmbeddedStore, Endpoints, Stores, open_stores


@pytest.fixture(scope="session")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    store = EmbeddedStore(tmp_path_factory.mktemp("a folder with % and space"))
    yield asyncio.run(store.start())
    asyncio.run(store.release())


@pytest.fixture
async def stores(endpoints: Endpoints, tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(endpoints.data, endpoints.cache, tmp_path)
    yield stores
    await stores.aclose()


@pytest.fixture
async def data(endpoints: Endpoints) -> AsyncIterator[Redis]:
    async with Redis.from_url(endpoints.data, protocol=2) as client:
        yield client
