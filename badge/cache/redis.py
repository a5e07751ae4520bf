"""The second cache: pictures in the cache store, shared by all workers; its every failure is only a miss."""

import time
from collections.abc import Callable

from badge.render.picture import Picture
from badge.store import BlobStore, StoreError

# A store that just failed is left alone this long: a dead one costs one timeout a second, not one a request.
_PAUSE_S = 1.0


class RedisCache:
    """Packed pictures and short leases in a BlobStore; counts its failures and never raises them."""

    def __init__(self, blobs: BlobStore, clock: Callable[[], float] = time.monotonic) -> None:
        self.failures = 0
        self._blobs = blobs
        self._clock = clock
        self._resume_at = 0.0

    @property
    def is_paused(self) -> bool:
        """Tells whether the store failed less than a second ago."""
        return self._clock() < self._resume_at

    async def get(self, key: str) -> Picture | None:
        """Returns the picture of this key, or None where there is none or the store cannot say."""
        if self.is_paused:
            return None
        try:
            data = await self._blobs.get(f"picture:{key}")
            return None if data is None else Picture.unpack(data)
        except StoreError:
            self._pause()
        except ValueError:
            self.failures += 1
        return None

    async def put(self, key: str, picture: Picture, ttl_s: int) -> None:
        """Keeps a picture for `ttl_s` seconds, if the store can."""
        if self.is_paused:
            return
        try:
            await self._blobs.put(f"picture:{key}", picture.pack(), ttl_s)
        except StoreError:
            self._pause()

    async def acquire(self, key: str, token: str, ttl_ms: int) -> bool | None:
        """Takes the lease on making this key's picture; None where the store cannot say."""
        if self.is_paused:
            return None
        try:
            return await self._blobs.acquire(f"making:{key}", token, ttl_ms)
        except StoreError:
            self._pause()
            return None

    async def release(self, key: str, token: str) -> None:
        """Gives the lease back, if it is still ours; else it runs out by itself."""
        if self.is_paused:
            return
        try:
            await self._blobs.release(f"making:{key}", token)
        except StoreError:
            self._pause()

    def _pause(self) -> None:
        self.failures += 1
        self._resume_at = self._clock() + _PAUSE_S
