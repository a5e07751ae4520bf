"""Opens both stores, configured or embedded, and says in one sentence what is wrong with either."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from badge.errors import Unavailable
from badge.store.blobs import BlobStore
from badge.store.campaigns import CampaignStore
from badge.store.embedded import EmbeddedStore
from badge.store.lane import Lane, StoreError
from badge.store.pledges import PledgeStore
from badge.store.setup import StoreSetupError, redacted

_log = logging.getLogger(__name__)

_DATA_TIMEOUT_S = 2.0
_CACHE_TIMEOUT_S = 1.0  # a blob's caller gives up after 50 ms; the connection may take longer to be made


@dataclass(frozen=True, slots=True)
class Server:
    """What a server says of itself in INFO."""

    name: str
    run_id: str
    eviction: str
    appends: bool

    @classmethod
    def read(cls, info: bytes) -> "Server":
        """Reads the text of INFO."""
        pairs = (line.split(":", 1) for line in info.decode(errors="replace").splitlines() if ":" in line)
        facts = {name: value.strip() for name, value in pairs}
        kind = "valkey" if "valkey_version" in facts else "redis"
        return cls(
            name=f"{kind} {facts.get(f'{kind}_version', '?')}",
            run_id=facts.get("run_id", ""),
            eviction=facts.get("maxmemory_policy", ""),
            appends=facts.get("aof_enabled", "") == "1",
        )


class Stores:
    """The open stores of one process: blobs (cache side) and pledges (data side)."""

    def __init__(self, data_url: str, cache_url: str, embedded: EmbeddedStore | None) -> None:
        self._data_url = data_url
        self._embedded = embedded
        self._data = Lane(_client(data_url, _DATA_TIMEOUT_S), name="pledge store")
        self._cache = Lane(_client(cache_url, _CACHE_TIMEOUT_S), name="cache store", batch=32, waiting=2048)
        self._server: Server | None = None
        self._watch: asyncio.Task[None] | None = None
        self.blobs = BlobStore(self._cache)
        self.pledges = PledgeStore(self._data, guard=self._inspect)
        self.campaigns = CampaignStore(self._data, guard=lambda: self.pledges.subkey(""))

    @property
    def data_info(self) -> str:
        """Returns the data store's kind, version and address, without a password."""
        name = self._server.name if self._server else "not reached yet"
        return f"{name} at {redacted(self._data_url)}"

    async def ping(self) -> None:
        """Raises Unavailable where the data store cannot take pledges."""
        try:
            await self.pledges.subkey("")
            await self.pledges.ping()
        except StoreError as error:
            raise Unavailable(f"The pledge store is not available: {error}.") from error

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

    async def _open(self) -> None:
        if self._embedded is not None:
            self._watch = asyncio.create_task(self._embedded.supervise())
        try:
            await self.pledges.subkey("")
        except EvictsPledges:
            raise
        except StoreError as error:
            _log.warning("%s: pledges answer 503 until it is back: %s", self.data_info, error)
        try:
            cache = Server.read(await self._cache.call("INFO", timeout_s=_CACHE_TIMEOUT_S))
        except StoreError as error:
            _log.warning("the cache store does not answer, pictures are drawn without it: %s", error)
            return
        if self._server is not None and cache.run_id == self._server.run_id:
            _log.warning("pledges and pictures share one server: give BLUEHEART_CACHE_URL one of its own")

    async def _inspect(self) -> None:
        """Refuses a data store that could forget pledges, before anything is written to it."""
        self._server = server = Server.read(await self._data.call("INFO", timeout_s=_DATA_TIMEOUT_S))
        if server.eviction.startswith("allkeys-"):
            raise EvictsPledges(
                f"{self.data_info} evicts pledges to make room (maxmemory-policy {server.eviction}): "
                "set maxmemory-policy noeviction on the server of BLUEHEART_REDIS_URL"
            )
        if server.eviction.startswith("volatile-"):
            _log.warning("%s: set maxmemory-policy noeviction, or a retry may count twice", self.data_info)
        if not server.appends:
            _log.warning("%s: appendonly is off, a crash loses pledges: turn it on", self.data_info)
            return
        with contextlib.suppress(StoreError):  # a managed server may forbid CONFIG
            reply = await self._data.call("CONFIG", "GET", "appendfsync", timeout_s=_DATA_TIMEOUT_S)
            fsync = _flat(reply).get("appendfsync", "always")
            if fsync != "always":
                _log.warning("%s: appendfsync is %s, a power cut loses pledges", self.data_info, fsync)


class EvictsPledges(StoreError, StoreSetupError):
    """The data store is set to evict keys: refused at the start, and 503 where it came back like that."""


async def open_stores(redis_url: str, cache_url: str, data_dir: Path) -> Stores:
    """Opens both stores; an empty URL starts or adopts our own server in data_dir.

    A configured store that is down is not an error: pledges answer 503 and pictures are drawn without a cache
    until it is back. Raises StoreSetupError where only the deployer can help.
    """
    for name, url in (("BLUEHEART_REDIS_URL", redis_url), ("BLUEHEART_CACHE_URL", cache_url)):
        _check_url(name, url)
    roles = tuple(role for role, url in (("data", redis_url), ("cache", cache_url)) if not url)
    embedded = EmbeddedStore(data_dir, roles) if roles else None
    if embedded is not None:
        own = await embedded.start()
        redis_url, cache_url = redis_url or own.data, cache_url or own.cache
    try:
        stores = Stores(redis_url, cache_url, embedded)
    except StoreSetupError:
        if embedded is not None:
            await embedded.release()
        raise
    try:
        await stores._open()
    except BaseException:
        await stores.aclose()
        raise
    return stores


def _check_url(name: str, url: str) -> None:
    if not url:
        return
    parts = urlsplit(url)
    right = "redis://host:6379/0, rediss://user:password@host:6379/0 or unix:///path/to.sock"
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise StoreSetupError(f"{name} begins with {parts.scheme or 'no scheme'!r}; it wants {right}")
    try:
        complete = parts.path if parts.scheme == "unix" else parts.hostname
        _ = parts.port
    except ValueError:
        complete = None
    if not complete:
        raise StoreSetupError(f"{name} names no server; it wants {right}")


def _client(url: str, timeout_s: float) -> Redis:
    # The library's ten retries take 3 s to fail; the lane has its own policy. Every server speaks RESP2.
    try:
        client = Redis.from_url(
            url,
            protocol=2,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            retry=Retry(NoBackoff(), 0),
            max_connections=16,
        )
    except ValueError as error:
        raise StoreSetupError(f"{redacted(url)} cannot be read: {redacted(str(error))}") from None
    client.response_callbacks.clear()  # replies as the server sent them
    return client


def _flat(reply: Any) -> Mapping[str, str]:
    words = [word.decode() if isinstance(word, bytes) else str(word) for word in reply]
    return dict(zip(words[::2], words[1::2], strict=False))
