"""What is acknowledged stays, and counts once, whatever is killed, hung, full or torn."""

import asyncio
import os
import random
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.errors import Unavailable
from badge.pledges import Acknowledged, Ledger
from badge.store import EmbeddedStore, StoreError, Stores, open_stores
from tests.writers import PLEDGE, until_counted


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores("", "", tmp_path)
    yield stores
    await stores.aclose()


def pid_of(folder: Path, role: str) -> int:
    pid = EmbeddedStore(folder).pid(role)
    assert pid is not None
    return pid


async def eventually(is_so: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def hung(pid: int) -> AsyncIterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_pledge_survives_kill_of_the_store(stores: Stores, tmp_path: Path) -> None:
    ledger, key = Ledger(stores.pledges), str(uuid.uuid4())
    first = await ledger.pledge(PLEDGE, key)
    os.kill(pid_of(tmp_path, "data"), signal.SIGKILL)
    again = await until_counted(ledger, PLEDGE, key)
    assert again.replayed
    assert (again.receipt, again.ordinal, again.total) == (first.receipt, 1, 1)
    assert (await until_counted(ledger, PLEDGE, str(uuid.uuid4()))).ordinal == 2


async def test_every_acknowledged_pledge_counts_once_after_five_kills_under_32_writers(
    stores: Stores, tmp_path: Path
) -> None:
    ledger = Ledger(stores.pledges)
    counted: dict[str, Acknowledged] = {}
    stop = asyncio.Event()

    async def writer() -> None:
        while not stop.is_set():
            key = str(uuid.uuid4())
            counted[key] = await until_counted(ledger, PLEDGE, key)

    writers = [asyncio.create_task(writer()) for _ in range(32)]
    for _ in range(5):
        await asyncio.sleep(random.uniform(0.1, 0.4))
        os.kill(pid_of(tmp_path, "data"), signal.SIGKILL)
        await asyncio.sleep(0.05)  # what was answered before the kill has arrived
        enough = len(counted) + 200
        await eventually(lambda enough=enough: len(counted) >= enough)
    stop.set()
    await asyncio.gather(*writers)

    tally = await stores.pledges.tally("world")
    assert (tally.pledged, tally.undone) == (len(counted), 0)
    assert {answer.ordinal for answer in counted.values()} == set(range(1, len(counted) + 1))
    for key in random.sample(sorted(counted), 200):
        found = await ledger.find(PLEDGE, key)
        assert found is not None
        assert found.receipt == counted[key].receipt


async def test_retry_at_the_same_instant_counts_once(stores: Stores, tmp_path: Path) -> None:
    other = await open_stores("", "", tmp_path)  # as another worker would
    ledgers, key = [Ledger(stores.pledges), Ledger(other.pledges)], str(uuid.uuid4())
    answers = await asyncio.gather(*(ledgers[n % 2].pledge(PLEDGE, key) for n in range(320)))
    await other.aclose()
    assert sum(not answer.replayed for answer in answers) == 1
    assert {(answer.receipt, answer.ordinal, answer.total) for answer in answers} == {
        (answers[0].receipt, 1, 1)
    }
    assert (await ledgers[0].count("world")).total == 1


async def test_a_hung_store_is_a_503_soon_and_the_pledge_counts_once_when_it_wakes(
    stores: Stores, tmp_path: Path
) -> None:
    ledger, key = Ledger(stores.pledges), str(uuid.uuid4())
    await ledger.pledge(PLEDGE, str(uuid.uuid4()))
    assert (await ledger.count("world")).total == 1
    await asyncio.sleep(1.05)  # until the count wants to be read again
    async with hung(pid_of(tmp_path, "data")):
        began = time.monotonic()
        pledging = asyncio.create_task(ledger.pledge(PLEDGE, key))
        count = await ledger.count("world")
        assert (count.total, count.stale) == (1, True)
        assert time.time() - count.as_of_s < 10
        assert time.monotonic() - began < 1.0
        with pytest.raises(Unavailable) as caught:
            await pledging
        assert caught.value.retry_after_s > 0
        assert time.monotonic() - began < 5.0
    await until_counted(ledger, PLEDGE, key)
    await asyncio.sleep(1.05)
    count = await ledger.count("world")
    assert (count.total, count.stale) == (2, False)


async def test_a_full_store_refuses_pledges_and_recovers_by_itself(stores: Stores, tmp_path: Path) -> None:
    ledger, key = Ledger(stores.pledges), str(uuid.uuid4())
    first = await ledger.pledge(PLEDGE, key)
    async with Redis.from_url(EmbeddedStore(tmp_path).endpoints.data, protocol=2) as raw:
        await raw.config_set("maxmemory", 1)
        with pytest.raises(Unavailable):
            await ledger.pledge(PLEDGE, str(uuid.uuid4()))
        found = await ledger.find(PLEDGE, key)
        assert found is not None
        assert found.receipt == first.receipt
        await raw.config_set("maxmemory", 0)
    assert (await ledger.pledge(PLEDGE, str(uuid.uuid4()))).ordinal == 2


async def test_a_torn_tail_of_the_log_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    stores = await open_stores("", "", tmp_path)
    ledger = Ledger(stores.pledges)
    keys = [str(uuid.uuid4()) for _ in range(50)]
    for key in keys:
        await ledger.pledge(PLEDGE, key)
    await stores.aclose()
    [log] = (tmp_path / "store" / "data" / "appendonlydir").glob("*.incr.aof")
    with log.open("ab") as tail:  # a transaction that was being written when the power went
        tail.write(
            b"*1\r\n$5\r\nMULTI\r\n*4\r\n$7\r\nHINCRBY\r\n$12\r\nbh:{world}:n\r\n$1\r\np\r\n$1\r\n1\r\n*3\r\n$"
        )
    stores = await open_stores("", "", tmp_path)
    ledger = Ledger(stores.pledges)
    assert (await ledger.count("world")).total == 50
    assert all([await ledger.find(PLEDGE, key) for key in keys])
    assert (await ledger.pledge(PLEDGE, str(uuid.uuid4()))).ordinal == 51
    await stores.aclose()


async def test_a_dead_cache_is_a_miss_within_50_ms_and_comes_back(stores: Stores, tmp_path: Path) -> None:
    await stores.blobs.put("picture", b"bytes", 60)
    os.kill(pid_of(tmp_path, "cache"), signal.SIGKILL)
    await misses_within_50_ms(stores)
    await recovers(stores)
    assert await stores.blobs.get("picture") is None


async def test_a_hung_cache_is_a_miss_within_50_ms_and_comes_back(stores: Stores, tmp_path: Path) -> None:
    await stores.blobs.put("picture", b"bytes", 60)
    async with hung(pid_of(tmp_path, "cache")):
        await misses_within_50_ms(stores)
        assert (await Ledger(stores.pledges).pledge(PLEDGE, str(uuid.uuid4()))).ordinal == 1
    await recovers(stores)


async def misses_within_50_ms(stores: Stores) -> None:
    for _ in range(5):
        began = time.monotonic()
        answers = await asyncio.gather(
            *(stores.blobs.get("picture") for _ in range(20)), return_exceptions=True
        )
        took_s = time.monotonic() - began
        assert all(isinstance(answer, StoreError) for answer in answers)
        assert took_s < 0.05 + 0.1  # and what a busy machine adds


async def recovers(stores: Stores) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                await stores.blobs.get("picture")
                return
            except StoreError:
                await asyncio.sleep(0.05)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    from badge.store.child import OPTIONS, server_binary

    socket = tmp_path / "own.sock"
    yield (
        f"unix://{socket}",
        [
            *(server_binary(), "--port", "0", "--save", "", "--dir", str(tmp_path)),
            *("--unixsocket", str(socket), *OPTIONS["data"]),
        ],
    )


async def test_a_store_that_comes_late_is_used_without_a_restart(
    own_server: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, command = own_server
    stores = await open_stores(url, url, tmp_path)
    ledger, key = Ledger(stores.pledges), str(uuid.uuid4())
    with pytest.raises(Unavailable):
        await ledger.pledge(PLEDGE, key)
    with pytest.raises(Unavailable):
        await ledger.count("world")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(10):
            assert (await until_counted(ledger, PLEDGE, key)).ordinal == 1
            await stores.ping()
        assert (await ledger.count("world")).total == 1
    finally:
        await stores.aclose()
        process.terminate()
        await process.wait()
