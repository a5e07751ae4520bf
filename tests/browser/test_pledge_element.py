"""<blue-heart-pledge> elsewhere, against the real service: one click counts once, whatever happens."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, Route

HEART = "document.querySelector('blue-heart-pledge')"
SAID = f"{HEART}.shadowRoot.querySelector('[role=status]')?.textContent"
THANKS = "Thank you. Your pledge is counted."
KEPT = "Not reachable. Your pledge is kept here and will be sent."


def pledge(more: str = 'lang="en"') -> str:
    return f'<blue-heart-pledge campaign="world" {more}><a href="/there">I pledge</a></blue-heart-pledge>'


def button(page: Page, name: str = "I pledge") -> Locator:
    return page.get_by_role("button", name=name)


@pytest.fixture
def home(there: str, elsewhere: Any) -> str:
    return str(elsewhere.put("/pledge", there, pledge()))


@pytest.fixture
def total(there: str) -> Callable[[], int]:
    def read() -> int:
        with urlopen(f"{there}/api/v1/campaigns/world/count", timeout=5) as answer:
            return int(json.load(answer)["total"])

    return read


def test_one_click_counts_one_and_is_taken_back(home: str, total: Callable[[], int], visiting: Any) -> None:
    before = total()
    with visiting(home) as visit:
        visit.page.evaluate(
            "window.heard = []; for (const name of ['pledged', 'withdrawn']) addEventListener("
            "`blue-heart:${name}`, ({ detail }) => heard.push([name, detail.campaign, detail.total]))"
        )
        visit.until(f"{HEART}.total", before)
        button(visit.page).click()
        visit.until(SAID, THANKS)
        assert total() == before + 1
        visit.until(f"{HEART}.total", before + 1)

        button(visit.page).click(force=True)
        time.sleep(0.5)
        assert total() == before + 1, "a second click pledges again"

        button(visit.page, "Withdraw my pledge").click()
        visit.until(SAID, "Your pledge is withdrawn.")
        assert total() == before
        visit.until(f"{HEART}.total", before)
        assert visit.page.evaluate("heard") == [
            ["pledged", "world", before + 1],
            ["withdrawn", "world", before],
        ]
        assert visit.page.evaluate("localStorage.length") == 0
        assert visit.complaints == [] and visit.violations() == []


def test_a_reload_remembers_and_can_withdraw(home: str, total: Callable[[], int], visiting: Any) -> None:
    before = total()
    with visiting(home) as visit:
        button(visit.page).click()
        visit.until(SAID, THANKS)
        visit.page.reload()
        visit.until(SAID, THANKS)
        visit.until(f"{HEART}.total", before + 1)
        button(visit.page, "Withdraw my pledge").click()
        visit.until(SAID, "Your pledge is withdrawn.")
    assert total() == before


def test_answers_lost_twice_count_one_pledge(home: str, total: Callable[[], int], visiting: Any) -> None:
    before = total()
    keys: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 2:
            return route.continue_()
        assert route.fetch().status == 201
        return route.abort("connectionreset")

    with visiting(home) as visit:
        visit.page.route("**/api/v1/pledges", lose)
        button(visit.page).click()
        visit.until(SAID, KEPT)
        visit.until(SAID, THANKS)
    assert len(keys) == 3 and len(set(keys)) == 1
    assert total() == before + 1


def test_a_page_left_while_sending_sends_the_same_when_it_is_opened_again(
    home: str, total: Callable[[], int], visiting: Any
) -> None:
    before = total()
    with visiting(home) as visit:
        visit.page.route("**/api/v1/pledges", lambda route: route.abort())
        button(visit.page).click()
        visit.until(SAID, KEPT)
        visit.page.unroute("**/api/v1/pledges")
        visit.page.reload()
        visit.until(SAID, THANKS)
        assert visit.page.evaluate(f"{HEART}.total") == before + 1
    assert total() == before + 1


def test_an_element_moved_while_sending_goes_on_there(home: str, visiting: Any) -> None:
    with visiting(home) as visit:
        visit.page.route("**/api/v1/pledges", lambda route: route.abort())
        button(visit.page).click()
        visit.until(SAID, KEPT)
        visit.page.unroute("**/api/v1/pledges")
        visit.page.evaluate(f"document.body.prepend({HEART})")
        visit.until(SAID, THANKS)


def test_a_click_ends_the_wait_for_the_next_try(home: str, visiting: Any) -> None:
    with visiting(home) as visit:
        away = {"status": 503, "headers": {"Retry-After": "3000", "Access-Control-Allow-Origin": "*"}}
        away["headers"]["Access-Control-Expose-Headers"] = "Retry-After"  # type: ignore[index]
        visit.page.route("**/api/v1/pledges", lambda route: route.fulfill(**away))
        button(visit.page).click()
        visit.until(SAID, KEPT)
        visit.page.unroute("**/api/v1/pledges")
        time.sleep(1.5)
        assert visit.page.evaluate(SAID) == KEPT, "Retry-After is not honoured"
        button(visit.page).click()
        visit.until(SAID, THANKS)


def test_what_the_service_refuses_is_said_in_its_own_words(there: str, elsewhere: Any, visiting: Any) -> None:
    url = elsewhere.put("/refused", there, pledge('lang="fr" country="Belgium"'))
    with visiting(url) as visit:
        button(visit.page, "Je m'engage").click()
        visit.until(f"{HEART}.shadowRoot.querySelector('[role=status]').lang", "en")
        assert "country" in visit.page.evaluate(SAID)
        assert visit.page.evaluate("localStorage.length") == 0


def test_by_keyboard_alone(home: str, visiting: Any) -> None:
    focused = f"{HEART}.shadowRoot.activeElement?.textContent"
    with visiting(home) as visit:
        button(visit.page).wait_for()
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate(focused) == "I pledge"
        ring = f"getComputedStyle({HEART}.shadowRoot.querySelector('.pill')).outline"
        assert "3px" in visit.page.evaluate(ring)
        visit.page.keyboard.press("Enter")
        visit.until(SAID, THANKS)
        assert visit.page.evaluate(focused) == "I pledge", "the focus is lost with the pledge"
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate(focused) == "Withdraw my pledge"
        visit.page.keyboard.press("Space")
        visit.until(SAID, "Your pledge is withdrawn.")
        assert visit.page.evaluate(focused) == "I pledge", "the focus is lost with the withdrawal"


def test_arabic_runs_from_right_to_left(there: str, elsewhere: Any, visiting: Any) -> None:
    with visiting(elsewhere.put("/ar", there, pledge(""), lang="ar")) as visit:
        act = button(visit.page, "أتعهّد")
        act.click()
        visit.until(SAID, "شكرًا. تم احتساب تعهّدك.")
        box = {
            name: visit.page.locator(name).bounding_box()
            for name in (".act svg", ".act span", "#count", "body")
        }
        assert box[".act svg"]["x"] > box[".act span"]["x"] > box["#count"]["x"]
        start_gap = box["body"]["x"] + box["body"]["width"] - box[".act svg"]["x"] - box[".act svg"]["width"]
        assert start_gap < 60, "the pill does not stand at the start edge"
        assert visit.complaints == []


def test_the_count_moves_on_other_pages_too(home: str, visiting: Any) -> None:
    asked: list[str] = []

    def watch(page: Page) -> None:
        page.clock.install()
        page.on("request", lambda request: asked.append(request.url))

    with visiting(home, before=watch) as watching, visiting(home) as acting:
        watching.until(f"Number.isInteger({HEART}.total)")
        before = watching.page.evaluate(f"{HEART}.total")
        button(acting.page).click()
        acting.until(SAID, THANKS)
        assert watching.page.evaluate(f"{HEART}.total") == before
        watching.page.clock.fast_forward(31_000)
        watching.until(f"{HEART}.total", before + 1)
        assert sum(url.endswith("/count") for url in asked) == 2, "it asks more often than every 30 s"
        assert watching.complaints == []


def test_two_buttons_and_two_tabs_are_one_pledge(
    there: str, elsewhere: Any, total: Callable[[], int], visiting: Any
) -> None:
    before = total()
    url = elsewhere.put("/two", there, pledge() + pledge('lang="en" id="second"'))
    second = "document.querySelector('#second')"
    with visiting(url) as visit:
        tab = visit.page.context.new_page()
        tab.goto(url)
        button(tab).first.wait_for()
        button(visit.page).first.click()
        visit.until(f"Boolean({second}.receipt) && {second}.total", before + 1)
        visit.until(f"{second}.shadowRoot.querySelector('[role=status]').textContent", THANKS)
        tab.get_by_text(THANKS).first.wait_for()
    assert total() == before + 1


def test_without_storage_a_pledge_lives_as_long_as_the_page(
    there: str, elsewhere: Any, total: Callable[[], int], visiting: Any
) -> None:
    before = total()
    with visiting(elsewhere.put("/sandbox", there, pledge(), sandbox=True)) as visit:
        button(visit.page).click()
        visit.until(SAID, THANKS)
        button(visit.page, "Withdraw my pledge").click()
        visit.until(SAID, "Your pledge is withdrawn.")
        assert visit.complaints == []
    assert total() == before


def test_a_plain_http_page_without_webcrypto_pledges(serve: Any, elsewhere: Any, visiting: Any) -> None:
    there = serve(pledge_limit="off").wait_ready().url
    url = elsewhere.put("/plain", there, pledge()).replace("127.0.0.1", "plain.test")
    with visiting(url) as visit:
        assert visit.page.evaluate("[isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
        visit.page.evaluate(
            "window.longest = 0; new PerformanceObserver((list) => {"
            " for (const { duration } of list.getEntries()) longest = Math.max(longest, duration) })"
            ".observe({ type: 'longtask' })"
        )
        button(visit.page).click()
        visit.until(SAID, THANKS, seconds=60)
        assert visit.page.evaluate("longest") < 200, "the page froze while it worked"
        assert visit.complaints == []
