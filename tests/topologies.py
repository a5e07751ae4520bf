"""Real servers of somebody else's, on loopback: one alone, two behind a Sentinel, six in a Cluster."""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from redis import AuthenticationError, Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from badge.store.child import server_binary

DATA = ("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction")
CACHE = ("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lfu")
SLOTS = 16384


def quiet_port() -> int:
    """A free port, below those that the system hands out to connections: they could be there first."""
    while True:
        port = random.randrange(12_000, 22_000)
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) != 0:
                return port


def until(
    is_so: Callable[[], object],
    seconds: float = 20.0,
    said: Callable[[], str] = "it did not come about".format,
) -> None:
    """Waits until something is so; an error of a server counts as not yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
        except (RedisError, OSError, KeyError):
            pass
        assert time.monotonic() < deadline, said()
        time.sleep(0.02)


class Server:
    """One server as a process; when it is started again it has the same port and folder."""

    def __init__(self, folder: Path, *options: str, binary: str | None = None) -> None:
        self.folder = folder
        self.port = quiet_port()
        self.client = Redis(port=self.port, protocol=2, socket_timeout=2, retry=Retry(NoBackoff(), 0))
        self.options = [
            *(binary or server_binary(), *options, "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--dir", str(folder)),
        ]
        folder.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def secure(self, papers: Path) -> None:
        """Has it speak TLS alone, and only with clients that show a certificate of papers' authority."""
        at = self.options.index("--port")
        self.options[at : at + 2] = ["--port", "0", "--tls-port", str(self.port)]
        for option, file in (("ca-cert", "ca.pem"), ("cert", "server.pem"), ("key", "server.key")):
            self.options += [f"--tls-{option}-file", str(papers / file)]
        self.client = Redis(
            port=self.port,
            ssl=True,
            ssl_ca_certs=str(papers / "ca.pem"),
            ssl_certfile=str(papers / "client.pem"),
            ssl_keyfile=str(papers / "client.key"),
            ssl_check_hostname=False,
        )

    def start(self, *options: str) -> "Server":
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*self.options, *options], stdout=log, stderr=log)
        until(self._answers, said=lambda: (self.folder / "log").read_text(errors="replace")[-2000:])
        return self

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except AuthenticationError:
            return True

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        self.client.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Watched:
    """A primary and its replicas behind one Sentinel that promotes after a second and a half."""

    def __init__(self, folder: Path, *options: str, replicas: int = 1) -> None:
        options = (*options, "--save", "", "--repl-diskless-sync-delay", "0")
        self.primary = Server(folder / "one", *options)
        follow = ("--replicaof", f"127.0.0.1 {self.primary.port}")
        self.replicas = [Server(folder / f"replica-{n}", *options, *follow) for n in range(replicas)]
        config = folder / "sentinel.conf"
        config.write_text(
            f"sentinel monitor hearts 127.0.0.1 {self.primary.port} 1\n"
            "sentinel down-after-milliseconds hearts 1500\nsentinel failover-timeout hearts 3000\n"
        )
        self.sentinel = Server(folder / "sentinel", str(config), "--sentinel")
        self.url = f"redis+sentinel://127.0.0.1:{quiet_port()},127.0.0.1:{self.sentinel.port}/hearts"

    def start(self) -> "Watched":
        for server in (self.primary, *self.replicas, self.sentinel):
            server.start()
        count = len(self.replicas)
        until(lambda: self.primary.client.info("replication")["connected_slaves"] == count)
        until(lambda: len(self.sentinel.client.sentinel_slaves("hearts")) == count)
        return self

    def follows(self, server: Server) -> bool:
        """Tells whether the Sentinel sends everyone to a server, and that one takes writes."""
        told = self.sentinel.client.sentinel_get_master_addr_by_name("hearts")
        return bool(told[1] == server.port and server.client.info("replication")["role"] == "master")

    def stop(self) -> None:
        for server in (self.sentinel, *self.replicas, self.primary):
            server.kill()


class Cluster:
    """Three primaries and a replica of each; a primary counts as dead after a second."""

    def __init__(self, folder: Path, *options: str, binary: str | None = None) -> None:
        cluster = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--save", "")
        quick = ("--repl-diskless-sync-delay", "0")
        self.servers = [
            Server(
                folder / f"node-{n}",
                *(*options, *cluster, *quick, "--cluster-port", str(quiet_port())),
                binary=binary,
            )
            for n in range(6)
        ]
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in self.servers)
        self.url = f"redis+cluster://{hosts}"

    def start(self) -> "Cluster":
        for server in self.servers:
            server.start()
        first, *others = self.servers
        bus = first.options[first.options.index("--cluster-port") + 1]
        for n, server in enumerate(self.servers[:3]):
            first_slot, last_slot = n * SLOTS // 3, (n + 1) * SLOTS // 3 - 1
            server.client.execute_command("CLUSTER ADDSLOTSRANGE", first_slot, last_slot)
            server.client.execute_command("CLUSTER SET-CONFIG-EPOCH", n + 1)
        for server in others:
            server.client.execute_command("CLUSTER MEET", "127.0.0.1", first.port, bus)
        until(lambda: all(self._knows(server) == 6 for server in self.servers))
        for primary, replica in zip(self.servers[:3], self.servers[3:], strict=True):
            name = primary.client.execute_command("CLUSTER MYID").decode()
            until(lambda name=name, r=replica: r.client.execute_command("CLUSTER REPLICATE", name))
        self.wait_healthy()
        return self

    def wait_healthy(self) -> None:
        """Waits until all agree, and each of three primaries has its replica."""
        until(lambda: all(self.info(server)["cluster_state"] == "ok" for server in self.servers))
        until(lambda: sum(map(self.is_primary, self.servers)) == 3)
        until(lambda: all(self.replica_of(s) for s in self.servers if self.is_primary(s)))

    @staticmethod
    def is_primary(server: Server) -> bool:
        return bool(server.client.info("replication")["role"] == "master")

    def replica_of(self, primary: Server) -> Server:
        """The server that follows a primary, where their line is up."""
        follower = primary.client.info("replication")["slave0"]
        if follower["state"] != "online":
            raise OSError("its replica is not there yet")
        return next(server for server in self.servers if server.port == follower["port"])

    def owner(self, key: str) -> Server:
        """The primary that holds a key now, as the living say."""
        for server in self.servers:
            try:
                slot = server.client.execute_command("CLUSTER KEYSLOT", key)
                told = server.client.execute_command("CLUSTER SLOTS")
            except (RedisError, OSError):
                continue
            port = next(owner[1] for first, last, owner, *_ in told if first <= slot <= last)
            return next(server for server in self.servers if server.port == port)
        raise AssertionError("nobody lives")

    def stop(self) -> None:
        for server in self.servers:
            server.kill()

    @staticmethod
    def info(server: Server) -> dict[str, str]:
        told = server.client.execute_command("CLUSTER INFO")
        text = told if isinstance(told, dict) else dict(line.split(":") for line in told.decode().split())
        return {str(name): str(value) for name, value in text.items()}

    def _knows(self, server: Server) -> int:
        return int(self.info(server)["cluster_known_nodes"])
