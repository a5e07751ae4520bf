"""Every number that `/metrics` tells (docs/operations.md): what it counts, and which labels it may have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder

from badge.telemetry.family import Buckets, Counter, Family, Gauge, Histogram
from badge.telemetry.tally import Cell, Row

Source = Literal["memory", "redis", "render"]

STORES = ("data", "cache")
LIMITS = (
    *("pledges", "challenges", "forms", "receipts", "campaign", "campaign-day", "misses"),
    *("openings", "openings-all", "edits"),
)
_STATUSES = (
    *(200, 201, 204, 301, 303, 304, 307, 400, 401, 403, 404, 405, 406, 409, 410),
    *(413, 414, 415, 422, 429, 451, 500, 503),
)
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Answers:
    """The numbers of answers that are alike."""

    requests: Cell
    seconds: Buckets
    sent_bytes: Cell
    lookups: tuple[Cell, ...]

    def add(self, seconds: float, sent_bytes: int) -> None:
        """Counts one answer."""
        self.requests.add()
        self.seconds.add(seconds)
        self.sent_bytes.add(sent_bytes)
        for lookup in self.lookups:
            lookup.add()


class Metrics:
    """The families of one worker's row; `routes` are path templates, `formats` the files that are drawn."""

    def __init__(self, row: Row, routes: Sequence[str], formats: Sequence[str]) -> None:
        by_route, by_format = {"route": routes}, {"format": formats}
        self.requests = Counter(
            row,
            "blueheart_requests_total",
            "Requests answered, by the route's template and the status.",
            {**by_route, "status": [str(status) for status in _STATUSES]},
        )
        self.request_seconds = Histogram(
            row,
            "blueheart_request_seconds",
            "From a request to the last byte of its answer.",
            _SECONDS,
            by_route,
        )
        self.response_bytes = Counter(
            row,
            "blueheart_response_bytes_total",
            "Bytes of answers' bodies, as handed to the server.",
            by_route,
        )
        self.lookups = Counter(
            row,
            "blueheart_cache_lookups_total",
            "Pictures looked for, by cache: this worker's memory, then the cache store.",
            {"tier": ("memory", "store"), "result": ("hit", "miss")},
        )
        self.render_seconds = Histogram(
            row,
            "blueheart_render_seconds",
            "Drawing of a picture, before it is a file.",
            _SECONDS,
            by_format,
        )
        self.encode_seconds = Histogram(
            row,
            "blueheart_encode_seconds",
            "Encoding of pixels as a file, compression of an SVG.",
            _SECONDS,
            by_format,
        )
        self.render_queue = Gauge(
            row, "blueheart_render_queue", "Pictures that wait for a render thread, or are being drawn by it."
        )
        self.render_refusals = Counter(
            row,
            "blueheart_render_refusals_total",
            "Pictures refused with 503 because a render queue was full.",
        )
        self.memory_bytes = Gauge(
            row, "blueheart_memory_cache_bytes", "Bytes of pictures in the workers' memory."
        )
        self.streams = Gauge(row, "blueheart_streams", "Streams of events that are open.")
        self.store_errors = Counter(
            row,
            "blueheart_store_errors_total",
            "Commands that a store refused or did not answer in time.",
            {"store": STORES},
        )
        self.limit_refusals = Counter(
            row, "blueheart_limit_refusals_total", "Requests refused with 429, by limit.", {"limit": LIMITS}
        )
        self.limit_fail_opens = Counter(
            row,
            "blueheart_limit_fail_opens_total",
            "Requests let through uncounted because the cache store was away, by limit.",
            {"limit": LIMITS},
        )
        self.unexpected_errors = Counter(
            row,
            "blueheart_unexpected_errors_total",
            "Requests that met a fault in the program, answered 500.",
        )
        self.pledge_spikes = Counter(
            row,
            "blueheart_pledge_spikes_total",
            "Times that a flood of pledges made proofs harder.",
        )
        self.worker_starts = Counter(
            row, "blueheart_worker_starts_total", "Worker processes started since the service was."
        )
        self._families = [part for part in vars(self).values() if isinstance(part, Family)]

    def answers(self, route: str, status: int, source: Source | None) -> Answers:
        """Returns what counts answers of one route, status and source, for who counts often."""
        return Answers(
            self.requests.cell(route, str(status)),
            self.request_seconds.buckets(route),
            self.response_bytes.cell(route),
            self._found(source),
        )

    def write(self, accept: str, stores_up: Mapping[str, bool]) -> tuple[bytes, str]:
        """Returns the text of all families over all workers, and its media type as the Accept header asks."""
        encode, media_type = choose_encoder(accept)
        return encode(
            _Collected([*(family.collect() for family in self._families), _up(stores_up)])
        ), media_type

    def _found(self, source: Source | None) -> tuple[Cell, ...]:
        """Returns what counts where a picture was found, and so where it was not."""
        if source is None:
            return ()
        if source == "memory":
            return (self.lookups.cell("memory", "hit"),)
        return (
            self.lookups.cell("memory", "miss"),
            self.lookups.cell("store", "hit" if source == "redis" else "miss"),
        )


class _Collected:
    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        return iter(self._metrics)


def _up(stores: Mapping[str, bool]) -> Metric:
    metric = GaugeMetricFamily(
        "blueheart_store_up", "1 where a store answers now, else 0.", labels=("store",)
    )
    for store, is_up in stores.items():
        metric.add_metric((store,), float(is_up))
    return metric
