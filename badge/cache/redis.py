"""The second cache: pictures in the cache store, shared by all workers; its every failure is only a miss."""

import contextlib

from badge.render.picture import FORMAT_VERSION, Picture
from badge.store import BlobStore, StoreError


class RedisCache:
    """Packed pictures and short leases in a BlobStore, which counts its failures; none is raised here."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def get(self, key: str) -> Picture | None:
        """Returns the picture of this key, or None where there is none or the store cannot say."""
        with contextlib.suppress(StoreError, ValueError):  # ValueError: the bytes there are no picture
            data = await self._blobs.get(_name(key))
            return None if data is None else Picture.unpack(data)
        return None

    async def put(self, key: str, picture: Picture, ttl_s: int) -> None:
        """Keeps a picture for `ttl_s` seconds, if the store can."""
        with contextlib.suppress(StoreError):
            await self._blobs.put(_name(key), picture.pack(), ttl_s)

    async def acquire(self, key: str, token: str, ttl_ms: int) -> bool | None:
        """Takes the lease on making this key's picture; None where the store cannot say."""
        with contextlib.suppress(StoreError):
            return await self._blobs.acquire(f"making:{key}", token, ttl_ms)
        return None

    async def renew(self, key: str, token: str, ttl_ms: int) -> None:
        """Keeps the lease for longer, if it is still ours."""
        with contextlib.suppress(StoreError):
            await self._blobs.renew(f"making:{key}", token, ttl_ms)

    async def release(self, key: str, token: str) -> None:
        """Gives the lease back, if it is still ours; else it runs out by itself."""
        with contextlib.suppress(StoreError):
            await self._blobs.release(f"making:{key}", token)

    async def sweep(self, prefix: str) -> int:
        """Deletes every picture whose key begins with `prefix`, for an operator; raises StoreError."""
        return await self._blobs.sweep(_name(prefix))

    async def drop(self, digest: str) -> int:
        """Deletes every picture whose key has this digest after its campaign; raises StoreError."""
        return await self._blobs.sweep(_name(""), f":{digest}")


def _name(key: str) -> str:
    # With the version, so that old and new replicas never read what the others packed.
    return f"picture:{FORMAT_VERSION}:{key}"
