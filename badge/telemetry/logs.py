"""Logs: one JSON object a line, with its request's id, without query strings, names or addresses."""

import logging
import sys
import time
import traceback
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import TextIO

import msgspec

request_id: ContextVar[str] = ContextVar("request_id", default="")

_ROOT = Path(__file__).resolve().parents[2]
_DEEPEST = 12
_ENCODER = msgspec.json.Encoder()


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; of an exception the type and the place, never the message.

    A message may quote what a visitor typed; the type and the lines of code cannot.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Returns the record's time (UTC), level, logger, message, request id and named facts.

        A record that brings whole `lines` (structs that name no person) is these and nothing else.
        """
        if lines := getattr(record, "lines", None):
            return _ENCODER.encode_lines(lines).decode().rstrip("\n")
        line: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{record.msecs:03.0f}Z",
            "level": record.levelname.lower(),
            "log": record.name,
            "say": record.getMessage(),
        }
        if (id_ := request_id.get()) and "request" not in record.__dict__:
            line["request"] = id_
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["frames"] = frames(record.exc_info[2])
        return msgspec.json.encode(line, enc_hook=str).decode()


def frames(trace: TracebackType | None) -> list[str]:
    """Returns the innermost lines of a traceback as `file:line function`, without any value."""
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)[-_DEEPEST:]
    ]


def configure_logs(level: str, stream: TextIO | None = None) -> None:
    """Sends all logs to `stream` (standard error) as JSON lines from `level` on; raises ValueError."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
