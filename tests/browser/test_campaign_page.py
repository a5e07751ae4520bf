"""A campaign's page in a browser: its count is live, by a stream or by asking, without a complaint."""

from typing import Any

import altcha
import httpx
import pytest
from playwright.sync_api import Page

COUNT = "document.querySelector('[data-live]').textContent"


def pledge(there: str, key: str) -> int:
    challenge = altcha.Challenge.from_dict(httpx.get(f"{there}/api/v1/challenge?campaign=world").json())
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    body = {
        "campaign": "world",
        "source": "api",
        "solution": altcha.Payload(challenge, solution).to_base64(),
    }
    answer = httpx.post(f"{there}/api/v1/pledges", json=body, headers={"Idempotency-Key": key})
    return int(answer.raise_for_status().json()["total"])


@pytest.mark.parametrize("lang", ["en", "fr", "ar", "ja"])
def test_the_count_follows_a_pledge_as_the_server_would_say_it(there: str, visiting: Any, lang: str) -> None:
    with visiting(f"{there}/c/world?lang={lang}") as visit:
        visit.page.wait_for_timeout(500)
        before = visit.page.evaluate(COUNT)
        pledge(there, f"Zq7-{lang}-k3Lw9Xv2Bn8Rt5Ym1PdQ{id(visit):x}")
        visit.until(f"{COUNT} !== {before!r}", seconds=5)
        live = visit.page.evaluate(COUNT)
        visit.page.goto(f"{there}/c/world?lang={lang}")
        assert visit.page.evaluate(COUNT) == live
        assert visit.violations() == []
        assert visit.complaints == []


def test_where_no_stream_comes_through_it_asks(there: str, visiting: Any) -> None:
    asked: list[str] = []

    def without_streams(page: Page) -> None:
        page.route("**/stream", lambda route: route.fulfill(status=204))
        page.on("request", lambda request: asked.append(request.url))

    with visiting(f"{there}/c/world?lang=en", before=without_streams) as visit:
        visit.until(f"{COUNT}.includes('pledge')")
        for _ in range(100):
            if any(url.endswith("/count") for url in asked):
                break
            visit.page.wait_for_timeout(50)
        assert any(url.endswith("/api/v1/campaigns/world/count") for url in asked)
