"""The home page for everyone: every language and scheme, by keyboard, on a small phone, on real pixels."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

AXE = Path(__file__).parents[2] / "widgets/node_modules/axe-core/axe.min.js"
FOUND = "axe.run().then((all) => all.violations.map(({ id, nodes }) => [id, ...nodes.map((n) => n.html)]))"
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh", "nl", "de", "pt", "ja")
READY = "Number.isInteger(document.querySelector('blue-heart-pledge').total)"
SMALL = """
[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 1)
  .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().width, e.getBoundingClientRect().height])
  .filter(([, width, height]) => width < 44 || height < 44)
"""
SHIFT = (
    "new Promise((done) => { let sum = 0; setTimeout(() => done(sum), 300);"
    " new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value })"
    ".observe({ type: 'layout-shift', buffered: true }) })"
)
# Every text on the night with its box, colour, and whether it is large (WCAG 2.2, 1.4.3).
TEXTS = """
[...document.querySelectorAll('.bar *, .night *')].filter((e) => e.checkVisibility() && !e.closest('.unseen'))
  .flatMap((e) => [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim()).map((n) => {
    const range = document.createRange();
    range.selectNodeContents(n);
    const { x, y, right, bottom, width } = range.getBoundingClientRect();
    const { color, fontSize, fontWeight } = getComputedStyle(e);
    let opacity = 1;
    for (let up = e; up; up = up.parentElement) opacity *= getComputedStyle(up).opacity;
    const size = parseFloat(fontSize);
    const large = size >= 24 || (size >= 18.66 && fontWeight >= 700);
    return width && [n.data.trim(), [x, y + scrollY, right, bottom + scrollY],
      color.match(/[\\d.]+/g).slice(0, 3).map(Number), opacity, large ? 3 : 4.5];
  })).filter(Boolean)
"""
BARE = (
    "(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('* { color: transparent !important;"
    " transition: none !important } img, svg { visibility: hidden !important }');"
    " document.adoptedStyleSheets = [sheet] })()"
)

Colour = tuple[float, float, float]


def luminance(colour: Colour) -> float:
    """Returns the relative luminance of an sRGB colour (WCAG 2.2)."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Colour, b: Colour) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/?lang=ar&name=Ana", "/?lang=ja&name=%E2%80%8B", "/privacy?lang=de"])
def test_axe_finds_nothing(there: str, visiting: Any, path: str, scheme: str) -> None:
    with visiting(there + path, color_scheme=scheme) as visit:
        if "privacy" not in path:
            visit.page.locator("blue-heart-pledge").scroll_into_view_if_needed()
            visit.until(READY)
        visit.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        visit.page.evaluate(AXE.read_text())
        assert visit.page.evaluate(FOUND) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_targets_are_large_and_nothing_overflows(there: str, visiting: Any, lang: str) -> None:
    with visiting(f"{there}/?lang={lang}&name=Ana") as visit:
        for width in (320, 360, 768, 1280):
            visit.page.set_viewport_size({"width": width, "height": 740})
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            assert visit.page.evaluate(SMALL) == []


@pytest.mark.parametrize("path", ["/c/world?lang=de", "/privacy", "/transparency", "/docs"])
def test_other_pages_fit_a_phone_too(there: str, visiting: Any, path: str) -> None:
    with visiting(there + path) as visit:
        for width in (320, 360):
            visit.page.set_viewport_size({"width": width, "height": 740})
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_while_the_page_comes_and_a_name_is_typed(
    there: str, visiting: Any, width: int
) -> None:
    with visiting(there, viewport={"width": width, "height": 740}) as visit:
        visit.page.locator("#name").press_sequentially("Zoë Müller", delay=60)
        visit.until("document.getElementById('status').textContent.includes('Müller')")
        visit.page.locator("#pledge").scroll_into_view_if_needed()
        visit.until(READY)
        assert visit.page.evaluate(SHIFT) <= 0.01


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
@pytest.mark.parametrize("query", ["", "?lang=ar&name=Ana"])
def test_every_text_on_the_night_can_be_read_on_its_brightest_pixel(
    there: str, visiting: Any, width: int, query: str
) -> None:
    with visiting(f"{there}/{query}", viewport={"width": width, "height": 900}) as visit:
        texts = visit.page.evaluate(TEXTS)
        assert len(texts) > 12
        visit.page.evaluate(BARE)
        ground = Image.open(io.BytesIO(visit.page.screenshot(full_page=True))).convert("RGB")
        for text, box, ink, opacity, wanted in texts:
            colours = ground.crop([round(edge) for edge in box]).getcolors(2**24)
            # A handful of pixels is the rounded corner behind a letter's box, not its ground.
            for _, paper in (found for found in colours if found[0] > 3):
                seen = tuple(i * opacity + p * (1 - opacity) for i, p in zip(ink, paper, strict=True))
                assert contrast(seen, paper) >= wanted, text


def test_the_keyboard_reaches_everything_and_shows_where_it_is(there: str, visiting: Any) -> None:
    with visiting(f"{there}/?name=Ana", viewport={"width": 1280, "height": 900}) as visit:
        here = "document.activeElement"
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate(f"{here}.className") == "skip"
        assert visit.page.evaluate(f"{here}.getBoundingClientRect().top") >= 0
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate(f"{here}.id") == "main"
        order = []
        for _ in range(10):
            visit.page.keyboard.press("Tab")
            order.append(visit.page.evaluate(f"{here}.id || {here}.dataset.format || {here}.name"))
            shown = f"getComputedStyle({here}.name === 'theme' ? {here}.nextElementSibling : {here})"
            assert visit.page.evaluate(f"{shown}.outlineStyle") != "none", order[-1]
        assert order == [
            "name", "lang", "size", "theme", "png", "jpg", "png", "svg", "svg", "png",
        ]  # fmt: skip


def test_a_phone_shows_name_picture_and_download_at_once(there: str, visiting: Any) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    with visiting(there, **phone) as visit:
        visit.page.fill("#name", "Ana")
        for selector in ("#name", "#card img", "#card a[data-format=png]"):
            box = visit.page.locator(selector).bounding_box()
            assert box and box["y"] >= 0 and box["y"] + box["height"] <= 740, selector


def test_forced_colours_leave_the_choice_to_be_seen(there: str, visiting: Any) -> None:
    with visiting(there, forced_colors="active") as visit:
        outline = "getComputedStyle(document.querySelector('[name=theme]:checked + span')).outlineStyle"
        assert visit.page.evaluate(outline) == "solid"
