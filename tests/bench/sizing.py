"""What one worker can do, for the table in docs/operations.md: python tests/bench/sizing.py [seconds]."""

import json
import os
import re
import sys
import time

import httpx
from process import resident_kib, workers
from wire import Load, blueheart, wrk

WORKS = (
    ("badge, SVG", "/badge/wear.svg?name=NAME"),
    ("badge, PNG", "/badge/wear.png?name=NAME&scale=2"),
    ("avatar, PNG", "/avatar/pin.png?name=NAME&size=512"),
    ("share image, JPEG", "/card/supporter.jpg?name=NAME"),
    ("share image, PNG", "/card/supporter.png?name=NAME"),
)
QUIET = {"miss_limit": "off", "pledge_limit": "off", "log_level": "warning"}


def main(seconds: float) -> None:
    with blueheart(**QUIET) as origin:
        tell("a worker at rest", memory_mb=most_mb(origin))
    for work, path in WORKS:
        with blueheart(**QUIET) as origin:
            example = httpx.get(origin + path.replace("NAME", "Ana")).raise_for_status()
            hot = wrk(origin + path.replace("NAME", "Ana"), seconds, headers={"Accept-Encoding": "br"})
            before = numbers(origin)
            os.environ["MARK"] = f"{time.time_ns():x}-"
            cold = wrk(origin + path, seconds, script="unseen.lua", connections=8)
            after = numbers(origin)
            drawn = after["count"] - before["count"]
            tell(
                work,
                bytes=len(example.content),
                hot=rounded(hot),
                cold=rounded(cold),
                render_ms=round((after["render"] - before["render"]) / drawn * 1000, 2),
                encode_ms=round((after["encode"] - before["encode"]) / drawn * 1000, 2),
                memory_mb=most_mb(origin),
            )


def most_mb(origin: str) -> int:
    return max(map(resident_kib, workers(origin))) // 1024


def rounded(load: Load) -> dict[str, float]:
    return {"per_s": round(load.per_s), "p99_ms": round(load.p99_ms, 1), "failed": load.failed}


def numbers(origin: str) -> dict[str, float]:
    text = httpx.get(f"{origin}/metrics").text

    def total(name: str) -> float:
        return sum(map(float, re.findall(rf"^blueheart_{name}{{[^}}]*}} (\S+)$", text, re.MULTILINE)))

    return {
        "count": total("render_seconds_count"),
        "render": total("render_seconds_sum"),
        "encode": total("encode_seconds_sum"),
    }


def tell(work: str, **facts: object) -> None:
    print(json.dumps({"work": f"sizing: {work}"} | facts), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
