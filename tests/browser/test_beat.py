"""Hearts that beat in Chromium: our film moves and ends, and each of its frames is a moment of our SVG."""

import base64
import io
import time
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page

from badge.render import Kit, lay_out, render
from badge.render.beat import BEATS, PERIOD_MS, poses
from badge.render.film import shoot
from badge.render.raster import Pixels
from tests.browser.conftest import launch

KIT = Kit.load()
MOVING = {
    "/badge/wear": "name=Zo%C3%AB&size=20",
    "/avatar/glow": "name=Zo%C3%AB%20M&size=128",
    "/pin/enamel": "size=128",
}


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 260, "height": 140})
    yield page
    page.close()


def show(page: Page, markup: str) -> None:
    page.set_content(f'<body style="margin:0;background:#fff">{markup}')


def shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def test_a_film_moves_in_chromium_and_stands_still_after_its_last_beat(page: Page) -> None:
    picture = render(KIT.catalogue.parse("/pin/enamel.webp", b"size=64&animate=beat").spec, KIT)
    source = base64.b64encode(picture.body).decode()
    show(page, f'<img src="data:image/webp;base64,{source}">')
    page.evaluate("document.images[0].decode()")
    began = time.monotonic()
    seen = {shot(page).tobytes() for _ in range(8) if not time.sleep(0.05)}
    assert len(seen) > 2, "it moves"
    time.sleep(max(0.0, BEATS * PERIOD_MS / 1000 + 1 - (time.monotonic() - began)))
    # For longer than the rest between two beats.
    still = {shot(page).tobytes() for _ in range(PERIOD_MS // 100 + 1) if not time.sleep(0.1)}
    assert len(still) == 1, "it has come to rest"


@pytest.mark.parametrize("path", MOVING)
def test_every_frame_is_that_moment_of_the_svg(page: Page, path: str) -> None:
    query = f"{MOVING[path]}&animate=beat".encode()
    svg = render(KIT.catalogue.parse(f"{path}.svg", query).spec, KIT).body.decode()
    film = KIT.catalogue.parse(f"{path}.webp", query).spec
    beat = KIT.catalogue.get(film.kind, film.template).manifest.beat
    assert beat
    sizes = [pose.size for pose in poses(beat)]
    frames = [on_white(frame) for frame in shoot(lay_out(film, KIT), KIT).frames]
    show(page, svg.replace("<svg ", '<svg style="display:block" ', 1))
    at_ms = 0
    for pose in poses(beat):
        page.evaluate("at => document.getAnimations().forEach(a => { a.pause(); a.currentTime = at })", at_ms)
        seen = shot(page).crop((0, 0, *frames[0].size))
        apart = [unlike(frame, seen) for frame in frames]
        # Chromium paints what it animates on a layer of its own, with softer edges: so not 1.5 as at rest.
        assert min(apart) < 3
        # A heart of 12 px does not tell 1.08 from 1.09.
        off = 0.011 if path == "/badge/wear" else 1e-9
        assert sizes[apart.index(min(apart))] == pytest.approx(pose.size, abs=off), f"at {at_ms} ms"
        at_ms += pose.lasts_ms


def on_white(pixels: Pixels) -> Image.Image:
    size = (pixels.width_px, pixels.height_px)
    paper, drawn = (
        Image.new("RGB", size, "white"),
        Image.frombuffer("RGBA", size, pixels.data, "raw", "BGRa", 0, 1),
    )
    paper.paste(drawn, (0, 0), drawn)
    return paper


def unlike(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_who_asked_for_less_motion_sees_the_svg_at_rest(page: Page) -> None:
    svg = render(KIT.catalogue.parse("/pin/enamel.svg", b"size=64&animate=beat").spec, KIT).body.decode()
    page.emulate_media(reduced_motion="reduce")
    show(page, svg)
    assert page.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("document.getAnimations().length") == 1


def test_an_img_beats_but_for_a_reader_who_asked_for_less_motion(chromium: Browser) -> None:
    """The browser itself is told: what is emulated for a page does not reach the pictures on it."""
    assert len(moments(chromium)) > 1
    calm = launch(chromium.browser_type, "--force-prefers-reduced-motion")
    assert len(moments(calm)) == 1
    calm.close()


def moments(browser: Browser) -> set[bytes]:
    """Returns what a badge in an <img> looks like within its first two beats."""
    page = browser.new_page(viewport={"width": 260, "height": 44}, reduced_motion="null")
    svg = render(KIT.catalogue.parse("/badge/wear.svg", b"name=Ana&size=44&animate=beat").spec, KIT).body
    show(page, f'<img src="data:image/svg+xml;base64,{base64.b64encode(svg).decode()}">')
    page.evaluate("document.images[0].decode()")
    seen = {shot(page).tobytes() for _ in range(7) if not time.sleep(0.1)}
    page.close()
    return seen
