"""Many pictures at once: every core draws, and each picture is handed over as soon as it is done."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from badge.catalogue import RenderSpec
from badge.render import Kit, Picture, render

Label = TypeVar("Label")

# Enough that no core waits for the next one, few enough that finished pictures do not pile up in memory.
_AHEAD = 4


def draw_all(
    jobs: Iterable[tuple[Label, RenderSpec]], font_dirs: Sequence[Path] = (), processes: int | None = None
) -> Iterator[tuple[Label, Picture]]:
    """Yields each label with its picture, in the order in which they are finished.

    `processes` is the number of cores where it is None. Raises ChildProcessError where one of them is killed.
    """
    count = processes or os.cpu_count() or 1
    todo = iter(jobs)
    under_way: dict[Future[Picture], Label] = {}
    pool = ProcessPoolExecutor(count)
    try:
        while True:
            for label, spec in islice(todo, count * _AHEAD - len(under_way)):
                under_way[pool.submit(_draw, spec, tuple(font_dirs))] = label
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
def _kit(font_dirs: tuple[Path, ...]) -> Kit:
    # Opened once in each drawing process, never in the one that asks.
    return Kit.load(font_dirs)


def _draw(spec: RenderSpec, font_dirs: tuple[Path, ...]) -> Picture:
    return render(spec, _kit(font_dirs))
