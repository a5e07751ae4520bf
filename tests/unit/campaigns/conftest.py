import secrets

import pytest

from badge.campaigns import Campaigns, Doorkeeper
from badge.content import load_refused
from badge.store import Stores

ADMIN = "an administrator's token"


@pytest.fixture
def campaigns(stores: Stores) -> Campaigns:
    return Campaigns(stores.campaigns, load_refused(), Doorkeeper(ADMIN))


@pytest.fixture
def slug() -> str:
    return f"club-{secrets.token_hex(6)}"
