"""What a page that embeds both elements may rely on: no complaint, no jump, links without scripts."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

AXE = Path(__file__).parents[2] / "widgets/node_modules/axe-core/axe.min.js"
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "nl", "de", "pt", "ja")


def both(there: str, lang: str = "en") -> str:
    return (
        f'<h1>Our page</h1><blue-heart-badge name="Zoë" lang="{lang}">'
        f'<a href="{there}/"><img src="{there}/badge/wear.svg?name=Zo%C3%AB" '
        'alt="Zoë wears the Blue Heart"></a>'
        "</blue-heart-badge>"
        f'<blue-heart-pledge campaign="world" lang="{lang}">'
        f'<a href="{there}/?campaign=world#pledge">I pledge</a>'
        "</blue-heart-pledge><p>What comes after.</p>"
    )


READY = (
    "['badge', 'pledge'].every((name) => document.querySelector(`blue-heart-${name}`)"
    ".shadowRoot.querySelector('a, button'))"
    " && Number.isInteger(document.querySelector('blue-heart-pledge').total)"
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_strictest_policy_has_nothing_to_say(
    there: str, elsewhere: Any, visiting: Any, lang: str
) -> None:
    asked: list[str] = []
    watch = lambda page: page.on("request", lambda request: asked.append(request.url))  # noqa: E731
    with visiting(elsewhere.put("/both", there, both(there, lang), lang=lang), before=watch) as visit:
        visit.until(READY)
        assert visit.complaints == [] and visit.violations() == []
        assert {f"{u.scheme}://{u.netloc}" for u in map(urlsplit, asked)} == {there, elsewhere.origin}
        assert visit.page.context.cookies() == []
        assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_breach_of_the_policy_would_be_seen(there: str, elsewhere: Any, visiting: Any) -> None:
    with visiting(elsewhere.put("/both", there, both(there))) as visit:
        visit.page.evaluate("document.body.setAttribute('style', 'color: red')")
        visit.page.evaluate("setTimeout(() => { document.body.innerHTML = '' })")
        visit.until(
            "violations.map((it) => it.split(' ')[0]).sort().join()",
            "require-trusted-types-for,style-src-attr",
        )
        assert len(visit.complaints) >= 2


def test_without_scripts_the_links_and_the_picture_are_there(
    there: str, elsewhere: Any, visiting: Any
) -> None:
    with visiting(elsewhere.put("/both", there, both(there)), java_script_enabled=False) as visit:
        link = visit.page.get_by_role("link", name="I pledge")
        link.wait_for()
        picture = visit.page.get_by_role("img", name="Zoë wears the Blue Heart").bounding_box()
        assert picture and picture["width"] > 100
        assert link.get_attribute("href") == f"{there}/?campaign=world#pledge"
        link.click()
        assert visit.page.url.startswith(f"{there}/?campaign=world")
        assert visit.page.locator("form").count() > 0


@pytest.mark.parametrize("width", [320, 800])
def test_nothing_jumps_with_the_published_line(there: str, elsewhere: Any, visiting: Any, width: int) -> None:
    viewport = {"width": width, "height": 700}
    with visiting(elsewhere.put("/both", there, both(there)), viewport=viewport) as visit:
        visit.until(READY)
        shift = visit.page.evaluate(
            "new Promise((done) => { let sum = 0; setTimeout(() => done(sum), 500);"
            " new PerformanceObserver((list) => { for (const { value } of list.getEntries()) sum += value })"
            ".observe({ type: 'layout-shift', buffered: true }) })"
        )
        assert shift <= 0.01


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_axe_finds_nothing(there: str, elsewhere: Any, visiting: Any, lang: str, scheme: str) -> None:
    found = (
        "axe.run().then((all) => all.violations.map(({ id, nodes }) => [id, ...nodes.map((n) => n.html)]))"
    )
    with visiting(elsewhere.put("/both", there, both(there, lang), lang=lang), color_scheme=scheme) as visit:
        visit.until(READY)
        visit.page.evaluate(AXE.read_text())
        assert visit.page.evaluate(found) == []
        visit.page.locator("blue-heart-pledge .act").click()
        visit.page.locator("blue-heart-pledge .undo").wait_for()
        visit.page.wait_for_timeout(700)
        assert visit.page.evaluate(found) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_targets_are_large_and_nothing_overflows(
    there: str, elsewhere: Any, visiting: Any, lang: str
) -> None:
    with visiting(elsewhere.put("/both", there, both(there, lang), lang=lang)) as visit:
        visit.until(READY)
        visit.page.locator("blue-heart-pledge .act").click()
        visit.page.locator("blue-heart-pledge .undo").wait_for()
        for width in (320, 640):
            visit.page.set_viewport_size({"width": width, "height": 700})
            for target in (".act", ".undo", "a[part=link]"):
                box = visit.page.locator(target).bounding_box()
                assert box and box["height"] >= 44 and box["width"] >= 44, (target, box)
            assert visit.page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_motion_is_reduced_where_it_is_unwelcome(there: str, elsewhere: Any, visiting: Any) -> None:
    moving = (
        "document.querySelector('blue-heart-pledge').shadowRoot.getAnimations().map((a) => a.animationName)"
    )
    for motion, expected in (("no-preference", ["beat"]), ("reduce", [])):
        with visiting(elsewhere.put("/both", there, both(there)), reduced_motion=motion) as visit:
            visit.until(READY)
            visit.page.locator("blue-heart-pledge .act").click()
            visit.page.locator("blue-heart-pledge .undo").wait_for()
            names = [name for name in visit.page.evaluate(moving) if name]
            assert names == expected


def test_the_script_may_be_there_twice_and_pinned_by_its_hash(
    there: str, elsewhere: Any, visiting: Any
) -> None:
    integrity = re.search(r"sha384-[^\"]+", (AXE.parents[2] / "v1/integrity.json").read_text())
    assert integrity
    again = (
        f'<script src="{there}/widgets/v1/blue-heart.js" integrity="{integrity[0]}" crossorigin></script>'
        f'<script src="{there}/widgets/v1/blue-heart.js"></script>'
    )
    with visiting(elsewhere.put("/twice", there, again + both(there))) as visit:
        visit.until(READY)
        assert visit.complaints == []


def test_a_hidden_element_is_hidden(there: str, elsewhere: Any, visiting: Any) -> None:
    with visiting(elsewhere.put("/both", there, both(there))) as visit:
        visit.until(READY)
        for name in ("badge", "pledge"):
            element = visit.page.locator(f"blue-heart-{name}")
            element.evaluate("(it) => { it.hidden = true }")
            assert not element.is_visible()
