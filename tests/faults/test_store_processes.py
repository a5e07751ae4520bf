"""One of each server for a data folder, however many start at once; none once the last user has gone."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from badge.errors import Unavailable
from badge.pledges import Ledger, Pledge, Source
from badge.store import EmbeddedStore, StoreSetupError, open_stores
from tests.topologies import CACHE, Server

USER = """
import asyncio, sys, uuid
from pathlib import Path
from badge.pledges import Ledger, Pledge, Source
from badge.store import EmbeddedStore, open_stores

async def main():
    folder = Path(sys.argv[1])
    stores = await open_stores("", "", folder)
    try:
        await Ledger(stores.pledges).pledge(Pledge("world", Source.API), str(uuid.uuid4()))
        own = EmbeddedStore(folder)
        print(own.pid("data"), own.pid("cache"), flush=True)
        await asyncio.to_thread(sys.stdin.read)
    finally:
        await stores.aclose()

try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
"""


async def eventually(is_so: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.02)


@contextmanager
def users(folder: Path, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", USER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for _ in range(count)
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


def servers_of(process: "subprocess.Popen[str]") -> tuple[int, ...]:
    assert process.stdout is not None
    return tuple(map(int, process.stdout.readline().split()))


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"  # dead, and nobody's fault that it is not collected


def nothing_runs(folder: Path) -> bool:
    found = subprocess.run(["ps", "-eo", "stat,args"], capture_output=True, text=True, check=True).stdout
    # A server shows its socket in its title; a title that hides it would show in the locks.
    assert not [line for line in found.splitlines() if str(folder) in line and not line.startswith("Z")]
    return EmbeddedStore(folder).pid("data") is None and EmbeddedStore(folder).pid("cache") is None


async def total(folder: Path) -> int:
    stores = await open_stores("", "", folder)
    try:
        return (await stores.pledges.tally("world")).total
    finally:
        await stores.aclose()


def test_four_that_start_at_once_share_one_of_each(tmp_path: Path) -> None:
    with users(tmp_path, 4) as processes:
        seen = {servers_of(process) for process in processes}
        assert len(seen) == 1
        [pids] = seen
        assert len(set(pids)) == 2
        for process in processes[:-1]:
            process.communicate("")  # a clean stop
            assert not any(map(is_gone, pids))
        processes[-1].communicate("")
        assert all(map(is_gone, pids))
    assert nothing_runs(tmp_path)
    assert asyncio.run(total(tmp_path)) == 4


def test_the_next_start_adopts_what_a_killed_process_left(tmp_path: Path) -> None:
    with users(tmp_path, 1) as [killed]:
        pids = servers_of(killed)
        killed.kill()
        killed.wait()
        assert not any(map(is_gone, pids))
    with users(tmp_path, 1) as [adopter]:
        assert servers_of(adopter) == pids
        adopter.communicate("")
    assert all(map(is_gone, pids))
    assert asyncio.run(total(tmp_path)) == 2


def test_a_killed_user_does_not_keep_the_servers_for_ever(tmp_path: Path) -> None:
    with users(tmp_path, 2) as [killed, last]:
        pids = servers_of(killed)
        assert servers_of(last) == pids
        killed.kill()
        killed.wait()
        last.communicate("")
        assert all(map(is_gone, pids))


def test_ctrl_c_leaves_no_process_and_every_pledge(tmp_path: Path) -> None:
    with users(tmp_path, 2) as processes:
        pids = {pid for process in processes for pid in servers_of(process)}
        for process in processes:
            os.killpg(process.pid, signal.SIGINT)  # as the terminal does: to all of the group
        for process in processes:
            process.communicate(timeout=10)
            assert process.returncode == 0
    assert all(map(is_gone, pids))
    assert nothing_runs(tmp_path)
    assert asyncio.run(total(tmp_path)) == 2


async def test_a_server_that_dies_is_started_again_once_by_whoever_notices(tmp_path: Path) -> None:
    several = [await open_stores("", "", tmp_path) for _ in range(3)]
    own = EmbeddedStore(tmp_path)
    for role in ("data", "cache"):
        was = own.pid(role)
        assert was is not None
        os.kill(was, signal.SIGKILL)
        await eventually(lambda role=role, was=was: own.pid(role) not in (None, was))
    for stores in several:
        await stores.ping()
        await stores.aclose()
    assert nothing_runs(tmp_path)


async def test_a_server_whose_socket_was_swept_away_is_replaced(tmp_path: Path) -> None:
    stores = await open_stores("", "", tmp_path)
    own = EmbeddedStore(tmp_path)
    was = own.pid("data")
    (tmp_path / "store" / "data.sock").unlink()
    assert was is not None
    await eventually(lambda: own.pid("data") not in (None, was))
    assert is_gone(was)
    await stores.aclose()


async def test_a_start_takes_under_a_second_and_an_adoption_far_less(tmp_path: Path) -> None:
    began = time.monotonic()
    first = await open_stores("", "", tmp_path)
    started = time.monotonic()
    second = await open_stores("", "", tmp_path)
    adopted = time.monotonic()
    await second.aclose()
    await first.aclose()
    assert started - began < 1.0
    assert adopted - started < 0.5


async def test_a_start_that_is_broken_off_at_any_moment_leaves_no_process(tmp_path: Path) -> None:
    for delay_ms in (0, 1, 3, 6, 10, 15, 20, 30, 45, 60, 80):
        starting = asyncio.create_task(open_stores("", "", tmp_path))
        await asyncio.sleep(delay_ms / 1000)
        starting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await (await starting).aclose()
        assert nothing_runs(tmp_path), delay_ms


async def test_a_setting_that_is_refused_late_leaves_no_process(tmp_path: Path) -> None:
    evicting = Server(tmp_path / "other", *CACHE).start()
    try:
        with pytest.raises(StoreSetupError, match="evicts pledges"):
            await open_stores(evicting.url, "", tmp_path)
    finally:
        evicting.kill()
    assert nothing_runs(tmp_path)


async def test_a_worker_that_comes_back_to_an_evicting_store_hands_out_pictures(tmp_path: Path) -> None:
    evicting = Server(tmp_path / "other", *CACHE).start()
    stores = await open_stores(evicting.url, "", tmp_path, refuses=False)
    try:
        await stores.blobs.put("picture", b"bytes", 60)
        assert await stores.blobs.get("picture") == b"bytes"
        with pytest.raises(Unavailable):
            await Ledger(stores.pledges).pledge(Pledge("world", Source.API), str(uuid.uuid4()))
        assert evicting.client.dbsize() == 0
    finally:
        await stores.aclose()
        evicting.kill()
