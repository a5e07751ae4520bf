"""The process model: granian's workers on one port, each replaced when it dies, none left at the end."""

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

_STOP_S = 20
_BACKLOG = 4096
_WATCH_S = 0.5
_log = logging.getLogger(__name__)

Loader = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Bind:
    """The address to listen on."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Returns the address as a browser on this machine can open it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def check_bind(bind: Bind) -> None:
    """Raises OSError that says what to do where the address cannot be listened on.

    Asked before any worker is: they share the port (SO_REUSEPORT), and would share it with a stranger too.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(bind.host, bind.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except socket.gaierror:
        raise OSError(f"{bind.host} is not an address of this machine; try --host 127.0.0.1") from None
    except PermissionError:
        raise OSError(f"port {bind.port} is not for this user; {_another(8000)}") from None
    except OverflowError:
        raise OSError(f"port {bind.port} is not from 1 to 65535; {_another(8000)}") from None
    except OSError as error:
        if error.errno is None:
            raise
        reason = (
            "is taken by another program"
            if _is_taken(bind)
            else f"cannot be used ({os.strerror(error.errno)})"
        )
        raise OSError(f"port {bind.port} at {bind.host} {reason}; {_another(bind.port + 1000)}") from None


def run_workers(load: Loader, bind: Bind, *, workers: int, says: str) -> None:
    """Runs `workers` processes, each serving what `load` returns, until SIGINT or SIGTERM.

    Prints `says` once they answer; returns when each has ended. Raises SystemExit(1) where they fail.
    """
    greeted = multiprocessing.get_context().Semaphore(1)
    server = _Workers(
        "badge",
        address=bind.host,
        port=bind.port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        backlog=_BACKLOG,
        backpressure=_BACKLOG,
        log_level=LogLevels.warning,
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}},
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_S,
    )
    server.serve(target_loader=partial(_load, load, bind, says, greeted, os.getpid()), wrap_loader=False)


class _Workers(MPServer):
    """Granian's supervisor, which gives up when a worker dies twice within 5.5 s; ours never for a kill."""

    def _respawn_workers(
        self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        killed = [index for index in workers if (self.wrks[index].inner.exitcode or 0) < 0]
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        for index in killed:
            self.respawned_wrks.pop(index, None)


def _load(load: Loader, bind: Bind, says: str, greeted: Any, parent: int) -> Any:
    # Until granian installs its own handlers, those of the parent are inherited and would lose the signal.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    companion = threading.Thread(target=_accompany, args=(bind, says, greeted, parent), daemon=True)
    companion.start()
    return load()


def _accompany(bind: Bind, says: str, greeted: Any, parent: int) -> None:
    """Greets once the port answers; ends this worker gracefully when its parent is gone."""
    while not _is_taken(bind) and os.getppid() == parent:
        time.sleep(0.01)
    if greeted.acquire(block=False):
        print(says, flush=True)  # noqa: T201 - for the person who started us, not for the log
    while os.getppid() == parent:
        time.sleep(_WATCH_S)
    _log.warning("the parent process is gone: ending")
    os.kill(os.getpid(), signal.SIGTERM)


def _is_taken(bind: Bind) -> bool:
    host = bind.url.removeprefix("http://").rpartition(":")[0].strip("[]")
    try:
        with socket.create_connection((host, bind.port), timeout=1.0):
            return True
    except OSError:
        return False


def _another(port: int) -> str:
    choice = port if port <= 65535 else 8001
    return f"choose another, as PORT={choice} make serve or blueheart serve --port {choice}"
