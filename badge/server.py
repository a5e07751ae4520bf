"""The process model: granian's workers on one port, each replaced when it dies, none left at the end."""

import asyncio
import contextlib
import ctypes
import gc
import logging
import multiprocessing
import os
import resource
import signal
import socket
import stat
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

_STOP_S = 20
_BACKLOG = 4096
_UNDER_WAY = 32_768  # answers of one worker at once: a live count is one for as long as it is looked at
_WATCH_S = 0.5
_TRIM_S = 10
_STARTED_S = 0.05
_TURN_S = 0.001
_DEAD_MS = 20_000
_YOUNG_OBJECTS = 20_000
_M_MMAP_THRESHOLD = -3  # malloc.h
_STOPS = (signal.SIGINT, signal.SIGTERM)
_log = logging.getLogger(__name__)

Loader = Callable[[int, "Stop"], Any]  # from the number of a worker, which its successor inherits


@dataclass(frozen=True, slots=True)
class Bind:
    """The address to listen on."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Returns the address as a browser on this machine can open it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104 - told, not bound
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


@contextlib.contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Sets the event on SIGINT or SIGTERM instead of raising, which asyncio survives in no certain state."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in _STOPS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_workers(
    load: Loader, bind: Bind, stop: threading.Event, *, workers: int, says: str, header_s: float = 30.0
) -> None:
    """Runs `workers` processes, each serving what `load` returns for its number, until SIGINT or SIGTERM.

    A connection on which no whole header comes for `header_s` is closed. Prints `says` once they answer;
    returns when each has ended. Raises SystemExit(1) where they fail.
    """
    _allow_files()
    greeted = multiprocessing.get_context().Semaphore(1)
    server = _Workers(
        "badge",
        address=bind.host,
        port=bind.port,
        interface=Interfaces.ASGI,
        workers=workers,
        http=HTTPModes.http1,  # a fifth faster than to look for HTTP/2, which comes to a proxy or CDN
        http1_settings=HTTP1Settings(header_read_timeout=round(header_s * 1000)),
        websockets=False,
        backlog=_BACKLOG,
        backpressure=_UNDER_WAY,
        log_level=LogLevels.warning,
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}},
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_S,
    )

    @server.on_startup
    def repeat() -> None:
        if stop.is_set():  # it came before granian listened to signals
            os.kill(os.getpid(), signal.SIGTERM)

    # In a new worker a signal waits for `_Starting`: the parent's handlers, which it inherits, would lose it.
    os.register_at_fork(before=_block_stops, after_in_parent=_unblock_stops)
    server.serve(target_loader=partial(_load, load, bind, says, greeted, os.getpid()), wrap_loader=False)


def _allow_files() -> None:
    """Takes as many open files as we may: each visitor is one, and many systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _UNDER_WAY
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class Stop:
    """What an application has ended when its worker begins to stop, while answers are still under way.

    Granian waits for them first and ends the lifespan after: an answer without an end must be told before.
    """

    def __init__(self) -> None:
        self._calls: list[Callable[[], None]] = []

    def then(self, call: Callable[[], None]) -> None:
        """Has `call` made, in the worker's event loop."""
        self._calls.append(call)

    def now(self) -> None:
        """Makes every call."""
        for call in self._calls:
            call()


class _Workers(MPServer):
    """Granian's supervisor, which gives up when a worker dies twice within 5.5 s; ours never for a kill."""

    def _respawn_workers(
        self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        killed = [index for index in workers if (self.wrks[index].inner.exitcode or 0) < 0]
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        for index in killed:
            self.respawned_wrks.pop(index, None)

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any, *rest: Any) -> Any:
        return super()._spawn_worker(idx, target, partial(callback_loader, idx), *rest)


class _Starting:
    """An application whose worker dies of SIGTERM at once while its lifespan starts: nothing is served yet.

    Granian 2.8 stands still for ever where the signal comes before it serves (docs/decisions/0004-server.md).
    """

    def __init__(self, app: Any, stop: Stop, bind: Bind) -> None:
        self._app = app
        self._stop = stop
        self._bind = bind

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        # A coroutine of our own around each request would cost 0.2 µs.
        answer = self._live if scope["type"] == "lifespan" else self._app
        return answer(scope, receive, send)

    async def _live(self, scope: Any, receive: Any, send: Any) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which sends SIGTERM
        _unblock_stops()

        loop = asyncio.get_running_loop()

        def stopping(*_: Any) -> None:  # Granian's own handler is the loop's, and is called beside this one
            loop.call_soon_threadsafe(self._stop.now)

        def serve() -> None:
            for number in _STOPS:
                signal.signal(number, stopping)
            _drop_dead_peers(self._bind)
            _collect_seldom()

        async def sent(message: Any) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                loop.call_later(_STARTED_S, serve)

        await self._app(scope, receive, sent)


def _drop_dead_peers(bind: Bind) -> None:
    """Has Linux end connections whose peer acknowledged nothing of what was sent for 20 s (tcp(7)).

    A phone that lost its network says no goodbye: its stream would stay open for a quarter of an hour.
    Accepted connections inherit this from the listening socket, which Granian keeps to itself.
    """
    folder = Path("/proc/self/fd")
    for number in [int(link.name) for link in folder.iterdir()] if folder.is_dir() else ():
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                with socket.socket(fileno=os.dup(number)) as found:
                    if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and (
                        found.getsockname()[1] == bind.port
                    ):
                        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_MS)


def _block_stops() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)


def _unblock_stops() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _load(load: Loader, bind: Bind, says: str, greeted: Any, parent: int, worker: int) -> Any:
    _block_stops()  # for a worker that was not forked; before the thread, so that it never takes a signal
    # By itself it keeps more the larger the pictures were; so large blocks are returned at once.
    _malloc("mallopt", _M_MMAP_THRESHOLD, 256 * 1024)
    sys.setswitchinterval(_TURN_S)  # from 5 ms: a hot picture waits for a turn beside one that is being drawn
    companion = threading.Thread(target=_accompany, args=(bind, says, greeted, parent), daemon=True)
    companion.start()
    stop = Stop()
    return _Starting(load(worker, stop), stop, bind)


def _malloc(call: str, *values: int) -> None:
    """Tells glibc how to keep memory; another C library has no such call."""
    with contextlib.suppress(OSError, AttributeError):
        getattr(ctypes.CDLL(None), call)(*values)


def _collect_seldom() -> None:
    """Leaves what stays (templates, fonts, sentences) out of garbage collection, and has it begin later.

    A request that waits for the store is some fifty objects. With a thousand of them under way the usual 700
    had the same ones looked through again and again: half as much time as all else that a pledge needs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 10, 20)


def _accompany(bind: Bind, says: str, greeted: Any, parent: int) -> None:
    """Greets once the port answers; ends this worker gracefully when its parent is gone."""
    while not _is_taken(bind) and os.getppid() == parent:
        time.sleep(0.01)
    if greeted.acquire(block=False):
        print(says, flush=True)  # noqa: T201 - for the person who started us, not for the log
    trimmed = time.monotonic()
    while os.getppid() == parent:
        time.sleep(_WATCH_S)
        if time.monotonic() > trimmed + _TRIM_S:
            _malloc("malloc_trim", 0)  # pages between those in use, 6 MB in ten seconds of drawing
            trimmed = time.monotonic()
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
