"""Our own two Valkey servers, shared by every process that uses one data folder, gone with the last of them.

`users.lock` is held shared by everyone who uses the servers, `spawn.lock` by whoever starts or stops them.
They are locks of the kernel, so a process that is killed gives its own back.
"""

import asyncio
import contextlib
import hashlib
import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from badge.store.child import OPTIONS, Child
from badge.store.lock import lock_file
from badge.store.setup import StoreSetupError

_log = logging.getLogger(__name__)

_SOCKET_PATH_BYTES = 100  # sun_path holds 108 on Linux and 104 on macOS
_READY_S = 5.0
_STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the data store and the cache store listen, as URLs."""

    data: str
    cache: str


class EmbeddedStore:
    """Starts or adopts the servers of a data folder; roles leaves one out where a deployer has their own."""

    def __init__(self, data_dir: Path, roles: tuple[str, ...] = tuple(OPTIONS)) -> None:
        self._folder = data_dir.resolve() / "store"
        self._sockets = _socket_folder(self._folder)
        self._roles = roles
        self._share: int | None = None

    @property
    def endpoints(self) -> Endpoints:
        """Returns the URLs of both servers, running or not."""
        data, cache = (f"unix://{quote(str(self._child(role).socket))}" for role in ("data", "cache"))
        return Endpoints(data, cache)

    async def start(self) -> Endpoints:
        """Starts or adopts the servers and counts this process among their users; raises StoreSetupError."""
        starting = asyncio.ensure_future(asyncio.to_thread(self._start))
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            # Ctrl-C in the middle: the thread goes on, and what it starts must not stay behind.
            await asyncio.wait([starting])
            await self.release()
            raise
        return self.endpoints

    async def supervise(self, every_s: float = 0.5) -> None:
        """Brings a server that died back, for ever; whoever gets the lock first starts it."""
        wait_s = every_s
        while True:
            await asyncio.sleep(wait_s)
            wait_s = every_s
            if all([await _listens(self._child(role).socket) for role in self._roles]):
                continue
            try:
                await asyncio.to_thread(self._ensure, died=True)
            except (StoreSetupError, OSError) as error:
                wait_s = 10 * every_s
                _log.error("embedded store: %s", error)

    def forget(self) -> None:
        """Drops the use that a forked child inherited, so that only its parent still counts as a user."""
        if self._share is not None:
            os.close(self._share)
            self._share = None

    async def release(self) -> None:
        """Gives up this process's use; the last user shuts the servers down and waits until they are gone."""
        await asyncio.to_thread(self._release)

    def pid(self, role: str) -> int | None:
        """Returns the process id of a server that lives, else None."""
        with self._spawning():
            return self._child(role).pid()

    def _child(self, role: str) -> Child:
        return Child(role, self._folder, self._sockets)

    def _start(self) -> None:
        try:
            for folder in (self._folder, self._sockets):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            _check_private(self._sockets)
            with self._spawning():
                # Never waits: whoever takes users.lock exclusively holds spawn.lock meanwhile.
                self._share = lock_file(self._folder / "users.lock", shared=True)
        except OSError as error:
            raise StoreSetupError(
                f"the folder {self._folder} cannot be used ({error.strerror}): "
                "set BLUEHEART_DATA_DIR to one that this user may write"
            ) from None
        try:
            self._ensure()
        except BaseException:
            self._release()
            raise

    def _ensure(self, *, died: bool = False) -> None:
        with self._spawning():
            if self._share is None:
                return  # released meanwhile: what starts now would have no user to end it
            for child in map(self._child, self._roles):
                if died and not child.is_alive():
                    _log.warning("embedded store: %s had ended: %s", child.role, child.last_words())
                if child.revive():
                    _log.info("embedded store: started %s in %s", child.role, self._folder)
            for child in map(self._child, self._roles):
                if not child.is_ready_within(_READY_S):
                    # It reads a long log, or hangs: pictures need not wait for it.
                    _log.warning("embedded store: %s is not ready yet", child.role)

    def _release(self) -> None:
        if self._share is None:
            return
        os.close(self._share)
        self._share = None
        with self._spawning():
            try:
                sole = lock_file(self._folder / "users.lock", waits=False)
            except BlockingIOError:
                return
            try:
                # Every server of the folder, also one that only another process used.
                for child in map(self._child, OPTIONS):
                    child.stop(_STOP_S)
                if self._sockets != self._folder:
                    self._sockets.rmdir()
            finally:
                os.close(sole)

    @contextlib.contextmanager
    def _spawning(self) -> Iterator[None]:
        lock = lock_file(self._folder / "spawn.lock")
        try:
            yield
        finally:
            os.close(lock)


async def _listens(path: Path) -> bool:
    try:
        async with asyncio.timeout(1.0):
            _, writer = await asyncio.open_unix_connection(path)
    except TimeoutError:
        return True  # alive and busy: a second server would not help
    except OSError:
        return False
    writer.close()
    return True


def _socket_folder(folder: Path) -> Path:
    if len(os.fsencode(folder / "cache.sock")) <= _SOCKET_PATH_BYTES:
        return folder
    # Not $XDG_RUNTIME_DIR or $TMPDIR: processes with another environment must find the same sockets.
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(f"/tmp/blueheart-{os.getuid()}-{digest}")  # noqa: S108 - checked by _check_private


def _check_private(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StoreSetupError(f"{folder} belongs to another user or is open to others: remove it")
