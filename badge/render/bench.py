"""How long pictures take on this machine: each asked for anew with a name that no cache has seen."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from urllib.parse import urlencode

from badge.catalogue import Template
from badge.catalogue.fields import TextField
from badge.catalogue.query import read_query
from badge.render import render
from badge.render.kit import Kit

_FIRST = ("Zoë", "Anna", "Lukas", "Maria", "Noah", "Emma", "Jan", "Sofía", "Chloé", "Björn")
_LAST = (
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
_WARM_UP = 20
# Far from the numbers of the warm-up, and as long as each other.
_START = 1000


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one work took: the median and the 99th percentile, how many a second, and the mean size."""

    work: str
    who: str
    p50_ms: float
    p99_ms: float
    per_s: float
    bytes: int

    def __str__(self) -> str:
        return json.dumps(asdict(self))


def unique_name(number: int) -> str:
    """Returns a name that no other number has, so that nobody's cache of results helps."""
    return f"{_FIRST[number % 10]} {_LAST[number // 10 % 10]} {number}"


def measure(work: str, who: str, make: Callable[[str], bytes | str], seconds: float) -> Measurement:
    """Calls `make` with a new name again and again for `seconds`, after twenty that do not count."""
    for number in range(_WARM_UP):
        make(unique_name(number))
    laps_s: list[float] = []
    size = 0
    stop_at = time.perf_counter() + seconds
    while (start := time.perf_counter()) < stop_at:
        size += len(make(unique_name(_START + len(laps_s))))
        laps_s.append(time.perf_counter() - start)
    laps_s.sort()
    count = len(laps_s)
    return Measurement(
        work,
        who,
        p50_ms=round(laps_s[count // 2] * 1e3, 4),
        p99_ms=round(laps_s[int(count * 0.99)] * 1e3, 4),
        per_s=round(count / sum(laps_s), 1),
        bytes=round(size / count),
    )


def measure_templates(kit: Kit, templates: tuple[Template, ...], seconds: float) -> Iterator[Measurement]:
    """Yields a measurement of each template in each of its formats, from a query to bytes."""
    for template in templates:
        for format_ in template.manifest.formats:
            path = f"/{template.path}.{format_}"
            yield measure(path, "blue-heart", partial(_draw, kit, template, path), seconds)


def _draw(kit: Kit, template: Template, path: str, name: str) -> bytes:
    """Draws a template's first example, with `name` for the first text that a visitor types."""
    said = read_query(template.manifest.examples[0].query.encode())
    typed = (field for field, kind in template.manifest.fields.items() if isinstance(kind, TextField))
    if field := next(typed, None):
        said[field] = name
    live = template.manifest.shown()
    return render(kit.catalogue.parse(path, urlencode(said).encode(), live).spec, kit).body
