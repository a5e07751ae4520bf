"""What is kept of a request: numbers, and a line that says what it asked for, how it went and how long.

Both name the route, never the path or the query: these may hold a person's name.
"""

import asyncio
import logging
import random
from datetime import UTC, datetime

import msgspec

from badge.telemetry import Answers, Metrics, Source

_MOST_LINES = 256
_SOON_S = 0.05

_log = logging.getLogger("badge.access")


class Line(msgspec.Struct, kw_only=True, gc=False):
    """What is told of one request; `ms` until the last byte of its answer, `bytes` of its body."""

    at: datetime
    level: str = "info"
    log: str = _log.name
    say: str = "request"
    request: str
    method: str
    route: str
    status: int
    ms: float
    bytes: int
    drew: str | msgspec.UnsetType = msgspec.UNSET
    source: str | msgspec.UnsetType = msgspec.field(default=msgspec.UNSET, name="from")


def new_id() -> str:
    """Returns a request's id: it finds a line, and guards nothing."""
    return format(random.getrandbits(64), "016x")


class AccessLog:
    """Counts requests, and writes their lines many at once: one by itself costs more than its answer."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._answers: dict[tuple[str, int, Source | None], Answers] = {}
        self._lines: list[Line] = []

    def note(
        self,
        *,
        request: str,
        method: str,
        route: str,
        status: int,
        seconds: float,
        sent_bytes: int,
        drew: str | None,
        source: Source | None,
    ) -> None:
        """Notes one request that was answered; `drew` is a template's path, `source` where it was found."""
        alike = (route, status, source)
        if (answers := self._answers.get(alike)) is None:
            answers = self._answers[alike] = self._metrics.answers(*alike)
        answers.add(seconds, sent_bytes)
        if not _log.isEnabledFor(logging.INFO):
            return
        self._lines.append(
            Line(
                at=datetime.now(UTC),
                request=request,
                method=method,
                route=route,
                status=status,
                ms=int(seconds * 100_000) / 100,
                bytes=sent_bytes,
                drew=drew or msgspec.UNSET,
                source=source or msgspec.UNSET,
            )
        )
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(_SOON_S, self.write)
        elif len(self._lines) == _MOST_LINES:
            self.write()

    def write(self) -> None:
        """Writes the lines that wait; a full batch goes at once, any other after 50 ms."""
        lines, self._lines = self._lines, []
        if lines:
            _log.info("%d requests", len(lines), extra={"lines": lines})
