"""Single flight: of many that want the same value at once, one makes it and the others wait for that."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Generic, TypeVar

from badge.cache.redis import RedisCache
from badge.render.picture import Picture

T = TypeVar("T")

_FIRST_WAIT_S = 0.004
_LONGEST_WAIT_S = 0.1


class Flight(Generic[T]):
    """The values being made in this process, by key."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[T]] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, key: str) -> bool:
        return key in self._tasks

    async def once(self, key: str, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Returns what `make` returns, called once for all who ask while it runs; its error reaches them all.

        A caller that is cancelled leaves; the making goes on for the others, and for the cache.
        """
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.create_task(make())
            task.add_done_callback(partial(self._land, key))
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Cancels what is still being made and waits until it has stopped."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _land(self, key: str, task: asyncio.Task[T]) -> None:
        self._tasks.pop(key, None)
        if not task.cancelled():
            task.exception()  # Seen here, so that asyncio does not warn when every caller has left.


class Lease:
    """The right to make one key's picture, agreed between processes through the cache store.

    The maker renews its lease, which runs out after `ttl_ms`, so a killed one is replaced; nobody waits
    longer than `patience_s`: then the picture is made twice, which is slow but never wrong.
    """

    def __init__(self, store: RedisCache, ttl_ms: int = 3000, patience_s: float = 8.0) -> None:
        self._store = store
        self._ttl_ms = ttl_ms
        self._patience_s = patience_s

    async def find_or_make(
        self, key: str, make: Callable[[], Awaitable[Picture]], ttl_s: int
    ) -> tuple[Picture, bool]:
        """Returns the picture and whether it was made here (and then stored for `ttl_s` seconds)."""
        token = secrets.token_hex(16)
        is_ours, found = await self._wait(key, token)
        if found is not None:
            return found, False
        renewing = asyncio.create_task(self._renew(key, token)) if is_ours else None
        try:
            picture = await make()
            await self._store.put(key, picture, ttl_s)
        finally:
            if renewing is not None:
                renewing.cancel()
                await self._store.release(key, token)
        return picture, True

    async def _renew(self, key: str, token: str) -> None:
        while True:
            await asyncio.sleep(self._ttl_ms / 3000)
            await self._store.renew(key, token, self._ttl_ms)

    async def _wait(self, key: str, token: str) -> tuple[bool, Picture | None]:
        """Waits for the lease or for somebody else's picture."""
        clock = asyncio.get_running_loop().time
        give_up_at = clock() + self._patience_s
        wait_s = _FIRST_WAIT_S
        while True:
            is_ours = await self._store.acquire(key, token, self._ttl_ms)
            # Looked for also when the lease is ours: its last holder may have just finished.
            found = await self._store.get(key)
            if found is not None and is_ours:
                await self._store.release(key, token)
            if found is not None or is_ours is not False or clock() >= give_up_at:
                return bool(is_ours), found
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
