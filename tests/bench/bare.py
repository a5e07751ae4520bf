"""The server of `badge/server.py` with an application that gives one constant answer: the least it costs.

python bare.py <port> <file of the body> [header: value]...
"""

import sys
import threading
from pathlib import Path
from typing import Any

from badge.server import Bind, run_workers

PORT, BODY = int(sys.argv[1]), Path(sys.argv[2]).read_bytes()
HEADERS = [tuple(part.strip().encode() for part in line.split(":", 1)) for line in sys.argv[3:]]


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        for _ in range(2):
            message = await receive()
            await send({"type": message["type"] + ".complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


def load(*_: Any) -> Any:
    return answer


if __name__ == "__main__":
    run_workers(load, Bind("127.0.0.1", PORT), threading.Event(), workers=1, says="bare")
