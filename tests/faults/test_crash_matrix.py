"""64 supporters at once while the store is killed, the service is killed, and the power is cut.

Three of each by default; CRASHES=20 makes twenty, which takes minutes.
"""

import asyncio
import os
import random
import shutil
import signal
import struct
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from badge.errors import Unavailable
from badge.pledges import Auditor, Ledger
from badge.store import Stores, open_stores
from badge.store.child import OPTIONS, server_binary
from badge.store.tail import mend_tail
from tests.topologies import CACHE, Server
from tests.writers import PLEDGE, Writers, until_counted

CRASHES = int(os.environ.get("CRASHES", "3"))
WRITERS = 64
BINARIES = [server_binary(), *filter(None, [shutil.which("redis-server")])]


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that notes what fdatasync had covered (synced.c)."""
    source, library = Path(__file__).with_name("synced.c"), tmp_path_factory.mktemp("shim") / "synced.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", str(library), str(source), "-ldl"], check=True
    )
    return library


class Store(Server):
    """A pledge store whose power can be cut: what fdatasync had not covered by then is gone."""

    def __init__(self, folder: Path, binary: str, shim: Path, *options: str) -> None:
        super().__init__(folder, "--save", "", *OPTIONS["data"], *options, binary=binary)
        self._synced = folder / "synced"
        self._synced.mkdir()
        self._env = {"LD_PRELOAD": str(shim), "SYNCED": str(self._synced)}

    def start(self, *options: str) -> "Store":
        mend_tail(self.folder)  # as our own stores do before they start
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self._env.items():
                patch.setenv(name, value)
            super().start(*options)
        return self

    @contextmanager
    def on_a_slow_disk(self, sync_ms: int) -> Iterator[None]:
        """Has each sync take so much longer."""
        slow = self._synced / "slow_ms"
        slow.write_text(str(sync_ms))
        try:
            yield
        finally:
            slow.unlink()

    def cut(self, *, all_that_may: bool = False) -> int:
        """Cuts the power and returns how many bytes were lost with it: some of what may be, or all of it."""
        self.kill()
        lost = 0
        for file in (self.folder / "appendonlydir").glob("*.aof"):
            note = self._synced / str(file.stat().st_ino)
            [synced] = struct.unpack("Q", note.read_bytes()) if note.exists() else [0]
            size = file.stat().st_size
            # Of what was not synced any part may have reached the disk, or none.
            keep = synced if all_that_may else random.choice((synced, random.randint(synced, size)))
            lost += size - keep
            os.truncate(file, keep)
        return lost


@pytest.fixture(params=BINARIES, ids=lambda path: Path(path).name)
def store(request: pytest.FixtureRequest, tmp_path: Path, shim: Path) -> Iterator[Store]:
    store = Store(tmp_path / "data", request.param, shim).start()
    yield store
    store.kill()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    cache = Server(tmp_path_factory.mktemp("cache"), "--save", "", *CACHE).start()
    yield cache
    cache.kill()


@asynccontextmanager
async def opened(store: Server, cache: Server) -> AsyncIterator[Stores]:
    stores = await open_stores(store.url, cache.url, Path())
    yield stores
    await stores.aclose()


async def agrees(stores: Stores) -> None:
    finding = await Auditor(stores.pledges, stores.log, stores.audit).audit("world")
    assert finding.differences == ()


@pytest.mark.parametrize("how", ["kill", "cut"])
async def test_no_acknowledged_pledge_is_lost_or_counted_twice_when_the_store_dies(
    store: Store, cache: Server, how: str
) -> None:
    async with opened(store, cache) as stores:
        writers = Writers(stores)
        async with writers.writing(WRITERS):
            for _ in range(CRASHES):
                await writers.more(random.randint(100, 400))
                if how == "kill":
                    store.kill()
                else:
                    store.cut()
                await asyncio.to_thread(store.start)
                await writers.more(1)
                await agrees(stores)
        await writers.check(stores)
        await agrees(stores)
        print(f"\n{how} × {CRASHES}: {len(writers.counted)} acknowledged, 0 lost, 0 twice")


async def test_the_cut_is_a_cut_it_loses_pledges_where_fsync_does_not_come_first(
    tmp_path: Path, shim: Path, cache: Server
) -> None:
    """A harness that cannot lose anything would prove nothing."""
    store = Store(tmp_path / "data", server_binary(), shim, "--appendfsync", "everysec").start()
    try:
        async with opened(store, cache) as stores:
            writers = Writers(stores)
            async with writers.writing(WRITERS):
                await writers.more(1500)
                acknowledged = len(writers.counted)
                lost_bytes = store.cut(all_that_may=True)
                await asyncio.to_thread(store.start)
                tally = await stores.pledges.tally("world")
            assert lost_bytes > 0
            assert tally.pledged < acknowledged
    finally:
        store.kill()


async def test_no_acknowledged_pledge_is_lost_or_counted_twice_when_the_service_dies(
    serve: Any, pledging: Any
) -> None:
    """Killed alternately: one worker, and the service with all its workers at once (its stores live on)."""
    options = {"pledge_cost": "1", "pledge_attempts": "1", "pledge_limit": "off", "workers": "2"}
    served = serve(**options).wait_ready()
    counted: dict[str, dict[str, Any]] = {}
    stop = asyncio.Event()

    async def supporter(client: httpx.AsyncClient) -> None:
        while not stop.is_set():
            key, solution = str(uuid.uuid4()), None
            while key not in counted:
                try:
                    solution = solution or await pledging.solution(client)
                    answer = await pledging.pledge(client, key, solution=solution, country="BE")
                except (httpx.HTTPError, AssertionError):
                    await asyncio.sleep(0.05)
                    continue
                if answer.status_code == 201:
                    counted[key] = answer.json()
                elif answer.status_code != 503:
                    raise AssertionError(answer.text)

    async def more(count: int) -> None:
        wanted = len(counted) + count
        async with asyncio.timeout(40):
            while len(counted) < wanted:  # noqa: ASYNC110 - supporters know of nobody who waits
                await asyncio.sleep(0.02)

    async with httpx.AsyncClient(base_url=served.url, timeout=5) as client:
        supporters = [asyncio.create_task(supporter(client)) for _ in range(WRITERS)]
        for crash in range(CRASHES):
            await more(random.randint(50, 200))
            if crash % 2:
                os.kill(random.choice(served.workers()), signal.SIGKILL)
            else:
                os.killpg(served.process.pid, signal.SIGKILL)
                served.process.wait()
                served = serve(data_dir=served.data_dir, port=served.port, **options)
            await more(1)
        stop.set()
        await asyncio.gather(*supporters)

    stores = await open_stores("", "", served.data_dir)
    try:
        await agrees(stores)
        tally = await stores.pledges.tally("world")
        assert (tally.pledged, tally.undone) == (len(counted), 0)
        assert {answer["ordinal"] for answer in counted.values()} == set(range(1, len(counted) + 1))
    finally:
        await stores.aclose()
    print(f"\nservice killed × {CRASHES}: {len(counted)} acknowledged, 0 lost, 0 twice")


async def test_a_slow_disk_makes_pledges_late_and_then_503_and_each_counts_once(
    store: Store, cache: Server
) -> None:
    keys = [str(uuid.uuid4()) for _ in range(16)]
    async with opened(store, cache) as stores:
        ledger = Ledger(stores.pledges)
        with store.on_a_slow_disk(sync_ms=300):
            answers = await asyncio.gather(*(ledger.pledge(PLEDGE, key) for key in keys[:8]))
        assert sorted(answer.ordinal for answer in answers) == list(range(1, 9))
        with store.on_a_slow_disk(sync_ms=3000):
            late = await asyncio.gather(
                *(ledger.pledge(PLEDGE, key) for key in keys[8:]), return_exceptions=True
            )
        assert all(isinstance(answer, Unavailable) and answer.retry_after_s > 0 for answer in late)
        async with asyncio.timeout(20):
            await asyncio.gather(*(until_counted(ledger, PLEDGE, key) for key in keys[8:]))
        assert (await stores.pledges.tally("world")).pledged == len(keys)
        await agrees(stores)


async def test_a_store_that_cannot_save_refuses_pledges_and_recovers_by_itself(
    tmp_path: Path, cache: Server
) -> None:
    """MISCONF: a deployer's own server, with save points, whose last save failed."""
    store = Server(tmp_path / "data", "--save", "3600 1000000", "--appendonly", "yes").start()
    try:
        async with opened(store, cache) as stores:
            ledger = Ledger(stores.pledges)
            first = await ledger.pledge(PLEDGE, "key-of-the-first-pledge")
            in_the_way = store.folder / "dump.rdb"
            in_the_way.mkdir()
            (in_the_way / "file").touch()
            await save(store)
            with pytest.raises(Unavailable) as caught:
                await ledger.pledge(PLEDGE, "key-of-the-second-pledge")
            assert caught.value.retry_after_s > 0
            assert (await ledger.count("world")).total == 1
            shutil.rmtree(in_the_way)
            await save(store)
            assert (await ledger.pledge(PLEDGE, "key-of-the-first-pledge")).receipt == first.receipt
            assert (await ledger.pledge(PLEDGE, "key-of-the-second-pledge")).ordinal == 2
            await agrees(stores)
    finally:
        store.kill()


async def save(store: Server) -> None:
    store.client.bgsave()
    async with asyncio.timeout(10):
        while store.client.info("persistence")["rdb_bgsave_in_progress"]:  # noqa: ASYNC110 - it cannot call
            await asyncio.sleep(0.02)
