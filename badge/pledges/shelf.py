"""What is read often and changes seldom: kept a moment for each campaign, and while the store is away."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from badge.errors import Unavailable
from badge.store.lane import StoreError

_PATIENCE_S = 0.25
_MOST_CAMPAIGNS = 4096

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Known(Generic[Value]):
    """A value and when it was read (Unix time); stale where the store could not be asked since."""

    value: Value
    as_of_s: int
    stale: bool
    fresh_until: float


class Shelf(Generic[Value]):
    """Keeps one value a campaign; reads it again after `fresh_s`, once for all who ask meanwhile."""

    def __init__(self, read: Callable[[str, float], Awaitable[Value]], fresh_s: float = 1.0) -> None:
        self._read = read
        self._fresh_s = fresh_s
        self._known: dict[str, Known[Value]] = {}
        self._reading: dict[str, asyncio.Task[Known[Value]]] = {}

    def peek(self, slug: str) -> Known[Value] | None:
        """Returns what is known, however old."""
        return self._known.get(slug)

    def put(self, slug: str, known: Known[Value]) -> None:
        """Keeps a value that came another way."""
        self._known[slug] = known
        if len(self._known) > _MOST_CAMPAIGNS:
            del self._known[next(iter(self._known))]

    def forget(self, slug: str) -> None:
        """Has the value read again."""
        self._known.pop(slug, None)

    async def get(self, slug: str) -> Known[Value]:
        """Returns the value, at most `fresh_s` old unless stale; raises Unavailable where none is known."""
        known = self._known.get(slug)
        if known is not None and time.monotonic() < known.fresh_until:
            return known
        task = self._reading.get(slug)
        if task is None:
            task = self._reading[slug] = asyncio.create_task(self._refresh(slug))
            task.add_done_callback(lambda done: self._landed(slug, done))
        return await asyncio.shield(task)

    async def _refresh(self, slug: str) -> Known[Value]:
        before = self._known.get(slug)
        try:
            value = await self._read(slug, _PATIENCE_S)
        except StoreError as error:
            last = self._known.get(slug)
            if last is None:
                raise Unavailable(
                    "The campaign cannot be read now, and nothing of it is known yet."
                ) from error
            known = replace(last, stale=True, fresh_until=time.monotonic() + self._fresh_s)
        else:
            learnt = self._known.get(slug)
            if learnt is not None and learnt is not before:
                return learnt  # newer than what this read saw
            known = Known(value, int(time.time()), stale=False, fresh_until=time.monotonic() + self._fresh_s)
        self.put(slug, known)
        return known

    def _landed(self, slug: str, task: "asyncio.Task[Known[Value]]") -> None:
        del self._reading[slug]
        if not task.cancelled():
            task.exception()  # those who asked may all be gone
