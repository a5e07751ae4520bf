import asyncio

import pytest

from badge.cache import Flight


async def test_many_who_ask_at_once_share_one_making() -> None:
    flight: Flight[int] = Flight()
    calls = 0

    async def make() -> int:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.01)
        return calls

    assert await asyncio.gather(*(flight.once("k", make) for _ in range(50))) == [1] * 50
    assert await flight.once("k", make) == 2
    assert len(flight) == 0


async def test_other_keys_are_made_beside() -> None:
    flight: Flight[str] = Flight()

    async def make() -> str:
        await asyncio.sleep(0.01)
        return "made"

    await asyncio.gather(flight.once("a", make), flight.once("b", make))


async def test_an_error_reaches_all_and_is_forgotten() -> None:
    flight: Flight[int] = Flight()

    async def fail() -> int:
        await asyncio.sleep(0.01)
        raise ValueError("no")

    async def succeed() -> int:
        return 1

    results = await asyncio.gather(*(flight.once("k", fail) for _ in range(5)), return_exceptions=True)
    assert [type(r) for r in results] == [ValueError] * 5
    assert await flight.once("k", succeed) == 1


async def test_who_leaves_does_not_stop_the_making() -> None:
    flight: Flight[int] = Flight()
    done = asyncio.Event()

    async def make() -> int:
        await asyncio.sleep(0.02)
        done.set()
        return 7

    first = asyncio.create_task(flight.once("k", make))
    await asyncio.sleep(0.001)
    second = asyncio.create_task(flight.once("k", make))
    await asyncio.sleep(0.001)
    first.cancel()
    assert await second == 7
    with pytest.raises(asyncio.CancelledError):
        await first
    assert done.is_set()


async def test_closing_stops_what_is_being_made() -> None:
    flight: Flight[int] = Flight()

    async def make() -> int:
        await asyncio.sleep(60)
        return 1

    waiting = asyncio.create_task(flight.once("k", make))
    await asyncio.sleep(0.001)
    await flight.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
