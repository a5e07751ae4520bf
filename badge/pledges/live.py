"""Live totals: one hub a process holds the latest moment of each campaign and wakes all who listen to it."""

import asyncio
import contextlib
import hashlib
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from badge.errors import TooManyRequests, Unavailable
from badge.store.entry import Tally
from badge.store.lane import StoreError
from badge.store.live import LiveFeed

BEAT_S = 10.0
_CALM_S = 0.1
_MOST = 20_000
_READ_S = 2.0

Read = Callable[[str, float], Awaitable[Tally]]


@dataclass(frozen=True, slots=True)
class Moment:
    """A campaign at one moment: the length of its log, which only grows, and the pledges that stood."""

    sequence: int
    total: int


class Listener:
    """One who listens to a campaign, and is woken for each change and for each beat."""

    __slots__ = ("_is_woken", "_topic", "_waiter", "is_over")

    def __init__(self, topic: "_Topic") -> None:
        self._topic = topic
        self._is_woken = False
        # Not an asyncio.Event: its queue of waiters is the largest part of a listener.
        self._waiter: asyncio.Future[None] | None = None
        self.is_over = False

    @property
    def latest(self) -> Moment | None:
        """Returns the latest moment known; a slow listener never sees those in between."""
        return self._topic.latest

    def wake(self) -> None:
        """Ends one wait."""
        self._is_woken = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def leave(self) -> None:
        """Ends the listening."""
        self.is_over = True
        self.wake()

    async def wait(self) -> None:
        """Waits until something changed, the heart beat, or it is over."""
        if not self._is_woken:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
            self._waiter = None
        self._is_woken = False


@dataclass(slots=True)
class _Topic:
    latest: Moment | None = None
    listeners: set[Listener] = field(default_factory=set)
    calm_at: float = 0.0
    is_waking: bool = False


class Live:
    """Lets many listen to a campaign's total over one connection to the store.

    A change wakes everyone at once; of a burst, the first and then the latest ten times a second.
    """

    def __init__(self, feed: LiveFeed, read: Read, most_per_address: int) -> None:
        self._feed = feed
        self._read = read
        self._most_per_address = most_per_address
        self._addresses: Counter[str] = Counter()  # by their digest, under a salt of this process alone
        self._salt = secrets.token_bytes(16)
        self._topics: dict[str, _Topic] = {}
        self._reading: set[asyncio.Task[None]] = set()
        self._is_closing = False

    @property
    def listeners(self) -> int:
        """Returns how many listen now."""
        return self._addresses.total()

    async def run(self) -> None:
        """Hears the store and beats, until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._feed.run(self._heard, self._joined))
            tasks.create_task(self._beat())

    def close(self) -> None:
        """Has every listener leave, and admits no other: the process is about to end."""
        self._is_closing = True
        for topic in self._topics.values():
            for listener in topic.listeners:
                listener.leave()

    @contextlib.asynccontextmanager
    async def listen(self, slug: str, address: str) -> AsyncIterator[Listener]:
        """Listens to a campaign; raises TooManyRequests for one address, Unavailable for all together."""
        address = hashlib.blake2b(address.encode(), key=self._salt, digest_size=8).hexdigest()
        if self._is_closing or self.listeners >= _MOST:
            raise Unavailable("This server takes no more listeners now; ask again.", retry_after_s=5)
        if self._most_per_address and self._addresses[address] >= self._most_per_address:
            raise TooManyRequests(
                f"Your address has {self._most_per_address} streams open; close one, or ask for /count.",
                retry_after_s=30,
            )
        topic = self._topics.setdefault(slug, _Topic())
        listener = Listener(topic)
        topic.listeners.add(listener)
        self._addresses[address] += 1
        try:
            if len(topic.listeners) == 1:
                await self._feed.follow(slug)
            if topic.latest is None:
                self._joined(slug)
            yield listener
        finally:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]
            topic.listeners.discard(listener)
            if not topic.listeners and self._topics.get(slug) is topic:
                del self._topics[slug]
                await self._feed.unfollow(slug)

    def _heard(self, slug: str, length: int, total: int) -> None:
        topic = self._topics.get(slug)
        if topic is None or (topic.latest and topic.latest.sequence >= length):
            return
        topic.latest = Moment(length, total)
        if topic.is_waking:
            return
        topic.is_waking = True
        loop = asyncio.get_running_loop()
        loop.call_at(max(loop.time(), topic.calm_at), self._wake, topic)

    def _wake(self, topic: _Topic) -> None:
        topic.is_waking = False
        topic.calm_at = time.monotonic() + _CALM_S
        for listener in topic.listeners:
            listener.wake()

    def _joined(self, slug: str) -> None:
        task = asyncio.create_task(self._catch_up(slug))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _catch_up(self, slug: str) -> None:
        with contextlib.suppress(StoreError):  # read again when the store is back and the feed has joined
            tally = await self._read(slug, _READ_S)
            self._heard(slug, tally.length, tally.total)
            # An empty log has length 0, which is a moment too.
            topic = self._topics.get(slug)
            if topic is not None and topic.latest is None:
                topic.latest = Moment(tally.length, tally.total)
                self._wake(topic)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            for topic in list(self._topics.values()):
                for listener in list(topic.listeners):
                    listener.wake()
