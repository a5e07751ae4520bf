"""What a picture costs beside few keys in the cache store and beside many: hot, and from the store, in turns.

python keys.py <seconds>: the second store holds 50,000 keys a second asked for (20 is a million). Memory is
made so small that pictures asked for in a circle always come from the store.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx
from redis import Redis
from serving import BADGE, in_turns, tell, warm
from wire import Load, blueheart, free_port, running, wrk

from badge.store.child import server_binary

IN_A_CIRCLE = 400  # 3 MB of badges, where the worker's memory takes 1
FEW = 10
BATCH = 5000
VALUE = os.urandom(100)
SMALL = {"memory_cache_bytes": str(2**20), "miss_limit": "off"}


@contextmanager
def store(keys: int) -> Iterator[int]:
    """Runs a cache store that holds so many other pictures' keys; yields its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bh-") as folder:
        options = ("--maxmemory", "1gb", "--maxmemory-policy", "allkeys-lfu", "--save", "", "--dir", folder)
        command = [server_binary(), "--port", str(port), "--bind", "127.0.0.1", *options]
        with running(command, port, dict(os.environ), Path(folder) / "log"), Redis(port=port) as client:
            for first in range(0, keys, BATCH):
                pipeline = client.pipeline(transaction=False)
                for number in range(first, min(first + BATCH, keys)):
                    pipeline.set(f"bh:cache:picture:2::{number:032x}:{number:032x}", VALUE, ex=86_400)
                pipeline.execute()
            yield port


def in_a_circle(origin: str, paths: Path, seconds: float) -> Load:
    """Loads one address after the other, so that each has left the worker's memory when its turn comes."""
    os.environ["PATHS"] = str(paths)
    try:
        return wrk(origin, seconds, script="unseen.lua")
    finally:
        del os.environ["PATHS"]


def main(seconds: float) -> None:
    many = round(50_000 * seconds)
    with ExitStack() as stack:
        paths = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "paths"
        paths.write_text("\n".join(f"/badge/wear.svg?name=Ana%20{n}" for n in range(IN_A_CIRCLE)))
        hot, circle = {}, {}
        for count in (FEW, many):
            port = stack.enter_context(store(count))
            origin = stack.enter_context(blueheart(cache_url=f"redis://127.0.0.1:{port}", **SMALL))
            hot[f"hot, {count:,} keys"] = partial(wrk, origin + BADGE, 1)
            circle[f"from the store, {count:,} keys"] = partial(in_a_circle, origin, paths, 1)
            for path in paths.read_text().split():
                httpx.get(origin + path).raise_for_status()
            warm(origin)
        loads = in_turns(hot | circle)
        for who, measured in loads.items():
            tell("serve-keys", who, measured)
        told = httpx.get(f"{origin}/metrics").text
        drawn = re.search(r'^blueheart_render_seconds_count{format="svg"} (\S+)$', told, re.MULTILINE)
        print(json.dumps({"work": "serve-keys", "drawn in all": drawn and float(drawn[1])}), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
