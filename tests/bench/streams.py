"""Live counts, measured from outside: how soon a pledge shows on 5,000 screens of one worker, and their cost.

python streams.py [streams]; one JSON line. The screens share the machine with the server, so what they saw
is an upper bound; `worker_ms` is the time that the worker itself spends on one update.
"""

import asyncio
import json
import sys
import time
import uuid

import altcha
import httpx
from process import cpu_s, resident_kib, workers
from wire import blueheart

TURNS = 12
AT_ONCE = 100


class Screen(asyncio.Protocol):
    """One stream; notes when each event's end arrived."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.seen: dict[int, float] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        ask = f"GET /api/v1/campaigns/world/stream HTTP/1.1\r\nHost: {self.host}\r\n\r\n"
        transport.write(ask.encode())

    def data_received(self, data: bytes) -> None:
        if (at := data.rfind(b"\nid: ")) >= 0:
            self.seen[int(data[at + 5 : data.index(b"\n", at + 1)])] = time.perf_counter()


def pledge(client: httpx.Client) -> tuple[int, float]:
    """Pledges; returns the total and the moment at which it was sent."""
    asked = altcha.Challenge.from_dict(client.get("/api/v1/challenge?campaign=world").json())
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    body = {
        "campaign": "world",
        "source": "api",
        "solution": altcha.Payload(asked, solution).to_base64(),
    }
    sent = time.perf_counter()
    answer = client.post("/api/v1/pledges", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    return int(answer.raise_for_status().json()["total"]), sent


async def measure(origin: str, streams: int) -> None:
    """Opens the streams, pledges some times, and prints what was seen."""
    host, port = origin.removeprefix("http://").split(":")
    loop = asyncio.get_running_loop()
    with httpx.Client(base_url=origin) as client:
        pledge(client)
        (process,) = workers(origin)
        before_kib = resident_kib(process)
        screens: list[Screen] = []
        while len(screens) < streams:
            some = [Screen(host) for _ in range(min(AT_ONCE, streams - len(screens)))]
            await asyncio.gather(*(loop.create_connection(lambda s=one: s, host, int(port)) for one in some))
            screens += some
        while not all(one.seen for one in screens):  # noqa: ASYNC110 - an event each would be measured too
            await asyncio.sleep(0.1)
        each_kib = (resident_kib(process) - before_kib) / streams
        took: list[float] = []
        began_s = cpu_s(process)
        for _ in range(TURNS):
            await asyncio.sleep(0.5)
            total, sent = await asyncio.to_thread(pledge, client)
            while not all(total in one.seen for one in screens):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            took.append(max(one.seen[total] for one in screens) - sent)
        worker_ms = (cpu_s(process) - began_s) / TURNS * 1000
    took.sort()
    line = {
        "work": "streams",
        "who": "ours",
        "streams": streams,
        "kib_each": round(each_kib, 1),
        "worker_ms": round(worker_ms),
        "last_screen_ms_median": round(took[len(took) // 2] * 1000),
        "last_screen_ms_worst": round(took[-1] * 1000),
    }
    print(json.dumps(line), flush=True)


def main() -> None:
    streams = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    settings = {"PLEDGE_COST": "1", "PLEDGE_ATTEMPTS": "1", "PLEDGE_LIMIT": "off", "STREAM_LIMIT": "0"}
    with blueheart(**settings) as origin:
        asyncio.run(measure(origin, streams))


if __name__ == "__main__":
    main()
