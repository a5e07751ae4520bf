"""A primary and a replica behind a Sentinel: what was acknowledged is on both, so either may die."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from badge.store import StoreError, open_stores
from tests.topologies import DATA, Watched, until
from tests.writers import Writers


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path, *DATA)
    try:
        yield watched.start()
    finally:
        watched.stop()


async def test_a_primary_killed_under_writers_loses_and_doubles_no_acknowledged_pledge(
    watched: Watched, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The first of its Sentinels does not exist.
    stores = await open_stores(watched.url, watched.url, tmp_path)
    writers = Writers(stores)
    try:
        async with writers.writing():
            await writers.more(200)
            killed_at = time.monotonic()
            watched.primary.kill()
            await asyncio.to_thread(until, lambda: watched.follows(watched.replicas[0]))
            taken_s = time.monotonic() - killed_at
            began = time.monotonic()
            while True:  # the cache side waits for no replica: it is back with the promoted server
                try:
                    await stores.blobs.put("picture", b"bytes", 60)
                    break
                except StoreError:
                    assert time.monotonic() - began < 10
                    await asyncio.sleep(0.05)
            # Sentinel would turn it into a replica by itself, after 10 to 20 s.
            follow = ("--replicaof", f"127.0.0.1 {watched.replicas[0].port}")
            await asyncio.to_thread(watched.primary.start, *follow)
            await writers.more(200)
            back_s = time.monotonic() - killed_at
        await writers.check(stores)
        with capsys.disabled():
            print(
                f"\nsentinel, primary killed: promoted after {taken_s:.2f} s, pledges acknowledged again "
                f"after {back_s:.2f} s, when the dead server was its replica"
            )
    finally:
        await stores.aclose()


async def test_with_two_replicas_pledges_go_on_by_themselves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched = Watched(tmp_path, *DATA, replicas=2)
    try:
        stores = await open_stores(watched.start().url, "", tmp_path)
        writers = Writers(stores)
        async with writers.writing():
            await writers.more(200)
            watched.primary.kill()
            await asyncio.sleep(0.1)  # what was on its way has arrived
            took_s = await writers.more(200)
        await writers.check(stores)
        await stores.aclose()
        with capsys.disabled():
            print(f"\nsentinel, two replicas, primary killed: pledges go on {took_s:.2f} s later")
    finally:
        watched.stop()


async def test_without_its_replica_pledges_wait_and_go_on_when_it_is_back(
    watched: Watched, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watched.replicas[0].kill()
    stores = await open_stores(watched.url, "", tmp_path)
    writers = Writers(stores)
    try:
        assert "0 replicas where 1 must have each pledge" in caplog.text
        async with writers.writing(2):
            await asyncio.sleep(0.2)
            assert not writers.counted
            await asyncio.to_thread(watched.replicas[0].start)
            await writers.more(20)
        await writers.check(stores)
    finally:
        await stores.aclose()


async def test_a_deployer_may_choose_to_wait_for_no_replica(watched: Watched, tmp_path: Path) -> None:
    watched.replicas[0].kill()
    stores = await open_stores(f"{watched.url}?replicas=0", "", tmp_path)
    writers = Writers(stores)
    try:
        async with writers.writing(2):
            await writers.more(20)
        await writers.check(stores)
        assert writers.refused == 0
    finally:
        await stores.aclose()
