import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from badge.campaigns import Campaigns, Doorkeeper
from badge.content import load_refused
from badge.store import EmbeddedStore, Endpoints, Stores, open_stores

ADMIN = "an administrator's token"


@pytest.fixture(scope="session")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    store = EmbeddedStore(tmp_path_factory.mktemp("campaigns"))
    yield asyncio.run(store.start())
    asyncio.run(store.release())


@pytest.fixture
async def stores(endpoints: Endpoints, tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(endpoints.data, endpoints.cache, tmp_path)
    yield stores
    await stores.aclose()


@pytest.fixture
def campaigns(stores: Stores) -> Campaigns:
    return Campaigns(stores.campaigns, load_refused(), Doorkeeper(ADMIN))


@pytest.fixture
def slug() -> str:
    return f"club-{secrets.token_hex(6)}"
