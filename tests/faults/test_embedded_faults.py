"""Our own stores under the running service: a full disk, a cold start of four workers, killed children."""

import asyncio
import os
import resource
import signal
import uuid
from collections.abc import Callable

import httpx

from badge.pledges import Ledger
from badge.store import open_stores
from tests.conftest import Pledging, Served, processes
from tests.writers import PLEDGE

CHEAP = {"pledge_cost": "1", "pledge_attempts": "1", "pledge_limit": "off"}


def limit_files(served: Served, max_bytes: int) -> None:
    """Lets no file of the service or its pledge store grow over a size, as a full disk would."""
    for pid in (served.process.pid, *served.workers(), served.store.pid("data")):
        if pid is not None:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (max_bytes, resource.RLIM_INFINITY))


async def draws(client: httpx.AsyncClient) -> None:
    answer = await client.get("/badge/wear.png", params={"name": uuid.uuid4().hex[:12]})
    assert answer.status_code == 200


async def test_a_full_disk_stops_no_picture_and_pledges_go_on_when_there_is_room(
    serve: Callable[..., Served], pledging: Pledging
) -> None:
    served = serve(**CHEAP).wait_ready()
    stores = await open_stores("", "", served.data_dir)
    ledger = Ledger(stores.pledges)
    # So many that no other file is as long as their log.
    await asyncio.gather(*(ledger.pledge(PLEDGE, str(uuid.uuid4())) for _ in range(300)))
    await stores.aclose()
    [log] = (served.data_dir / "store" / "data" / "appendonlydir").glob("*.incr.aof")
    counted = refused = 0
    async with httpx.AsyncClient(base_url=served.url, timeout=10) as client:
        limit_files(served, log.stat().st_size + 4000)
        while refused < 3:
            challenge = await client.get("/api/v1/challenge", params={"campaign": "world"})
            if challenge.status_code == 200:
                answer = await pledging.pledge(client, solution=pledging.solve(challenge.json()))
                assert answer.status_code in (201, 503), answer.text
                counted += answer.status_code == 201
                refused += answer.status_code == 503
            await draws(client)
        limit_files(served, resource.RLIM_INFINITY)
        served.until(served.is_ready)
        last = await pledging.pledge(client)
        assert last.status_code == 201
        assert last.json()["ordinal"] == last.json()["total"] == 300 + counted + 1
    assert "embedded store: data had ended" in served.said()
    assert served.stop() == 0


async def test_four_workers_that_start_cold_share_one_store_of_each_kind_and_bring_each_back_once(
    serve: Callable[..., Served],
) -> None:
    served = serve("--workers", "4", **CHEAP).wait_ready()
    served.until(lambda: len(served.workers()) == 4)
    async with httpx.AsyncClient(base_url=served.url, timeout=10) as client:
        for role in ("data", "cache"):
            [pid] = servers(served, role)
            os.kill(pid, signal.SIGKILL)
            await draws(client)
            served.until(lambda role=role, pid=pid: served.store.pid(role) not in (None, pid))
            await draws(client)
            await asyncio.sleep(0.7)  # until every worker has looked
            assert servers(served, role) == [served.store.pid(role)]
        served.until(served.is_ready)
    assert served.stop() == 0
    assert served.leftovers() == []


def servers(served: Served, role: str) -> list[int]:
    """Every living server of a role, by its socket in its title."""
    return [pid for pid, _, line in processes() if f"{served.data_dir}/store/{role}.sock" in line]
