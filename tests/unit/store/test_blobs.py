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


async def test_a_bucket_is_emptied_refills_and_then_is_nowhere(stores: Stores, endpoints: Endpoints) -> None:
    took = [await stores.blobs.take("bucket", 3, 900) for _ in range(4)]
    assert [admits for admits, _ in took] == [True, True, True, False]
    assert 0 < took[3][1] <= 300
    await asyncio.sleep(0.35)
    assert (await stores.blobs.take("bucket", 3, 900))[0]
    await asyncio.sleep(1.0)
    async with Redis.from_url(endpoints.cache, protocol=2) as cache:
        assert not await cache.exists("bh:cache:bucket")


async def test_a_bucket_of_a_very_high_rate_is_still_one(stores: Stores) -> None:
    took = [await stores.blobs.take("fast", 999_999, 1000) for _ in range(200)]
    assert all(admits and 0 < wait_ms <= 1000 for admits, wait_ms in took)


async def test_what_is_no_bucket_counts_as_a_full_one(stores: Stores) -> None:
    await stores.blobs.put("strange", b"words", 60)
    assert (await stores.blobs.take("strange", 2, 1000))[0]


async def test_many_callers_at_once_each_get_their_own_value(endpoints: Endpoints) -> None:
    lane = Lane(Redis.from_url(endpoints.cache, protocol=2))
    blobs = BlobStore(lane, timeout_s=5)
    names = [f"blob-{n}" for n in range(300)]
    await asyncio.gather(*(blobs.put(name, name.encode(), 60) for name in names))
    assert await asyncio.gather(*map(blobs.get, names)) == [name.encode() for name in names]
    await lane.aclose()
