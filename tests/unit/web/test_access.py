"""The access log: what waits is written soon, a full batch at once, and the rest when the worker ends."""

import asyncio
import json
import logging

import pytest

from badge.telemetry import JsonLines, Metrics, Tallies
from badge.web.access import AccessLog, new_id

ROUTE = "/{kind}/{file:path}"
LOGGER = "badge.access"


@pytest.fixture
def access() -> AccessLog:
    return AccessLog(Metrics(Tallies().row(), [ROUTE], ["svg"]))


def note(access: AccessLog, count: int = 1) -> None:
    for _ in range(count):
        access.note(
            request=new_id(),
            method="GET",
            route=ROUTE,
            status=200,
            seconds=0.001239,
            sent_bytes=4000,
            drew="badge/wear.svg",
            source="memory",
        )


def written(caplog: pytest.LogCaptureFixture) -> list[int]:
    return [len(vars(record)["lines"]) for record in caplog.records]


async def test_a_full_batch_is_written_at_once_and_the_rest_soon(
    access: AccessLog, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, LOGGER):
        note(access, 300)
        assert written(caplog) == [256]
        await asyncio.sleep(0.2)
    assert written(caplog) == [256, 44]


async def test_what_waits_is_written_at_the_end(access: AccessLog, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, LOGGER):
        note(access, 3)
        access.write()
        access.write()
    assert written(caplog) == [3]


async def test_a_line_says_when_what_and_how_long(
    access: AccessLog, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, LOGGER):
        note(access)
        access.write()
    line = json.loads(JsonLines().format(caplog.records[0]))
    assert line.pop("at").endswith("Z")
    assert len(line.pop("request")) == 16
    assert line == {
        "level": "info",
        "log": LOGGER,
        "say": "request",
        "method": "GET",
        "route": ROUTE,
        "status": 200,
        "ms": 1.23,
        "bytes": 4000,
        "drew": "badge/wear.svg",
        "from": "memory",
    }


async def test_no_line_is_made_that_nobody_wants(access: AccessLog, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, LOGGER):
        note(access, 3)
    with caplog.at_level(logging.INFO, LOGGER):
        access.write()
    assert written(caplog) == []
