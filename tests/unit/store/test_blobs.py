import asyncio

from redis.asyncio import Redis

from badge.store import BlobStore, Endpoints, Lane, Stores


async def test_bytes_come_back_until_their_time_is_over(stores: Stores) -> None:
    await stores.blobs.put("picture", b"\x89PNG\x00\xff", 1)
    assert await stores.blobs.get("picture") == b"\x89PNG\x00\xff"
    await asyncio.sleep(1.1)
    assert await stores.blobs.get("picture") is None


async def test_only_the_holder_of_a_key_gives_it_back(stores: Stores) -> None:
    assert await stores.blobs.acquire("flight", "mine", 5000)
    assert not await stores.blobs.acquire("flight", "other", 5000)
    await stores.blobs.release("flight", "other")
    assert not await stores.blobs.acquire("flight", "other", 5000)
    await stores.blobs.release("flight", "mine")
    assert await stores.blobs.acquire("flight", "other", 5000)


async def test_a_counter_counts_and_ends(stores: Stores) -> None:
    assert [await stores.blobs.bump("window", 1) for _ in range(3)] == [1, 2, 3]
    await asyncio.sleep(1.1)
    assert await stores.blobs.bump("window", 1) == 1


async def test_many_callers_at_once_each_get_their_own_value(endpoints: Endpoints) -> None:
    lane = Lane(Redis.from_url(endpoints.cache, protocol=2))
    blobs = BlobStore(lane, timeout_s=5)
    names = [f"blob-{n}" for n in range(300)]
    await asyncio.gather(*(blobs.put(name, name.encode(), 60) for name in names))
    assert await asyncio.gather(*map(blobs.get, names)) == [name.encode() for name in names]
    await lane.aclose()
