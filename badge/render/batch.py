"""Many pictures at once: every core draws, and each picture is handed over as soon as it is done."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from badge.catalogue import RenderSpec
from badge.render import Kit, Picture, render
from badge.render.art import NO_ART, Art

Label = TypeVar("Label")

# Enough that no core waits for the next one, few enough that finished pictures do not pile up in memory.
_AHEAD = 4
# A squad shares a few large grounds, and these processes end with their work.
_GROUND_BYTES = 160 * 2**20


def draw_all(
    jobs: Iterable[tuple[Label, RenderSpec]],
    templates: Path | None = None,
    processes: int | None = None,
    art: Mapping[str, Art] = NO_ART,
) -> Iterator[tuple[Label, Picture]]:
    """Yields each label with its picture, in the order in which they are finished.

    `templates` is another folder of them; `processes` is the number of cores where it is None; `art` are the
    images of the specs by digest. Raises ChildProcessError where a drawing process is killed.
    """
    count = processes or os.cpu_count() or 1
    todo = iter(jobs)
    under_way: dict[Future[Picture], Label] = {}
    pool = ProcessPoolExecutor(count)
    try:
        while True:
            for label, spec in islice(todo, count * _AHEAD - len(under_way)):
                under_way[
                    pool.submit(_draw, spec, templates, {digest: art[digest] for _, digest in spec.images})
                ] = label
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                yield under_way.pop(future), future.result()
    except BrokenProcessPool:
        raise ChildProcessError(
            "a drawing process was killed, perhaps for want of memory; run it again"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@cache
def _kit(templates: Path | None) -> Kit:
    # Opened once in each drawing process, never in the one that asks.
    return Kit.load(templates=templates, ground_bytes=_GROUND_BYTES)


def _draw(spec: RenderSpec, templates: Path | None, art: Mapping[str, Art]) -> Picture:
    return render(spec, _kit(templates), art)
