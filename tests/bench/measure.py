"""What every side of the benchmark shares: the names, and one JSON line a measurement."""

import json
import time
from collections.abc import Callable
from pathlib import Path

FIRST = ("Zoë", "Anna", "Lukas", "Maria", "Noah", "Emma", "Jan", "Sofía", "Chloé", "Björn")
LAST = (
    "Müller",
    "Janssens",
    "Peeters",
    "García",
    "Dubois",
    "Novak",
    "Rossi",
    "Sørensen",
    "Kowalski",
    "Silva",
)
WARM_UP = 20


def name(number: int) -> str:
    """Returns a name that no other number has, so that nobody's cache of results helps."""
    return f"{FIRST[number % 10]} {LAST[number // 10 % 10]} {number}"


def measure(work: str, who: str, make: Callable[[str], bytes], seconds: float, samples: Path | None) -> None:
    """Calls `make` with a new name again and again for `seconds` and prints one line."""
    for number in range(WARM_UP):
        made = make(name(number))
    if samples:
        samples.mkdir(parents=True, exist_ok=True)
        (samples / f"{work}-{who}.{'svg' if b'<svg' in made[:200] else 'img'}").write_bytes(made)
    laps_s: list[float] = []
    number, size = 1000, 0
    stop = time.perf_counter() + seconds
    while (start := time.perf_counter()) < stop:
        made = make(name(number))
        laps_s.append(time.perf_counter() - start)
        size += len(made)
        number += 1
    laps_s.sort()
    count = len(laps_s)
    line = {
        "work": work,
        "who": who,
        "p50_ms": round(laps_s[count // 2] * 1e3, 4),
        "p99_ms": round(laps_s[int(count * 0.99)] * 1e3, 4),
        "per_s": round(count / sum(laps_s), 1),
        "bytes": round(size / count),
    }
    print(json.dumps(line), flush=True)
