"""What most tests share: our own stores, the application in this process, the real server as a process."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import altcha
import httpx
import pytest

from badge.app import create_app
from badge.render import Kit
from badge.settings import Settings
from badge.store import EmbeddedStore

ORIGIN = "https://badges.example"


class Service:
    """The application in this process, with the state that its lifespan opened."""

    def __init__(self, app: Any, state: dict[str, Any]) -> None:
        self.app = app
        self.state = state

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app({**scope, "state": dict(self.state)}, receive, send)

    def client(self, **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self), base_url="http://a.host.of.nobody", **options
        )


class Pledging:
    """A client of the pledge API, as any ALTCHA client would be."""

    @staticmethod
    def solve(challenge: dict[str, Any]) -> str:
        asked = altcha.Challenge.from_dict(challenge)
        solution = altcha.solve_challenge(asked)
        assert solution is not None
        return altcha.Payload(asked, solution).to_base64()

    async def solution(self, client: httpx.AsyncClient, campaign: str = "world") -> str:
        answer = await client.get("/api/v1/challenge", params={"campaign": campaign})
        assert answer.status_code == 200, answer.text
        return self.solve(answer.json())

    async def pledge(self, client: httpx.AsyncClient, key: str | None = None, **body: Any) -> httpx.Response:
        body = {"campaign": "world", "source": "api"} | body
        if "solution" not in body:
            body["solution"] = await self.solution(client)
        return await client.post(
            "/api/v1/pledges", json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())}
        )


class Served:
    """`blueheart serve` as a process of its own, on a free port, with a data folder of its own."""

    def __init__(self, data_dir: Path, *arguments: str, port: int | None = None, **env: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.store = EmbeddedStore(data_dir)
        self.log = data_dir / "serve.log"
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BLUEHEART_")}
        environ |= {"BLUEHEART_DATA_DIR": str(data_dir), "BLUEHEART_PORT": str(self.port)}
        for what in ("MISS", "CHALLENGE"):
            environ[f"BLUEHEART_{what}_LIMIT"] = "100000/minute"  # asked, and never reached
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).with_name("blueheart")), "serve", *arguments],
                env=environ | {f"BLUEHEART_{name.upper()}": value for name, value in env.items()},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_ready(self, seconds: float = 20.0) -> "Served":
        self.until(self.is_ready, seconds)
        return self

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def until(self, is_so: Callable[[], bool], seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def workers(self) -> list[int]:
        return children_of(self.process.pid)

    def stop(self, by: signal.Signals = signal.SIGINT, seconds: float = 30.0) -> int:
        """Signals the whole group, as Ctrl-C in a terminal does, and waits for the end."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, by)
        return self.process.wait(seconds)

    def leftovers(self) -> list[str]:
        """Every living process that names our data folder, or was started in our session."""
        return [
            line
            for pid, session, line in processes()
            if (str(self.data_dir) in line or session == self.process.pid) and pid != os.getpid()
        ]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def processes() -> Iterator[tuple[int, int, str]]:
    """Yields pid, session and command line of every process that is not a zombie (Linux)."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, *fields = (folder / "stat").read_text().rpartition(")")[2].split()
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if state != "Z":
                yield int(folder.name), int(fields[2]), line


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


@pytest.fixture(scope="session")
def kit() -> Kit:
    """Every template, font and sentence, opened once."""
    return Kit.load()


@pytest.fixture(scope="session")
def short_dir() -> Iterator[Path]:
    """A folder with a short path, as a socket's path holds 108 bytes at most."""
    folder = Path(tempfile.mkdtemp(prefix="bh-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(short_dir: Path) -> Iterator[Settings]:
    """Settings on our own stores, which live as long as the session."""
    keeper = EmbeddedStore(short_dir / "data")
    asyncio.run(keeper.start())
    yield Settings(
        data_dir=short_dir / "data",
        public_url=ORIGIN,
        pledge_cost=1,
        pledge_attempts=1,
        pledge_limit="off",
        challenge_limit="off",
        form_limit="off",
        receipt_limit="off",
        open_limit="off",
        open_total="off",
        edit_limit="off",
        miss_limit="off",
    )
    asyncio.run(keeper.release())


@pytest.fixture
async def open_service() -> AsyncIterator[Callable[[Settings], Any]]:
    """Opens the application with given settings, as often as a test likes."""
    async with AsyncExitStack() as stack:

        async def opened(settings: Settings) -> Service:
            app = create_app(settings)
            return Service(app, await stack.enter_async_context(app.router.lifespan_context(app)))

        yield opened


@pytest.fixture
async def service(open_service: Callable[[Settings], Any], settings: Settings) -> Service:
    opened: Service = await open_service(settings)
    return opened


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with service.client() as client:
        yield client


@pytest.fixture(scope="session")
def pledging() -> Pledging:
    return Pledging()


@pytest.fixture
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Starts real servers, one call each, and ends what a test left running."""
    started: list[Served] = []
    folders: list[Path] = []

    def start(*arguments: str, data_dir: Path | None = None, **options: Any) -> Served:
        if data_dir is None:
            data_dir = Path(tempfile.mkdtemp(prefix="bh-"))
            folders.append(data_dir)
        started.append(Served(data_dir, *arguments, **options))
        return started[-1]

    yield start
    for served in started:
        served.stop(signal.SIGTERM)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """One real server for all tests that only read from it or pledge to it."""
    folder = Path(tempfile.mkdtemp(prefix="bh-"))
    off = {f"{what}_limit": "off" for what in ("pledge", "form", "receipt")}
    served = Served(folder, pledge_cost="1", pledge_attempts="1", **off).wait_ready()
    yield served
    served.stop(signal.SIGTERM)
    shutil.rmtree(folder, ignore_errors=True)
