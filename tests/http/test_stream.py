"""Live totals over a real server: every screen, however it came to be connected, shows the latest."""

import json
import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.conftest import Pledging, Served

STREAM = "/api/v1/campaigns/world/stream"


@dataclass(frozen=True)
class Event:
    id: int
    total: int


class Screen:
    """One open stream, read line by line."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.lines = response.iter_lines()

    def event(self) -> Event:
        id_ = None
        for line in self.lines:
            if line.startswith("id: "):
                id_ = int(line[4:])
            elif line.startswith("data: ") and id_ is not None:
                return Event(id_, json.loads(line[6:])["total"])
        raise EOFError


@contextmanager
def screen(served: Served, **headers: str) -> Iterator[Screen]:
    with httpx.stream("GET", served.url + STREAM, headers=headers, timeout=20) as response:
        yield Screen(response)


def pledge(served: Served) -> int:
    challenge = httpx.get(f"{served.url}/api/v1/challenge?campaign=world").json()
    body = {"campaign": "world", "source": "api", "solution": Pledging.solve(challenge)}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    answer = httpx.post(f"{served.url}/api/v1/pledges", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["total"])


@pytest.fixture
def cheap(serve: Any) -> Any:
    def start(*arguments: str, **settings: str) -> Served:
        cheaply = {"pledge_cost": "1", "pledge_attempts": "1", "pledge_limit": "off"}
        return serve(*arguments, **cheaply, **settings).wait_ready()

    return start


def test_a_stream_begins_with_the_total_and_follows_it(served: Served) -> None:
    with screen(served) as shown:
        assert shown.response.headers["content-type"].startswith("text/event-stream")
        assert shown.response.headers["access-control-allow-origin"] == "*"
        assert shown.response.headers["cache-control"] == "no-store"
        first = shown.event()
        total = pledge(served)
        assert shown.event() == Event(first.id + 1, total)


def test_who_comes_back_is_told_only_what_changed(served: Served) -> None:
    with screen(served) as shown:
        seen = shown.event()
    with screen(served, **{"Last-Event-ID": str(seen.id)}) as shown:
        total = pledge(served)
        assert shown.event() == Event(seen.id + 1, total)
    for nonsense in ("x", "9" * 500, "-1", "1e9"):
        with screen(served, **{"Last-Event-ID": nonsense}) as shown:
            assert shown.event().total == total


def test_every_worker_hears_every_pledge(cheap: Any) -> None:
    served = cheap("--workers", "2")
    with screen(served) as one, screen(served) as two, screen(served) as three, screen(served) as four:
        screens = (one, two, three, four)
        for shown in screens:
            assert shown.event().total == 0
        total = pledge(served)
        assert {shown.event().total for shown in screens} == {total}


def test_an_address_has_so_many_streams_and_gets_one_back_when_it_closes_one(cheap: Any) -> None:
    served = cheap(stream_limit="2")
    with screen(served) as one, screen(served):
        assert one.event().total == 0
        refused = httpx.get(served.url + STREAM)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
    served.until(lambda: _is_open(served))


def _is_open(served: Served) -> bool:
    with screen(served) as shown:
        return shown.response.status_code == 200


def test_a_server_that_stops_ends_its_streams_first(cheap: Any) -> None:
    served = cheap()
    with screen(served) as shown:
        shown.event()
        began = time.monotonic()
        assert served.stop(signal.SIGTERM) == 0
        assert time.monotonic() - began < 10
        # The server may close before its last, empty chunk is out: a browser comes back either way.
        with pytest.raises((EOFError, httpx.RemoteProtocolError)):
            shown.event()


def test_a_stream_catches_up_after_the_store_was_killed(cheap: Any) -> None:
    served = cheap()
    with screen(served) as shown:
        first = shown.event()
        os.kill(served.store.pid("data"), signal.SIGKILL)
        served.until(served.is_ready, 20)
        total = pledge(served)
        while (seen := shown.event()).total < total:
            pass
        assert seen.id > first.id


def test_an_unknown_campaign_has_no_stream(served: Served) -> None:
    answer = httpx.get(f"{served.url}/api/v1/campaigns/nobody/stream")
    assert answer.status_code == 404
    assert httpx.head(served.url + STREAM).status_code == 200
    assert httpx.post(served.url + STREAM).status_code == 405
