"""The profile `cluster` of docker-compose.yml without Docker: six nodes, started by hand, and who joins them.

Each has an address of its own in 127.0.0.0/8 (Linux), as each container has, and may come back with another.
"""

import asyncio
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from badge.errors import Unavailable
from badge.pledges import Ledger
from badge.store import open_stores
from badge.store.child import server_binary
from tests.topologies import quiet_port, until
from tests.writers import PLEDGE

ROOT = Path(__file__).parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]


class Nodes:
    """The nodes of the file as processes, each at an address, and the service that joins them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = [word.partition(":")[0] for word in SERVICES["cluster"]["command"][2:]]
        self.port = quiet_port()  # and the bus 10,000 above
        self.addresses: dict[str, str] = {}
        self._running: list[subprocess.Popen[bytes]] = []
        (folder / "bin").mkdir()
        client = shutil.which("valkey-cli") or shutil.which("redis-cli")
        assert client, "redis-cli is missing: make test installs it"
        (folder / "bin" / "valkey-cli").symlink_to(client)

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"{host}:{self.port}" for host in self.addresses.values())

    def start(self, addresses: list[str]) -> None:
        self.addresses = dict(zip(self.names, addresses, strict=True))
        for name, host in self.addresses.items():
            program, *options = [str(word) for word in SERVICES[name]["command"]]
            assert program == "valkey-server"
            home = self.folder / name
            home.mkdir(exist_ok=True)
            options[options.index("--dir") + 1] = str(home)
            options[options.index("--cluster-node-timeout") + 1] = "1500"
            places = ("--bind", host, "--bind-source-addr", host, "--port", str(self.port))
            with (self.folder / "log").open("ab") as log:
                self._running.append(
                    subprocess.Popen(
                        [server_binary(), *options, *places, "--repl-diskless-sync-delay", "0"],
                        stdout=log,
                        stderr=log,
                    )
                )

    def join(self) -> None:
        """Runs the service `cluster` until all is well."""
        script = ROOT / SERVICES["cluster"]["volumes"][0].partition(":")[0]
        nodes = [f"{host}:{self.port}" for host in self.addresses.values()]
        done = subprocess.run(
            ["sh", str(script), *nodes],
            env={"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "CLUSTER_ONCE": "1", "CLUSTER_EVERY_S": "1"},
            capture_output=True,
            text=True,
            timeout=40,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        until(lambda: [self.info(name)["cluster_known_nodes"] for name in self.names] == ["6"] * 6)

    def info(self, name: str) -> dict[str, str]:
        with Redis(self.addresses[name], self.port, retry=Retry(NoBackoff(), 0), protocol=2) as client:
            told = client.execute_command("CLUSTER INFO")
        return {str(key): str(value) for key, value in told.items()}

    def stop(self) -> None:
        for process in self._running:
            process.kill()
        for process in self._running:
            process.wait(20)
        self._running.clear()


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    nodes = Nodes(tmp_path)
    try:
        yield nodes
    finally:
        nodes.stop()


def test_six_containers_become_one_cluster_and_find_each_other_when_their_addresses_change(
    nodes: Nodes, tmp_path: Path
) -> None:
    key = str(uuid.uuid4())

    async def pledge(wanted: int) -> str:
        stores = await open_stores(nodes.url, nodes.url, tmp_path)
        try:
            async with asyncio.timeout(20):
                while True:
                    try:
                        answer = await Ledger(stores.pledges).pledge(PLEDGE, key)
                        assert answer.total == wanted
                        return answer.receipt
                    except Unavailable:
                        await asyncio.sleep(0.2)
        finally:
            await stores.aclose()

    nodes.start([f"127.0.1.{number}" for number in range(1, 7)])
    nodes.join()
    first = asyncio.run(pledge(1))
    nodes.stop()
    nodes.start([f"127.0.1.{number}" for number in (5, 6, 7, 8, 9, 10)])  # another's, or nobody's before
    nodes.join()
    assert asyncio.run(pledge(1)) == first
