"""Serving, measured from outside: our server, the same server with a constant answer, and nginx, in turns.

python serving.py <work> <seconds a measurement>; one JSON line a measurement. What competes for the machine
slows all sides of a turn alike, so the ratios are medians over turns.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

import httpx
from wire import Load, bare, blueheart, nginx, wrk

TURNS = 5
BADGE = "/badge/wear.svg?name=Zo%C3%AB"
BADGES, CARDS = "/badge/wear.svg?name=NAME", "/card/supporter.jpg?name=NAME"


def warm(origin: str, path: str = BADGE) -> httpx.Response:
    """Returns a picture that comes from memory."""
    for _ in range(3):
        answer = httpx.get(origin + path, headers={"Accept-Encoding": "identity"}).raise_for_status()
    return answer


def in_turns(sides: dict[str, Callable[[], Load]]) -> dict[str, list[Load]]:
    """Measures each side in turn, over and over; the first turn only warms up."""
    loads: dict[str, list[Load]] = {side: [] for side in sides}
    for turn in range(TURNS + 1):
        for side, measured in sides.items():
            load = measured()
            if turn:
                loads[side].append(load)
    return loads


def tell(work: str, who: str, loads: list[Load], **more: object) -> None:
    """Prints one line: medians over the turns, and all failures."""
    line = {
        "work": work,
        "who": who,
        "per_s": round(statistics.median(load.per_s for load in loads)),
        "p50_ms": round(statistics.median(load.p50_ms for load in loads), 3),
        "p99_ms": round(statistics.median(load.p99_ms for load in loads), 3),
        "failed": sum(load.failed for load in loads),
    }
    if cpu_us := statistics.median(load.cpu_us for load in loads):
        line["cpu_us"] = round(cpu_us, 1)
    print(json.dumps(line | more), flush=True)


def ratio(loads: list[Load], to: list[Load]) -> float:
    """Returns the median over the turns of how many times as many answers one side gave as the other."""
    return round(statistics.median(a.per_s / b.per_s for a, b in zip(loads, to, strict=True)), 3)


def thrift(loads: list[Load], to: list[Load]) -> float:
    """Returns the median over the turns of how many times as many answers one side gives for its CPU time."""
    pairs = zip(loads, to, strict=True)
    return round(statistics.median(b.cpu_us / a.cpu_us if a.cpu_us else 0.0 for a, b in pairs), 3)


def hot(seconds: float) -> None:
    """A badge from memory, and its 304, beside a constant answer of the same server and beside nginx."""
    with ExitStack() as stack:
        ours = stack.enter_context(blueheart())
        example = warm(ours)
        constant = stack.enter_context(bare(example.content, dict(example.headers)))
        barest = stack.enter_context(bare(example.content, {"content-type": "image/svg+xml"}))
        peer = stack.enter_context(nginx(example))
        tag = {"If-None-Match": example.headers["etag"]}
        loads = in_turns(
            {
                "blue-heart": partial(wrk, ours + BADGE, seconds),
                "constant answer, our headers": partial(wrk, constant + BADGE, seconds),
                "constant answer, two headers": partial(wrk, barest + BADGE, seconds),
                "nginx": partial(wrk, f"{peer}/badge.svg", seconds),
                "blue-heart 304": partial(wrk, ours + BADGE, seconds, headers=tag),
            }
        )
    for who, measured in loads.items():
        tell("serve-hot", who, measured, bytes=0 if "304" in who else len(example.content))
    for told, by in (("answers a second", ratio), ("answers a CPU second", thrift)):
        against = {who: by(loads["blue-heart"], measured) for who, measured in loads.items()}
        print(json.dumps({"work": "serve-hot", f"ratio of a hot badge to, in {told}": against}), flush=True)


def workers(seconds: float) -> None:
    """From one worker and from two, in turns: a hot badge, where wrk takes a core too, and new pictures."""
    quiet = {"miss_limit": "off"}
    with blueheart("--workers", "1", **quiet) as one, blueheart("--workers", "2", **quiet) as two:
        sides = {"1": one, "2": two}
        for origin in (one, two, two):
            warm(origin)
        for what, load in (("hot badge", hot_load), ("new badges", new(BADGES)), ("new cards", new(CARDS))):
            loads = in_turns({count: partial(load, origin, seconds) for count, origin in sides.items()})
            for count, seen in loads.items():
                tell("serve-workers", f"{what}, {count} workers", seen)
            told = {
                "work": "serve-workers",
                f"{what}, ratio of 2 workers to 1": ratio(loads["2"], loads["1"]),
            }
            print(json.dumps(told | {"in answers a CPU second": thrift(loads["2"], loads["1"])}), flush=True)


def hot_load(origin: str, seconds: float) -> Load:
    """Asks for one badge."""
    return wrk(origin + BADGE, seconds)


def new(path: str) -> Callable[[str, float], Load]:
    """Returns how pictures are asked for that nobody asked for before."""

    def load(origin: str, seconds: float) -> Load:
        os.environ["MARK"] = f"{time.monotonic_ns():x}-"
        return wrk(origin + path, seconds, script="unseen.lua", connections=16)

    return load


WORKS = {"serve-hot": hot, "serve-workers": workers}


if __name__ == "__main__":
    WORKS[sys.argv[1]](float(sys.argv[2]))
