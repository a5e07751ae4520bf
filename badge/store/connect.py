"""Opens both stores, configured or embedded, and says in one sentence what is wrong with either."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

from badge.errors import Unavailable
from badge.store.address import Address
from badge.store.audit import AuditStore
from badge.store.blobs import BlobStore
from badge.store.breaker import Breaker
from badge.store.campaigns import CampaignStore
from badge.store.client import connect
from badge.store.cluster import ClusterLane
from badge.store.control import ControlStore
from badge.store.embedded import EmbeddedStore
from badge.store.lane import Commands, Lane, StoreError
from badge.store.live import LiveFeed
from badge.store.log import LogStore
from badge.store.pledges import PledgeStore
from badge.store.server import EvictsPledges, Server, check_fit, servers
from badge.telemetry import Cell

_log = logging.getLogger(__name__)

_DATA_TIMEOUT_S = 2.0
_CACHE_TIMEOUT_S = 1.0  # a blob's caller gives up after 50 ms; the connection may take longer to be made
_CACHE_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Errors:
    """Where the failures of each store are counted."""

    data: Cell = field(default_factory=Cell)
    cache: Cell = field(default_factory=Cell)


class Stores:
    """The open stores of one process: blobs (cache side), pledges and their public log (data side)."""

    def __init__(self, data: Address, cache: Address, embedded: EmbeddedStore | None, errors: Errors) -> None:
        self._address = data
        self._embedded = embedded
        data_lane = _lane(data, _DATA_TIMEOUT_S, name="pledge store", replicas=data.witnesses)
        cache_lane = _lane(cache, _CACHE_TIMEOUT_S, name="cache store", batch=32, waiting=2048)
        self._data = Breaker(data_lane, errors.data)
        self._cache = Breaker(cache_lane, errors.cache, pause_s=_CACHE_PAUSE_S)
        self._servers: list[Server] = []
        self._faults: list[str] = []
        self._watch: asyncio.Task[None] | None = None
        self.blobs = BlobStore(self._cache)
        self.pledges = PledgeStore(self._data, guard=self._inspect)
        self.live = LiveFeed(data)
        self.campaigns = CampaignStore(self._data, guard=lambda: self.pledges.subkey(""))
        self.log = LogStore(self._data)
        self.audit = AuditStore(self._data)
        self.control = ControlStore(self._data)

    @property
    def data_info(self) -> str:
        """Returns the data store's kind, version and address, without a password."""
        names = ", ".join(sorted({server.name for server in self._servers})) or "not reached yet"
        return f"{names} at {self._address.shown}"

    async def ping(self) -> None:
        """Raises Unavailable where the data store cannot take pledges."""
        try:
            await self.pledges.subkey("")
            await self.pledges.ping()
        except StoreError as error:
            raise Unavailable("The pledge store is not available.") from error

    async def up(self) -> dict[str, bool]:
        """Tells which stores answer now, the data store within 2 s, the cache store within 50 ms."""
        pings = await asyncio.gather(self.pledges.ping(), self.blobs.ping(), return_exceptions=True)
        return {store: error is None for store, error in zip(("data", "cache"), pings, strict=True)}

    async def aclose(self) -> None:
        """Closes every connection; the last user of embedded servers shuts them down."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._data.aclose()
        await self._cache.aclose()
        if self._embedded is not None:
            await self._embedded.release()

    async def _open(self, *, refuses: bool) -> None:
        if self._embedded is not None:
            self._watch = asyncio.create_task(self._embedded.supervise())
        try:
            await self.pledges.subkey("")
        except StoreError as error:
            if refuses and isinstance(error, EvictsPledges):
                raise
            _log.warning("%s: pledges answer 503 until it is well: %s", self.data_info, error)
        try:
            cache = await servers(self._cache, _CACHE_TIMEOUT_S)
        except StoreError as error:
            _log.warning("the cache store does not answer, pictures are drawn without it: %s", error)
            return
        if {server.run_id for server in cache} & {server.run_id for server in self._servers}:
            _log.warning("pledges and pictures share one server: give BLUEHEART_CACHE_URL one of its own")

    async def _inspect(self) -> None:
        """Refuses a data store that could forget pledges, before anything is written to it."""
        self._servers = await servers(self._data, _DATA_TIMEOUT_S)
        faults = await check_fit(self._data, self._servers, self._address.witnesses, _DATA_TIMEOUT_S)
        for fault in faults:
            if fault not in self._faults:  # once, not once a request
                _log.warning("%s: %s", self.data_info, fault)
        self._faults = faults


async def open_stores(
    redis_url: str, cache_url: str, data_dir: Path, *, refuses: bool = True, errors: Errors | None = None
) -> Stores:
    """Opens both stores; an empty URL starts or adopts our own server in data_dir.

    A configured store that is down is not an error: pledges answer 503 and pictures are drawn without a cache
    until it is back. Raises StoreSetupError where only the deployer can help. With refuses False a data store
    that evicts is not refused: a worker that comes back still hands out pictures, and its pledges answer 503.
    """
    given = {
        role: Address.read(setting, url)
        for role, setting, url in (
            ("data", "BLUEHEART_REDIS_URL", redis_url),
            ("cache", "BLUEHEART_CACHE_URL", cache_url),
        )
        if url
    }
    embedded = None
    if roles := tuple(role for role in ("data", "cache") if role not in given):
        embedded = EmbeddedStore(data_dir, roles)
        own = await embedded.start()
        given = {"data": Address.read("", own.data), "cache": Address.read("", own.cache)} | given
    stores = Stores(given["data"], given["cache"], embedded, errors or Errors())
    try:
        await stores._open(refuses=refuses)
    except BaseException:
        await stores.aclose()
        raise
    return stores


def _lane(address: Address, timeout_s: float, *, name: str, **options: int) -> Commands:
    if address.kind == "cluster":
        return ClusterLane(address, timeout_s, name=name, **options)
    return Lane(connect(address, timeout_s), name=name, **options)
