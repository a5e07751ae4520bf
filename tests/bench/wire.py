"""What the benchmarks of serving share: three servers that are measured in turns, and `wrk`."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from process import cpu_s, workers

HERE = Path(__file__).parent
CONNECTIONS = 32
_UNITS_MS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: answers a second, latencies, and answers that were no 2xx or 3xx, or none at all.

    `cpu_us` is what an answer took of our workers' processor time, which hardly depends on what else runs.
    """

    per_s: float
    p50_ms: float
    p99_ms: float
    failed: int
    cpu_us: float


def wrk(
    url: str,
    seconds: float,
    *,
    headers: Mapping[str, str] | None = None,
    connections: int = CONNECTIONS,
    script: str | None = None,
) -> Load:
    """Loads a URL from one thread; `script` is a Lua file of tests/bench."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", "--timeout", "10s"]
    command += [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command += ["-s", str(HERE / script)] if script else []
    ours = workers("/".join(url.split("/")[:3]))
    before_s = sum(map(cpu_s, ours))
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    took_s = sum(map(cpu_s, ours)) - before_s
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", said)))
    if errors := re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said):
        failed += sum(map(int, errors.groups()))
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    if rate is None or count is None:
        raise RuntimeError(said)
    cpu_us = took_s / max(1, int(count[1])) * 1e6
    return Load(float(rate[1]), _latency_ms(said, 50), _latency_ms(said, 99), failed, cpu_us)


def _latency_ms(said: str, percent: int) -> float:
    found = re.search(rf"^\s+{percent}%\s+([\d.]+)(\w+)\s*$", said, re.MULTILINE)
    if found is None:
        raise RuntimeError(said)
    return float(found[1]) * _UNITS_MS[found[2]]


@contextlib.contextmanager
def blueheart(*arguments: str, **env: str) -> Iterator[str]:
    """Runs `blueheart serve` on a data folder of its own, with its default log, and yields its origin."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bh-") as folder:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BLUEHEART_")}
        environ |= {"BLUEHEART_DATA_DIR": folder, "BLUEHEART_PORT": str(port)}
        environ |= {f"BLUEHEART_{name.upper()}": value for name, value in env.items()}
        command = [str(Path(sys.executable).with_name("blueheart")), "serve", *arguments]
        with running(command, port, environ, Path(folder) / "log"):
            yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def bare(content: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    """Runs the same server with an application that always sends one answer; yields its origin."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder) / "body"
        body.write_bytes(content)
        told = {**headers, "content-length": str(len(content))}
        lines = [f"{k}: {v}" for k, v in told.items() if k not in ("date", "server")]
        command = [sys.executable, str(HERE / "bare.py"), str(port), str(body), *lines]
        environ = {**os.environ, "BLUEHEART_PORT": str(port)}
        with running(command, port, environ, Path(folder) / "log"):
            yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def nginx(example: httpx.Response) -> Iterator[str]:
    """Runs nginx with one worker, serving the same bytes from a file; yields its origin."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "badge.svg").write_bytes(example.content)
        temporary = "".join(
            f"{name}_temp_path {folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (Path(folder) / "nginx.conf").write_text(
            f"worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error;"
            "events { worker_connections 1024; }"
            f"http {{ access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; {temporary}"
            "types { image/svg+xml svg; } keepalive_requests 100000000;"
            f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}"
        )
        Path(folder).chmod(0o755)
        binary = shutil.which("nginx") or "/usr/sbin/nginx"
        command = [binary, "-e", f"{folder}/error", "-c", f"{folder}/nginx.conf"]
        with running(command, port, dict(os.environ), Path(folder) / "log"):
            yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def running(
    command: list[str], port: int, environ: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server from when its port answers until it has ended; its output goes to `log`."""
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=environ, stdout=said, stderr=said)
    try:
        deadline = time.monotonic() + 20
        while not answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} does not start: {log.read_text()[-2000:]}")
            time.sleep(0.02)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    """Tells whether somebody listens."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def free_port() -> int:
    """Returns a port that nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
