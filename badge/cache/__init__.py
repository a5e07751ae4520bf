"""Key to bytes, made once: this worker's memory, then the cache store, then one making for all who wait."""

from collections.abc import Awaitable, Callable

from badge.cache.flight import Flight, Lease
from badge.cache.memory import MemoryCache
from badge.cache.redis import RedisCache
from badge.render.picture import Picture
from badge.telemetry import Source

__all__ = ["Flight", "Lease", "MemoryCache", "RedisCache", "RenderCache", "Source"]


class RenderCache:
    """Finds the picture of a key, or has it made; `store` None keeps it in memory alone."""

    def __init__(self, memory: MemoryCache, store: RedisCache | None) -> None:
        self._memory = memory
        self._store = store
        self._lease = None if store is None else Lease(store)
        self._flight: Flight[tuple[Picture, Source]] = Flight()

    def peek(self, key: str) -> Picture | None:
        """Returns the picture of this key if it is in this worker's memory."""
        return self._memory.get(key)

    async def get_or_make(
        self, key: str, make: Callable[[], Awaitable[Picture]], ttl_s: int
    ) -> tuple[Picture, Source]:
        """Returns the picture and where it came from; keeps a new one for `ttl_s` seconds in the store.

        Raises what `make` raises, in every caller that waited for it.
        """
        if (picture := self._memory.get(key)) is not None:
            return picture, "memory"
        return await self._flight.once(key, lambda: self._find_or_make(key, make, ttl_s))

    def forget(self, prefix: str = "") -> None:
        """Drops from this worker's memory every picture whose key begins with `prefix`."""
        self._memory.forget(prefix)

    async def aclose(self) -> None:
        """Stops what is still being made."""
        await self._flight.aclose()

    async def _find_or_make(
        self, key: str, make: Callable[[], Awaitable[Picture]], ttl_s: int
    ) -> tuple[Picture, Source]:
        source: Source = "redis"
        picture = None if self._store is None else await self._store.get(key)
        if picture is None:
            picture, made = await self._make(key, make, ttl_s)
            source = "render" if made else "redis"
        self._memory.put(key, picture)
        return picture, source

    async def _make(
        self, key: str, make: Callable[[], Awaitable[Picture]], ttl_s: int
    ) -> tuple[Picture, bool]:
        if self._lease is None:
            return await make(), True
        return await self._lease.find_or_make(key, make, ttl_s)
