"""The desk of an administrator on the machine of the service: its stores, opened beside it or without it."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

from badge.app import open_archive
from badge.cache import RedisCache
from badge.cache.moderator import Moderator
from badge.campaigns import Board, Campaigns, Doorkeeper
from badge.content import load_refused
from badge.errors import Unavailable
from badge.limits import Networks
from badge.pledges import Auditor, Invalidation, Ledger, Trail
from badge.settings import Settings
from badge.store import StoreError, open_stores


@dataclass(frozen=True, slots=True)
class Desk:
    """What an administrator on this machine works with; `token` opens every campaign."""

    campaigns: Campaigns
    board: Board
    ledger: Ledger
    auditor: Auditor
    invalidation: Invalidation
    trail: Trail
    moderator: Moderator
    token: str


@contextlib.asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Opens the data store of the service, running or not; raises StoreSetupError, Unavailable."""
    stores = await open_stores(settings.redis_url, settings.cache_url, settings.data_dir)
    try:
        archive = open_archive(settings, stores)
        token = secrets.token_hex(32)
        campaigns = Campaigns(stores.campaigns, load_refused(), Doorkeeper(token))
        board = Board(stores.campaigns, campaigns, stores.pledges.tally)
        yield Desk(
            campaigns,
            board,
            Ledger(stores.pledges, archive=archive),
            Auditor(stores.pledges, stores.log, stores.audit, read=archive.read),
            Invalidation(stores.pledges, stores.audit, archive),
            Trail(stores.blobs, Networks(stores.blobs)),
            Moderator(stores.control, RedisCache(stores.blobs)),
            token,
        )
        await board.keep()
    except StoreError as error:
        raise Unavailable(f"the pledge store: {error}") from error
    finally:
        await stores.aclose()
