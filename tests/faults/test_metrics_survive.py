"""What `/metrics` promises when workers die."""

import os
import re
import signal
from collections.abc import Callable
from typing import Any

import httpx


def number(text: str, series: str) -> float:
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_numbers_of_all_workers_are_one_sum_that_a_killed_worker_does_not_take_with_it(
    serve: Callable[..., Any],
) -> None:
    served = serve("--workers", "2", log_level="warning").wait_ready()
    answered = 0

    def ask(path: str) -> str:
        nonlocal answered
        try:
            text = httpx.get(served.url + path, timeout=5).text  # a connection each, so both workers get some
        except httpx.TransportError:  # it went to the dead worker's socket
            return ""
        answered += path == "/templates.json"
        return text

    def told() -> float:
        return number(ask("/metrics"), 'blueheart_requests_total{route="/templates.json",status="200"}')

    for _ in range(60):
        ask("/templates.json")
    served.until(lambda: told() == answered)
    assert {told() for _ in range(10)} == {answered}
    for pid in served.workers():
        os.kill(pid, signal.SIGKILL)
        served.until(lambda pid=pid: pid not in served.workers() and len(served.workers()) == 2)
        served.until(served.is_ready)
    for _ in range(20):
        ask("/templates.json")
    served.until(lambda: told() == answered)
    served.until(lambda: number(ask("/metrics"), "blueheart_worker_starts_total") == 4)


def test_while_the_cache_hangs_nobody_is_refused_and_the_numbers_say_why(
    serve: Callable[..., Any],
) -> None:
    served = serve(log_level="warning", miss_limit="1/day").wait_ready()
    cache = served.store.pid("cache")
    os.kill(cache, signal.SIGSTOP)
    try:
        pictures = [httpx.get(f"{served.url}/badge/wear.svg?name=Ana {n}", timeout=10) for n in range(5)]
        assert [picture.status_code for picture in pictures] == [200] * 5
        told = httpx.get(f"{served.url}/metrics", timeout=10).text
        assert number(told, 'blueheart_store_up{store="cache"}') == 0
        assert number(told, 'blueheart_store_up{store="data"}') == 1
        assert number(told, 'blueheart_limit_fail_opens_total{limit="misses"}') == 5
        assert number(told, 'blueheart_store_errors_total{store="cache"}') >= 1
    finally:
        os.kill(cache, signal.SIGCONT)
    served.until(
        lambda: httpx.get(f"{served.url}/badge/wear.svg?name={os.urandom(4).hex()}").status_code == 429
    )
