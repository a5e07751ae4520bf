"""Numbers of all workers, side by side in shared memory: each adds to its own row, and anyone sums them.

The memory belongs to the parent process, so a worker that died leaves what it counted to its successor. There
is no file to clean up, and none that a read-only root would refuse.
"""

import multiprocessing.sharedctypes
from array import array
from typing import Any

_CELLS = 16_384  # 128 KB a worker, of which only touched pages take memory


class Cell:
    """One number of one worker; only that worker's event loop writes it, so no lock is needed."""

    __slots__ = ("_at", "_numbers")

    def __init__(self, numbers: Any = None, at: int = 0) -> None:
        self._numbers = array("d", (0.0,)) if numbers is None else numbers
        self._at = at

    @property
    def value(self) -> float:
        """Returns the number."""
        return float(self._numbers[self._at])

    def add(self, amount: float = 1.0) -> None:
        """Adds an amount."""
        self._numbers[self._at] += amount

    def set(self, value: float) -> None:
        """Replaces the number."""
        self._numbers[self._at] = value


class Tallies:
    """A row of numbers for each worker, in memory that processes share however they were started."""

    def __init__(self, workers: int = 1, cells: int = _CELLS) -> None:
        self.cells = cells
        self._shared = multiprocessing.sharedctypes.RawArray("d", workers * cells)

    def row(self, worker: int = 0) -> "Row":
        """Returns the row of one worker, counted from 0."""
        return Row(memoryview(self._shared).cast("B").cast("d"), self.cells, worker)


class Row:
    """One worker's numbers, handed out in the same order by every worker, so that all agree on the places."""

    def __init__(self, numbers: "memoryview[float]", cells: int, worker: int) -> None:
        self._numbers = numbers
        self._cells = cells
        self._begin = worker * cells
        self._taken = 0

    def claim(self, count: int) -> range:
        """Returns the next free places; raises ValueError where there are not so many."""
        places = range(self._taken, self._taken + count)
        if places.stop > self._cells:
            raise ValueError(f"a worker has room for {self._cells} numbers, not for {places.stop}")
        self._taken = places.stop
        return places

    def cell(self, at: int) -> Cell:
        """Returns this worker's own cell at a place."""
        return Cell(self._numbers, self._begin + at)

    def total(self, at: int) -> float:
        """Returns the sum of a place over all workers."""
        return float(sum(self._numbers[at :: self._cells].tolist()))
