"""One worker under a true mixture: of twenty answers nineteen are hot badges, one a card never seen before.

python mix.py <seconds>; two JSON lines. 32 connections take their requests from one sequence, so the share of
the cards holds whatever each kind takes. The client shares the machine, so what it saw is an upper bound.
"""

import asyncio
import json
import sys
import time
from itertools import count

import httpx
from wire import CONNECTIONS, blueheart

BADGE = "/badge/wear.svg?name=Zo%C3%AB"
CARD = "/card/supporter.jpg?name=Ana%20{}"
EVERY = 20


class Visitor(asyncio.Protocol):
    """One connection; `seen` ends with the answer, whole, to what was sent last."""

    def __init__(self) -> None:
        self._head = b""
        self._missing = 0
        self.seen: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        if not self._missing:
            self._head += data
            head, end, body = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            self._head, self._missing = head, int(length) - len(body)
        else:
            self._missing -= len(data)
        if not self._missing:
            head, self._head = self._head, b""
            self.seen.set_result(head)

    async def ask(self, transport: asyncio.Transport, path: str) -> bytes:
        """Returns the head of the answer."""
        self.seen = asyncio.get_running_loop().create_future()
        transport.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        return await self.seen


async def visit(port: int, asked: "count[int]", until: float, took: dict[str, list[float]]) -> int:
    """Asks until the time is up; returns how many answers were no pictures."""
    transport, visitor = await asyncio.get_running_loop().create_connection(Visitor, "127.0.0.1", port)
    failed = 0
    while (began := time.perf_counter()) < until:
        number = next(asked)
        kind, path = ("card", CARD.format(number)) if number % EVERY == 0 else ("hot", BADGE)
        head = await visitor.ask(transport, path)
        took[kind].append(time.perf_counter() - began)
        failed += not head.startswith(b"HTTP/1.1 200")
    transport.close()
    return failed


async def load(origin: str, seconds: float) -> None:
    """Loads the server and prints what each kind of request took."""
    took: dict[str, list[float]] = {"hot": [], "card": []}
    asked, until = count(1), time.perf_counter() + seconds
    port = int(origin.rpartition(":")[2])
    failed = sum(await asyncio.gather(*(visit(port, asked, until, took) for _ in range(CONNECTIONS))))
    total = sum(map(len, took.values()))
    for kind, times in took.items():
        times.sort()
        line = {
            "work": "serve-mix",
            "who": f"blue-heart, {kind}",
            "per_s": round(len(times) / seconds),
            "share": round(len(times) / total, 4),
            "p50_ms": round(times[len(times) // 2] * 1000, 2),
            "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 2),
            "worst_ms": round(times[-1] * 1000, 1),
            "failed": failed,
        }
        print(json.dumps(line), flush=True)


def main() -> None:
    with blueheart(miss_limit="off") as origin:
        for path in [BADGE] * 3 + [CARD.format(0)]:
            httpx.get(origin + path).raise_for_status()
        asyncio.run(load(origin, 3 * float(sys.argv[1])))


if __name__ == "__main__":
    main()
