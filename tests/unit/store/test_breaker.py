import pytest
from redis.asyncio import Redis

from badge.store import Endpoints, Lane, StoreError
from badge.store.breaker import Breaker
from badge.telemetry import Cell


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_store_that_is_silent_is_left_alone_for_a_while(unused_tcp_port: int) -> None:
    errors, clock = Cell(), Clock()
    lane = Lane(Redis(port=unused_tcp_port, protocol=2))
    breaker = Breaker(lane, errors, pause_s=1.0, clock=clock)
    with pytest.raises(StoreError, match=r"within 0\.1 s"):
        await breaker.call("PING", timeout_s=0.1)
    for _ in range(5):
        with pytest.raises(StoreError, match="a moment ago"):
            await breaker.call("PING", timeout_s=0.1)
    assert errors.value == 1
    clock.now += 1.1
    with pytest.raises(StoreError, match=r"within 0\.1 s"):
        await breaker.each("PING", timeout_s=0.1)
    assert errors.value == 2
    await breaker.aclose()


async def test_what_a_store_refuses_is_counted_and_the_next_is_sent(endpoints: Endpoints) -> None:
    errors = Cell()
    breaker = Breaker(Lane(Redis.from_url(endpoints.cache, protocol=2)), errors, pause_s=60)
    await breaker.call("SET", "word", "heart", timeout_s=2)
    with pytest.raises(StoreError, match="integer"):
        await breaker.call("INCR", "word", timeout_s=2)
    assert await breaker.call("GET", "word", timeout_s=2) == b"heart"
    assert errors.value == 1
    await breaker.aclose()
