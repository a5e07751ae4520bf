"""The two levels and the lease between processes, against a real cache store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.cache import Lease, MemoryCache, RedisCache, RenderCache
from badge.errors import TooManyRequests, Unavailable
from badge.render.picture import Picture
from badge.settings import Settings
from badge.store import EmbeddedStore, StoreError, Stores, open_stores

Full = Callable[[], Awaitable[None]]

PICTURE = Picture(b"<svg/>", "image/svg+xml", 10, 20, "Zoë wears the Blue Heart", ("𐎀",))


class Maker:
    """Makes a picture slowly and counts how often."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.calls = 0
        self._seconds = seconds

    async def __call__(self) -> Picture:
        self.calls += 1
        await asyncio.sleep(self._seconds)
        return PICTURE


@pytest.fixture
async def stores(settings: Settings) -> AsyncIterator[Stores]:
    stores = await open_stores("", "", settings.data_dir)
    yield stores
    await stores.aclose()


@pytest.fixture
async def dead_stores(tmp_path: Path) -> AsyncIterator[Stores]:
    """Stores at addresses where nobody listens."""
    stores = await open_stores(f"unix://{tmp_path}/d.sock", f"unix://{tmp_path}/c.sock", tmp_path)
    yield stores
    await stores.aclose()


def worker(stores: Stores) -> RenderCache:
    """What one worker process has: its own memory and flights, the same store as the others."""
    return RenderCache(MemoryCache(2**20), RedisCache(stores.blobs))


async def test_it_is_made_then_remembered_then_found_by_another_worker(stores: Stores) -> None:
    make, first, second = Maker(), worker(stores), worker(stores)
    assert await first.get_or_make("levels", make, 60) == (PICTURE, "render")
    assert await first.get_or_make("levels", make, 60) == (PICTURE, "memory")
    assert await second.get_or_make("levels", make, 60) == (PICTURE, "redis")
    assert await second.get_or_make("levels", make, 60) == (PICTURE, "memory")
    assert make.calls == 1


async def test_workers_that_ask_at_once_draw_once(stores: Stores) -> None:
    make = Maker(0.03)
    workers = [worker(stores) for _ in range(6)]
    answers = await asyncio.gather(*(w.get_or_make("together", make, 60) for w in workers for _ in range(5)))
    assert make.calls == 1
    assert {source for _, source in answers} == {"render", "redis"}


async def test_quick_pictures_are_drawn_once_too(stores: Stores) -> None:
    for turn in range(20):
        make = Maker()
        workers = [worker(stores) for _ in range(6)]
        await asyncio.gather(*(w.get_or_make(f"quick-{turn}", make, 60) for w in workers))
        assert make.calls == 1


async def test_a_killed_makers_place_is_taken(stores: Stores) -> None:
    store = RedisCache(stores.blobs)
    assert await store.acquire("killed", "a worker that died", 150)
    lease = Lease(store, ttl_ms=150, patience_s=3)
    made, was_made_here = await asyncio.wait_for(lease.find_or_make("killed", Maker(), 60), 1.0)
    assert (made, was_made_here) == (PICTURE, True)


async def test_nobody_waits_longer_than_patience(stores: Stores) -> None:
    store = RedisCache(stores.blobs)
    assert await store.acquire("stuck", "a worker that hangs", 30_000)
    lease = Lease(store, patience_s=0.1)
    _, was_made_here = await asyncio.wait_for(lease.find_or_make("stuck", Maker(), 60), 1.0)
    assert was_made_here
    assert await store.acquire("stuck", "another", 1000) is False


async def test_a_slow_maker_keeps_its_lease(stores: Stores) -> None:
    make, slow = Maker(), Maker(0.5)
    first, second = (Lease(RedisCache(stores.blobs), ttl_ms=150, patience_s=5) for _ in range(2))
    making = asyncio.create_task(first.find_or_make("slow", slow, 60))
    await asyncio.sleep(0.05)
    assert await second.find_or_make("slow", make, 60) == (PICTURE, False)
    assert await making == (PICTURE, True)
    assert (slow.calls, make.calls) == (1, 0)


async def test_a_failed_making_gives_the_lease_back(stores: Stores) -> None:
    async def fail() -> Picture:
        raise Unavailable("the queue is full")

    cache = worker(stores)
    with pytest.raises(Unavailable):
        await cache.get_or_make("failing", fail, 60)
    make = Maker()
    await asyncio.wait_for(worker(stores).get_or_make("failing", make, 60), 0.5)
    assert make.calls == 1


async def test_a_spoilt_entry_is_a_miss(stores: Stores) -> None:
    store = RedisCache(stores.blobs)
    await stores.blobs.put("picture:2:spoilt", PICTURE.pack()[:-3], 60)
    assert await store.get("spoilt") is None
    assert (await worker(stores).get_or_make("spoilt", Maker(), 60))[1] == "render"


async def test_a_dead_store_is_a_miss(dead_stores: Stores) -> None:
    cache = worker(dead_stores)
    assert await cache.get_or_make("a", Maker(), 60) == (PICTURE, "render")
    assert await cache.get_or_make("a", Maker(), 60) == (PICTURE, "memory")
    with pytest.raises(StoreError):
        await RedisCache(dead_stores.blobs).sweep("")


@pytest.fixture
async def full(settings: Settings) -> AsyncIterator[Full]:
    """Makes the cache store take nothing new, as one that evicts nothing when its memory is used up."""
    client = Redis.from_url(EmbeddedStore(settings.data_dir).endpoints.cache, protocol=2)
    before = await client.config_get("maxmemory*")

    async def fill() -> None:
        await client.config_set("maxmemory-policy", "noeviction")
        await client.config_set("maxmemory", 1)

    yield fill
    for name in ("maxmemory", "maxmemory-policy"):
        await client.config_set(name, before[name])
    await client.aclose()


async def test_a_full_store_refuses_and_still_finds_what_it_has(stores: Stores, full: Full) -> None:
    await worker(stores).get_or_make("before it was full", Maker(), 60)
    await full()
    store = RedisCache(stores.blobs)
    cache = RenderCache(MemoryCache(2**20), store)
    assert (await cache.get_or_make("when it was full", Maker(), 60))[1] == "render"
    assert (await cache.get_or_make("before it was full", Maker(), 60))[1] == "redis"


async def test_pictures_of_one_beginning_are_swept(stores: Stores) -> None:
    store = RedisCache(stores.blobs)
    for key in ("a*b:1", "a*b:2", "axb:1", "a[b]:1"):
        await store.put(key, PICTURE, 60)
    assert await store.sweep("a*b:") == 2
    assert await store.get("axb:1") == PICTURE
    assert await store.sweep("a[b]:") == 1
    assert await store.sweep("nothing") == 0


async def test_memory_forgets_what_begins_alike() -> None:
    memory = MemoryCache(2**20)
    for key in ("world:1", "world:2", "other:1"):
        memory.put(key, PICTURE)
    memory.forget("world:")
    assert (len(memory), memory.get("other:1")) == (1, PICTURE)
    memory.forget()
    assert (len(memory), memory.held_bytes) == (0, 0)


async def test_without_a_store_memory_is_enough() -> None:
    cache, make = RenderCache(MemoryCache(2**20), None), Maker(0.01)
    await asyncio.gather(*(cache.get_or_make("k", make, 60) for _ in range(10)))
    assert make.calls == 1


class Door:
    """Admits so many, and counts who asked."""

    def __init__(self, most: int) -> None:
        self.asked = 0
        self._most = most

    async def __call__(self) -> None:
        self.asked += 1
        asked = self.asked
        await asyncio.sleep(0)
        if asked > self._most:
            raise TooManyRequests("wait", retry_after_s=1)


async def test_only_what_has_to_be_made_is_asked_for_at_the_door(stores: Stores) -> None:
    door, make, first, second = Door(1), Maker(), worker(stores), worker(stores)
    for cache in (first, first, second, second):
        await cache.get_or_make("door", make, 60, door)
    assert (door.asked, make.calls) == (1, 1)


async def test_those_who_wait_for_one_making_are_counted_once(stores: Stores) -> None:
    door, make, cache = Door(1), Maker(0.02), worker(stores)
    await asyncio.gather(*(cache.get_or_make("crowd", make, 60, door) for _ in range(50)))
    assert (door.asked, make.calls) == (1, 1)


async def test_a_client_over_its_limit_refuses_nobody_else(stores: Stores) -> None:
    shut, door, make, cache = Door(0), Door(100), Maker(), worker(stores)
    answers = await asyncio.gather(
        *(cache.get_or_make("refused", make, 60, shut if n % 2 == 0 else door) for n in range(20)),
        return_exceptions=True,
    )
    assert [isinstance(answer, TooManyRequests) for answer in answers] == [True, False] * 10
    assert make.calls == 1
    assert shut.asked == 10
    assert await cache.get_or_make("refused", make, 60, shut) == (PICTURE, "memory")


async def test_a_full_queue_is_told_to_all_who_wait_and_asks_nobody_again(stores: Stores) -> None:
    async def full() -> Picture:
        raise Unavailable("the queue is full")

    door, cache = Door(100), worker(stores)
    answers = await asyncio.gather(
        *(cache.get_or_make("full", full, 60, door) for _ in range(5)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [Unavailable] * 5
    assert door.asked == 1
