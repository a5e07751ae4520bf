"""From `blueheart serve` on an empty data folder to the first byte of a badge over HTTP, ten times.

python start.py; one JSON line.
"""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wire import free_port

TIMES = 10


def first_byte_s() -> float:
    """Starts the service, asks until a badge answers, and stops it."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bh-") as folder:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BLUEHEART_")}
        environ |= {"BLUEHEART_DATA_DIR": folder, "BLUEHEART_PORT": str(port)}
        command = [str(Path(sys.executable).with_name("blueheart")), "serve"]
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not first_byte(port):
                if process.poll() is not None or time.perf_counter() > began + 30:
                    raise RuntimeError("it does not start")
                time.sleep(0.005)
            return time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(30)


def first_byte(port: int) -> bool:
    """Asks for a badge; tells whether its first byte came."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as peer:
        peer.sendall(b"GET /badge/wear.svg?name=Zo%C3%AB HTTP/1.1\r\nHost: bench\r\n\r\n")
        return peer.recv(12) == b"HTTP/1.1 200"
    return False


def main() -> None:
    took = sorted(first_byte_s() for _ in range(TIMES))
    line = {
        "work": "serve-start",
        "who": "blue-heart",
        "times": TIMES,
        "p50_ms": round(statistics.median(took) * 1000),
        "best_ms": round(took[0] * 1000),
        "worst_ms": round(took[-1] * 1000),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
