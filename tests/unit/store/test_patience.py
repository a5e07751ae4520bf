"""What counts as a slow store, and what as a busy process of our own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from badge.store import Stores
from badge.store.patience import answers


@asynccontextmanager
async def busy(piece_s: float) -> AsyncIterator[None]:
    """Keeps the loop at work, a piece a turn, as thousands of requests do."""
    is_over = False

    def work() -> None:
        if not is_over:
            time.sleep(piece_s)
            asyncio.get_running_loop().call_soon(work)

    work()
    yield
    is_over = True


@pytest.mark.parametrize("piece_s", [0.004, 0.02, 0.06])
async def test_a_store_is_not_slow_because_our_own_loop_is_busy(stores: Stores, piece_s: float) -> None:
    async with busy(piece_s):
        await stores.blobs.put("busy", b"heart", 60)
        assert await stores.blobs.get("busy") == b"heart"


async def test_who_never_answers_is_given_up_once_the_time_is_over() -> None:
    loop = asyncio.get_running_loop()
    reply, began = loop.create_future(), loop.time()
    assert not await answers(reply, 0.05)
    assert loop.time() - began >= 0.045
    assert not reply.cancelled()


async def test_who_never_answers_is_given_up_on_a_busy_loop_too() -> None:
    async with busy(0.01):
        assert not await asyncio.wait_for(answers(asyncio.get_running_loop().create_future(), 0.05), 10)


async def test_an_error_is_an_answer() -> None:
    reply = asyncio.get_running_loop().create_future()
    reply.set_exception(ValueError("no"))
    assert await answers(reply, 0.05)
    assert isinstance(reply.exception(), ValueError)
