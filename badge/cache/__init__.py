"""Key to bytes, made once: this worker's memory, then the cache store, then one making for all who wait."""

from collections.abc import Awaitable, Callable, Set

from badge.cache.flight import Flight, Lease
from badge.cache.memory import MemoryCache
from badge.cache.moderator import Moderator
from badge.cache.redis import RedisCache
from badge.catalogue import RenderSpec
from badge.errors import BlueHeartError
from badge.render.picture import Picture
from badge.telemetry import Source

__all__ = ["Flight", "Lease", "MemoryCache", "Moderator", "RedisCache", "RenderCache", "Source", "cache_key"]


def cache_key(spec: RenderSpec, key: str) -> str:
    """Returns `<campaign>:<subject>:<key>`, so that all that shows one thing begins alike and can be purged.

    The campaign is empty where the picture belongs to none; the subject (`RenderSpec.subject`) is the same in
    every size, format, language, theme and count.
    """
    return f"{spec.campaign}:{spec.subject}:{key}"


Make = Callable[[], Awaitable[Picture]]
Admit = Callable[[], Awaitable[None]]


async def _everyone() -> None:
    """Admits."""


class _NotAdmitted(Exception):
    def __init__(self, reason: BlueHeartError) -> None:
        self.reason = reason


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
        self, key: str, make: Make, ttl_s: int, admit: Admit = _everyone
    ) -> tuple[Picture, Source]:
        """Returns the picture and where it came from; keeps a new one for `ttl_s` seconds in the store.

        `admit` is asked before a picture is made, and refuses by raising, which its own caller alone hears.
        What `make` raises is raised to every caller that waited for it.
        """
        if (picture := self._memory.get(key)) is not None:
            return picture, "memory"
        leads = key not in self._flight
        try:
            return await self._flight.once(key, lambda: self._find_or_make(key, make, ttl_s, admit))
        except _NotAdmitted as refused:
            if leads:
                raise refused.reason from None
        # Who led was refused, which says nothing of the others: each asks for itself, and one of them makes.
        await admit()
        return await self._flight.once(key, lambda: self._find_or_make(key, make, ttl_s, _everyone))

    def forget(self, prefix: str = "") -> None:
        """Drops from this worker's memory every picture whose key begins with `prefix`."""
        self._memory.forget(prefix)

    def drop(self, digests: Set[str]) -> None:
        """Drops from this worker's memory every picture that has one of these digests in its key."""
        self._memory.drop(digests)

    async def aclose(self) -> None:
        """Stops what is still being made."""
        await self._flight.aclose()

    async def _find_or_make(self, key: str, make: Make, ttl_s: int, admit: Admit) -> tuple[Picture, Source]:
        source: Source = "redis"
        picture = None if self._store is None else await self._store.get(key)
        if picture is None:
            try:
                await admit()
            except BlueHeartError as error:
                raise _NotAdmitted(error) from None
            picture, made = await self._make(key, make, ttl_s)
            source = "render" if made else "redis"
        self._memory.put(key, picture)
        return picture, source

    async def _make(self, key: str, make: Make, ttl_s: int) -> tuple[Picture, bool]:
        if self._lease is None:
            return await make(), True
        return await self._lease.find_or_make(key, make, ttl_s)
