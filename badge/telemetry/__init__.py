"""What the service says of itself: logs without persons, and numbers summed over all workers."""

from badge.telemetry.family import Counter, Gauge, Histogram
from badge.telemetry.logs import JsonLines, configure_logs, request_id
from badge.telemetry.metrics import Answers, Metrics, Source
from badge.telemetry.tally import Cell, Tallies

__all__ = [
    "Answers",
    "Cell",
    "Counter",
    "Gauge",
    "Histogram",
    "JsonLines",
    "Metrics",
    "Source",
    "Tallies",
    "configure_logs",
    "request_id",
]
