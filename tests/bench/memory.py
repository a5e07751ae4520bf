"""Memory of one worker with default settings, while it answers addresses that nobody asked for before.

python memory.py <seconds>; one JSON line a measurement: `mixture` draws 500 pictures a second asked for, of
every template that says a text, in every size, format and language; `addresses` asks for 5,000 a second
asked for, badges but for one card in fifty.
"""

import json
import os
import random
import re
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

import httpx
from process import memory_mb, workers
from wire import blueheart, wrk

from badge.assets import asset_dir
from badge.catalogue import Catalogue
from badge.catalogue.manifest import Sizes
from badge.catalogue.query import read_query
from badge.content import LANGUAGES

SAID = ("name", "text", "message", "home")
BADGE = "/badge/wear.svg?name=Ana"
STEP_S = 3
REST_S = 3


def every_picture() -> list[str]:
    """Returns addresses for each template, size and format, as its examples say, in no order."""
    paths = [
        f"/{template.path}.{format_}?{urlencode(unseen(example.query, said) | {'size': size})}"
        for template in Catalogue.load(asset_dir("svg_templates")).templates.values()
        if template.kind != "notice"
        if (said := next((name for name in SAID if name in template.manifest.fields), None))
        for size in sides(template.manifest.sizes)
        for format_ in template.manifest.formats
        for example in template.manifest.examples[:4]
    ]
    random.Random(1).shuffle(paths)
    return paths


def sides(sizes: Sizes) -> tuple[str, ...]:
    """Returns all sizes, or of those that may be any number four."""
    return sizes.values or (str(sizes.minimum), sizes.default, str(sizes.maximum // 2), str(sizes.maximum))


def unseen(example: str, said: str) -> dict[str, str]:
    """Returns what an example asks for, with a mark for what nobody said before."""
    query = {name: value for name, value in read_query(example.encode()).items() if value != "auto"}
    return query | {said: f"{query.get(said, '')[:20]} NAME".strip()}


def badges_and_some_cards() -> list[str]:
    """Returns fifty addresses, of which one is a card's."""
    badges = [f"/badge/wear.svg?name=NAME&lang={lang}" for lang in islice(cycle(LANGUAGES), 49)]
    return [*badges, "/card/supporter.jpg?name=NAME"]


def drawn(origin: str) -> int:
    text = httpx.get(f"{origin}/metrics").text
    counts = re.findall(r"^blueheart_render_seconds_count{[^}]*} (\S+)$", text, re.MULTILINE)
    return round(sum(map(float, counts)))


def measure(work: str, paths: list[str], count: int) -> None:
    """Has `count` pictures drawn, and prints the worker's memory before and after."""
    with tempfile.TemporaryDirectory() as folder, blueheart(miss_limit="off") as origin:
        httpx.get(origin + BADGE).raise_for_status()
        (process,) = workers(origin)
        rest = memory_mb(process)
        file = Path(folder) / "paths"
        file.write_text("\n".join(paths))
        os.environ["PATHS"] = str(file)
        failed = 0
        for step in range(10_000):
            os.environ["MARK"] = f"{step}-"
            failed += wrk(origin, STEP_S, script="unseen.lua", connections=4).failed
            if (done := drawn(origin)) >= count:
                break
        time.sleep(REST_S)  # what the last visitors asked for is being drawn still
        line = {"work": f"serve-memory: {work}", "who": "blue-heart", "drawn": done, "failed": failed}
        print(json.dumps(line | {"at_rest_mb": rest["rss_mb"]} | memory_mb(process)), flush=True)


def main(seconds: float) -> None:
    measure("every template, size and format", every_picture(), round(500 * seconds))
    measure("badges, 2 % cards", badges_and_some_cards(), round(5000 * seconds))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)
