"""The home page in a browser: a name becomes pictures, files, code and a pledge, and leaves no trace."""

import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, Route

NAMES = ["Zoë Müller", "山田 太郎", "محمد", 'O\'Neil "&" <b>*[x](y)*</b> {alt} (1)!']
SOURCES = "[...document.querySelectorAll('#studio img')].map((image) => image.getAttribute('src'))"
CODES = "[...document.querySelectorAll('[data-pattern]')].map((code) => code.value)"
STATUS = "document.getElementById('status').textContent"
PROBLEM = "document.getElementById('problem').textContent"


def type_name(visit: Any, name: str) -> None:
    """Types a name and waits until its pictures are there."""
    visit.page.fill("#name", name)
    visit.until(f"{STATUS}.includes({name!r})" if "'" not in name else f"{STATUS} !== ''")


@pytest.mark.parametrize("name", NAMES)
def test_a_typed_name_gives_what_the_server_gives_for_it(there: str, visiting: Any, name: str) -> None:
    with visiting(f"{there}/?lang=de") as visit:
        type_name(visit, name)
        script = "[...document.querySelectorAll('#studio img')].map((i) => [i.src, i.alt])"
        typed, codes = visit.page.evaluate(script), visit.page.evaluate(CODES)
        links = "[...document.querySelectorAll('a[data-format]')].map((a) => a.href)"
        downloads = visit.page.evaluate(links)
        visit.page.goto(f"{there}/?lang=de&name={quote(name)}")
        assert visit.page.evaluate(script) == typed
        assert visit.page.evaluate(CODES) == codes
        assert visit.page.evaluate(links) == downloads


def test_the_page_asks_nobody_else_and_keeps_nothing(there: str, visiting: Any) -> None:
    asked: list[str] = []
    watch = lambda page: page.on("request", lambda request: asked.append(request.url))  # noqa: E731
    with visiting(there, before=watch) as visit:
        type_name(visit, "Ana")
        visit.page.select_option("#size", "story")
        visit.page.get_by_role("radio", name="Light").check()
        visit.until(f"{SOURCES}[0]", "/card/supporter.jpg?name=Ana&size=story&theme=light")
        assert visit.complaints == [] and visit.violations() == []
        assert {f"{u.scheme}://{u.netloc}" for u in map(urlsplit, asked)} == {there}
        assert visit.page.context.cookies() == []
        assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0
        # Histories outlive visits: what was picked may stay in the address, the name may not.
        assert visit.page.url == f"{there}/?lang=en&theme=light&size=story"


def test_another_language_keeps_the_name_out_of_the_address(there: str, visiting: Any) -> None:
    with visiting(there) as visit:
        type_name(visit, "Ana")
        visit.page.select_option("#lang", "ar")
        visit.page.wait_for_url("**/?lang=ar*")
        visit.until("document.documentElement.dir", "rtl")
        visit.until(f"{SOURCES}.every((source) => source.includes('lang=ar&name=Ana'))")
        assert visit.page.input_value("#name") == "Ana"
        assert "Ana" not in visit.page.url
        assert visit.page.evaluate("sessionStorage.length") == 0


def test_a_slow_answer_leaves_the_old_picture_and_the_last_name_wins(there: str, visiting: Any) -> None:
    held: list[Route] = []

    def hold(page: Page) -> None:
        page.route(re.compile(r"supporter\.jpg\?.*name=Slow"), lambda route: held.append(route))

    with visiting(there, before=hold) as visit:
        type_name(visit, "Ana")
        visit.page.fill("#name", "Slow")
        visit.until(f"{SOURCES}.filter((source) => source.includes('name=Slow')).length", 2)
        assert "name=Ana" in visit.page.evaluate(SOURCES)[0]
        link = visit.page.get_attribute("a[data-format=png]", "href")
        assert link == "/card/supporter.png?name=Slow&download=1"
        type_name(visit, "Last")
        for route in held:
            route.abort()
        visit.page.wait_for_timeout(300)
        assert all("name=Last" in source for source in visit.page.evaluate(SOURCES))
        assert visit.page.evaluate(PROBLEM) == ""


def test_a_name_that_cannot_be_drawn_is_explained_and_changes_nothing(there: str, visiting: Any) -> None:
    with visiting(there) as visit:
        type_name(visit, "Ana")
        visit.page.fill("#name", "official Ana")
        visit.until(f"{PROBLEM}.includes('certificate')")
        assert visit.page.get_attribute("#name", "aria-invalid") == "true"
        assert all("name=Ana" in source for source in visit.page.evaluate(SOURCES))
        type_name(visit, "Ana B")
        assert visit.page.evaluate(PROBLEM) == ""
        assert visit.page.get_attribute("#name", "aria-invalid") is None


def test_a_lost_connection_is_said_in_the_pages_language(there: str, visiting: Any) -> None:
    with visiting(f"{there}/?lang=fr") as visit:
        type_name(visit, "Ana")
        visit.page.context.set_offline(True)
        visit.page.fill("#name", "Ben")
        visit.until(f"{PROBLEM}.startsWith('Pas de connexion')")
        assert visit.page.get_attribute("#problem", "lang") == "fr"
        assert all("name=Ana" in source for source in visit.page.evaluate(SOURCES))
        visit.page.context.set_offline(False)
        type_name(visit, "Ben B")


def test_a_download_is_a_file_with_the_name_in_it(there: str, visiting: Any) -> None:
    with visiting(there) as visit:
        assert visit.page.locator("a[data-format][href]").count() == 0
        visit.page.fill("#name", "Zoë")
        # Ten seconds on a phone: no need to wait for the picture first.
        with visit.page.expect_download() as download:
            visit.page.get_by_role("link", name="Download PNG").click()
        assert "Zoë" in download.value.suggested_filename
        assert download.value.suggested_filename.endswith(".png")


def test_the_code_is_copied(there: str, visiting: Any) -> None:
    with visiting(there, permissions=["clipboard-read", "clipboard-write"]) as visit:
        type_name(visit, "Ana")
        button = visit.page.locator("[data-copy=code-md]")
        button.click()
        visit.until("document.querySelector('[data-copy=code-md] span').textContent", "Copied")
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert copied == visit.page.input_value("#code-md")
        assert "name=Ana" in copied


def test_where_the_clipboard_is_refused_the_code_is_selected(there: str, visiting: Any) -> None:
    def refuse(page: Page) -> None:
        page.add_init_script(
            "navigator.clipboard.writeText = () => Promise.reject(new Error());"
            "document.execCommand = () => false"
        )

    with visiting(there, before=refuse) as visit:
        visit.page.locator("[data-copy=code-html]").click()
        visit.until("document.querySelector('[data-copy=code-html] span').textContent.includes('Ctrl+C')")
        selected = "(({ selectionStart: a, selectionEnd: b, value }) => b - a === value.length)"
        assert visit.page.evaluate(f"{selected}(document.getElementById('code-html'))")


def test_a_pledge_moves_the_count_and_can_be_taken_back(there: str, visiting: Any) -> None:
    total = "document.querySelector('blue-heart-pledge').total"
    with visiting(there) as visit:
        visit.page.locator("blue-heart-pledge").scroll_into_view_if_needed()
        visit.until(f"Number.isInteger({total})")
        before = visit.page.evaluate(total)
        visit.page.locator("blue-heart-pledge .act").click()
        visit.until(total, before + 1)
        visit.page.locator("blue-heart-pledge .undo").click()
        visit.until(total, before)
        assert visit.complaints == [] and visit.violations() == []


def test_without_scripts_everything_is_a_form(there: str, visiting: Any) -> None:
    with visiting(f"{there}/?lang=nl", java_script_enabled=False) as visit:
        page = visit.page
        page.fill("#name", "Zoë")
        page.get_by_role("button", name="Toon mijn beelden").click()
        page.wait_for_url("**name=Zo%C3%AB**")
        for picture in page.get_by_role("img", name="Zoë draagt het Blauwe Hart").all():
            box = picture.bounding_box()
            assert box and box["width"] > 40
        assert page.get_by_role("button", name="Kopiëren").count() == 0
        page.wait_for_timeout(3100)
        page.get_by_role("button", name="Ik zet me in").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Dank je. Je belofte telt mee."
        receipt = page.input_value("#mine")
        page.reload()
        assert page.input_value("#mine") == receipt
        assert receipt not in page.url
        page.get_by_role("button", name="Mijn belofte intrekken").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Je belofte is ingetrokken."


def test_the_code_works_on_somebody_elses_page(there: str, elsewhere: Any, visiting: Any) -> None:
    with visiting(f"{there}/?name=Ana") as visit:
        html, _, widget = visit.page.evaluate(CODES)
    own = widget[widget.index("<blue-heart-badge") :]
    with visiting(elsewhere.put("/pasted", there, html + own)) as visit:
        visit.until("document.querySelector('main > a > img').naturalWidth > 100")
        visit.until(
            "document.querySelector('blue-heart-badge').shadowRoot.querySelector('img').naturalWidth > 100"
        )
        visit.until("Number.isInteger(document.querySelector('blue-heart-pledge').total)")
        assert visit.complaints == []
