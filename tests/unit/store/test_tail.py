"""What a power cut leaves of the last transaction, on every server that may carry the ledger."""

import shutil
import uuid
from pathlib import Path

import pytest

from badge.pledges import Auditor, Ledger
from badge.store import open_stores
from badge.store.child import OPTIONS, server_binary
from badge.store.tail import mend_tail
from tests.topologies import Server
from tests.writers import PLEDGE

BINARIES = [server_binary(), *filter(None, [shutil.which("redis-server")])]


async def pledge_and_audit(server: Server, count: int) -> None:
    stores = await open_stores(server.url, server.url, Path())
    try:
        for _ in range(count):
            await Ledger(stores.pledges).pledge(PLEDGE, str(uuid.uuid4()))
        assert (await Auditor(stores.pledges, stores.log, stores.audit).audit("world")).differences == ()
    finally:
        await stores.aclose()


@pytest.mark.parametrize("binary", BINARIES, ids=lambda path: Path(path).name)
async def test_a_transaction_cut_anywhere_is_gone_and_the_ledger_goes_on(binary: str, tmp_path: Path) -> None:
    server = Server(tmp_path, "--save", "", *OPTIONS["data"], binary=binary).start()
    try:
        await pledge_and_audit(server, 2)
        server.kill()
        file = tmp_path / "appendonlydir" / "appendonly.aof.1.incr.aof"
        whole = file.read_bytes()
        begins = whole.rfind(b"*1\r\n$5\r\nMULTI")
        for keep in range(begins + 1, len(whole), (len(whole) - begins) // 7):
            file.write_bytes(whole[:keep])
            mend_tail(tmp_path)
            for _ in range(2):  # what Redis 7.0 kept would only be run at the second start
                server.start()
                await pledge_and_audit(server, 1)
                server.kill()
    finally:
        server.kill()


def test_what_is_whole_is_left_alone(tmp_path: Path) -> None:
    assert mend_tail(tmp_path) == 0
    folder = tmp_path / "appendonlydir"
    folder.mkdir()
    multi, execute = b"*1\r\n$5\r\nMULTI\r\n", b"*1\r\n$4\r\nEXEC\r\n"
    old, new = folder / "appendonly.aof.9.incr.aof", folder / "appendonly.aof.10.incr.aof"
    for content in (b"", b"*1\r\n$4\r\nPING\r\n", multi + b"*1\r\n$4\r\nPING\r\n" + execute, multi[:-1]):
        old.write_bytes(multi)
        new.write_bytes(content)
        assert mend_tail(tmp_path) == 0
        assert (old.read_bytes(), new.read_bytes()) == (multi, content)
    new.write_bytes(multi + execute + multi + execute[:-1])
    assert mend_tail(tmp_path) == len(multi + execute) - 1
    assert new.read_bytes() == multi + execute
