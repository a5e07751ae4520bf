"""What is kept of a request: numbers, and a line that says what it asked for, how it went and how long.

Both name the route, never the path or the query: these may hold a person's name.
"""

import asyncio
import logging
import time

import msgspec

from badge.telemetry import Metrics, Source

_log = logging.getLogger("badge.access")


class Line(msgspec.Struct, kw_only=True):
    """What is told of one request; `ms` until the last byte of its answer, `bytes` of its body."""

    at: str
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


class AccessLog:
    """Counts requests, and writes their lines of one turn of the event loop together: that costs a third."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._lines: list[Line] = []
        self._second = 0
        self._stamp = ""

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
        self._metrics.requests.add(route, str(status))
        self._metrics.request_seconds.observe(seconds, route)
        self._metrics.response_bytes.add(route, amount=sent_bytes)
        if source is not None:
            self._metrics.found(source)
        if not _log.isEnabledFor(logging.INFO):
            return
        line = Line(
            at=self._now(),
            request=request,
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 2),
            bytes=sent_bytes,
            drew=drew or msgspec.UNSET,
            source=source or msgspec.UNSET,
        )
        self._lines.append(line)
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            _log.info("%d requests", len(lines), extra={"lines": lines})

    def _now(self) -> str:
        second, fraction = divmod(time.time(), 1)
        if second != self._second:
            self._second = int(second)
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        return f"{self._stamp}.{int(fraction * 1000):03d}Z"
