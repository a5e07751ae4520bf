"""Families of numbers under one name: a place in every worker's row for each combination of label values.

Labels are bounded: each comes with all values that it may have, and any further one counts as `other`.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from typing import ClassVar

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.utils import floatToGoString

from badge.telemetry.tally import Cell, Row

OTHER = "other"
# Where there may be more series than this, those that are 0 are left out: most never happen.
_MOST_ZEROS = 16

Labels = Mapping[str, Sequence[str]]


class Family(ABC):
    """The places of one family in the rows; each takes `width` cells."""

    def __init__(self, row: Row, labels: Labels, width: int = 1) -> None:
        self._row = row
        self._known = tuple(map(frozenset, labels.values()))
        self._places = {
            values: row.claim(width)
            for values in product(*((*dict.fromkeys(known), OTHER) for known in labels.values()))
        }

        self._made: dict[tuple[str, ...], tuple[Cell, ...]] = {}

    @abstractmethod
    def collect(self) -> Metric:
        """Returns the family with its samples."""

    def _cells(self, values: tuple[str, ...]) -> tuple[Cell, ...]:
        """Returns this worker's cells under these label values, made once: requests count by them."""
        cells = self._made.get(values)
        if cells is None:
            known = values if values in self._places else self._bounded(values)
            cells = tuple(map(self._row.cell, self._places[known]))
            self._made[known] = cells
        return cells

    def _bounded(self, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(v if v in known else OTHER for v, known in zip(values, self._known, strict=True))

    def _sums(self) -> Iterator[tuple[tuple[str, ...], list[float]]]:
        """Yields label values with the numbers under them, summed over all workers."""
        shows_zeros = len(self._places) <= _MOST_ZEROS
        for values, place in self._places.items():
            sums = [self._row.total(at) for at in place]
            if any(sums) or (shows_zeros and OTHER not in values):
                yield values, sums


class Numbers(Family):
    """One number for each combination of label values."""

    shape: ClassVar[type[CounterMetricFamily] | type[GaugeMetricFamily]]

    def __init__(self, row: Row, name: str, help_: str, labels: Labels | None = None) -> None:
        super().__init__(row, labels or {})
        self._texts = (name, help_, tuple(labels or {}))

    def cell(self, *values: str) -> Cell:
        """Returns the number under these label values, for those who write it often."""
        return self._cells(values)[0]

    def collect(self) -> Metric:
        """Returns the family with its samples."""
        name, help_, labels = self._texts
        metric = self.shape(name, help_, labels=labels)
        for values, (total,) in self._sums():
            metric.add_metric(values, total)
        return metric


class Counter(Numbers):
    """Counters, which only grow."""

    shape = CounterMetricFamily

    def add(self, *values: str, amount: float = 1.0) -> None:
        """Adds an amount under these label values."""
        self.cell(*values).add(amount)


class Gauge(Numbers):
    """Gauges, each the sum of what every worker has now; they begin at 0 when a worker is replaced."""

    shape = GaugeMetricFamily

    def __init__(self, row: Row, name: str, help_: str, labels: Labels | None = None) -> None:
        super().__init__(row, name, help_, labels)
        for (at,) in self._places.values():
            row.cell(at).set(0.0)

    def set(self, value: float, *values: str) -> None:
        """Replaces this worker's part of the number under these label values."""
        self.cell(*values).set(value)


@dataclass(frozen=True, slots=True)
class Buckets:
    """The cells of one histogram under one combination of label values."""

    bounds: tuple[float, ...]
    cells: tuple[Cell, ...]

    def add(self, value: float) -> None:
        """Counts one value."""
        self.cells[bisect_left(self.bounds, value)].add()
        self.cells[-1].add(value)


class Histogram(Family):
    """Histograms: a cell for each bucket, one for what lies above them all, and one for the sum."""

    def __init__(
        self, row: Row, name: str, help_: str, bounds: Sequence[float], labels: Labels | None = None
    ) -> None:
        super().__init__(row, labels or {}, len(bounds) + 2)
        self._bounds = tuple(bounds)
        self._texts = (name, help_, tuple(labels or {}))

    def buckets(self, *values: str) -> Buckets:
        """Returns the cells under these label values, for those who count often."""
        return Buckets(self._bounds, self._cells(values))

    def observe(self, value: float, *values: str) -> None:
        """Counts one value under these label values."""
        self.buckets(*values).add(value)

    def collect(self) -> Metric:
        """Returns the family with its samples."""
        name, help_, labels = self._texts
        metric = HistogramMetricFamily(name, help_, labels=labels)
        names = [*map(floatToGoString, self._bounds), "+Inf"]
        for values, (*counts, total) in self._sums():
            metric.add_metric(values, list(zip(names, accumulate(counts), strict=True)), total)
        return metric
