"""The hub of live totals, on a real store."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from badge.errors import TooManyRequests, Unavailable
from badge.pledges import Ledger, Pledge, Source
from badge.pledges.live import Listener, Live
from badge.store import Stores


@pytest.fixture
async def live(stores: Stores) -> AsyncIterator[Live]:
    live = Live(stores.live, stores.pledges.tally, most_per_address=3)
    running = asyncio.create_task(live.run())
    yield live
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def slug() -> str:
    return f"c-{uuid.uuid4().hex[:12]}"


async def total_of(listener: Listener, total: int) -> None:
    async with asyncio.timeout(5):
        while listener.latest is None or listener.latest.total != total:
            await listener.wait()


async def test_who_listens_hears_each_campaign_alone(live: Live, stores: Stores, slug: str) -> None:
    ledger = Ledger(stores.pledges)
    async with live.listen(slug, "a") as one, live.listen(slug + "-x", "a") as other:
        await total_of(one, 0)
        await total_of(other, 0)
        done = await ledger.pledge(Pledge(slug, Source.API), str(uuid.uuid4()))
        await total_of(one, 1)
        await ledger.withdraw(done.receipt)
        await total_of(one, 0)
        assert one.latest is not None
        assert one.latest.sequence == 2
        assert other.latest is not None
        assert other.latest.sequence == 0


async def test_of_a_burst_a_listener_is_woken_seldom_and_ends_at_the_latest(
    live: Live, stores: Stores, slug: str
) -> None:
    ledger = Ledger(stores.pledges)
    async with live.listen(slug, "a") as listener:
        await total_of(listener, 0)
        woken = 0

        async def count() -> None:
            nonlocal woken
            while listener.latest is None or listener.latest.total < 400:
                await listener.wait()
                woken += 1

        counting = asyncio.create_task(count())
        acts = (ledger.pledge(Pledge(slug, Source.API), str(uuid.uuid4())) for _ in range(400))
        await asyncio.gather(*acts)
        async with asyncio.timeout(5):
            await counting
        assert woken < 100


async def test_what_was_pledged_before_the_first_listener_is_known_at_once(
    live: Live, stores: Stores, slug: str
) -> None:
    await Ledger(stores.pledges).pledge(Pledge(slug, Source.API), str(uuid.uuid4()))
    async with live.listen(slug, "a") as listener:
        await total_of(listener, 1)


async def test_an_address_may_listen_so_often_and_all_leave_at_the_end(live: Live, slug: str) -> None:
    async with live.listen(slug, "a"), live.listen(slug, "a"), live.listen(slug, "a") as last:
        with pytest.raises(TooManyRequests):
            async with live.listen(slug, "a"):
                pass
        async with live.listen(slug, "b"):
            assert live.listeners == 4
        live.close()
        await last.wait()
        assert last.is_over
        with pytest.raises(Unavailable):
            async with live.listen(slug, "c"):
                pass
    assert live.listeners == 0
