"""Serving, measured from outside: our server, the same server with a constant answer, and nginx, in turns.

python serving.py <work> <seconds a measurement>; one JSON line a measurement. What competes for the machine
slows all sides of a turn alike, so the ratios are medians over turns.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import httpx
from wire import Load, bare, blueheart, nginx, wrk

TURNS = 5
BADGE = "/badge/wear.svg?name=Zo%C3%AB"


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
    print(json.dumps(line | more), flush=True)


def ratio(loads: list[Load], to: list[Load]) -> float:
    """Returns the median over the turns of how many times as many answers one side gave as the other."""
    return round(statistics.median(a.per_s / b.per_s for a, b in zip(loads, to, strict=True)), 3)


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
    against = {who: ratio(loads["blue-heart"], measured) for who, measured in loads.items()}
    print(json.dumps({"work": "serve-hot", "ratio of a hot badge to": against}), flush=True)


def mix(seconds: float) -> None:
    """A hot badge alone, then while new cards keep the render thread busy; `share` is that of the cards."""
    with blueheart(miss_limit="off") as ours:
        warm(ours)
        alone = wrk(ours + BADGE, seconds)
        with ThreadPoolExecutor(1) as pool:
            card = f"{ours}/card/supporter.jpg?name=NAME"
            cold = pool.submit(wrk, card, seconds + 1, script="unseen.lua", connections=1)
            time.sleep(0.5)
            mixed = wrk(ours + BADGE, seconds)
            drawn = cold.result()
    tell("serve-mix", "hot badges alone", [alone])
    tell("serve-mix", "hot badges beside new cards", [mixed])
    tell("serve-mix", "new cards", [drawn], share=round(drawn.per_s / (drawn.per_s + mixed.per_s), 4))


def workers(seconds: float) -> None:
    """The same badge from one worker and from two, in turns; wrk itself takes a core."""
    with blueheart("--workers", "1") as one, blueheart("--workers", "2") as two:
        for _ in range(4):
            warm(one)
            warm(two)
        loads = in_turns({"1": partial(wrk, one + BADGE, seconds), "2": partial(wrk, two + BADGE, seconds)})
    for count, measured in loads.items():
        tell("serve-workers", f"{count} workers", measured)
    print(json.dumps({"work": "serve-workers", "ratio of 2 to 1": ratio(loads["2"], loads["1"])}), flush=True)


WORKS = {"serve-hot": hot, "serve-mix": mix, "serve-workers": workers}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args()
    WORKS[asked.work](asked.seconds)


if __name__ == "__main__":
    main()
