"""What Chromium draws from our SVG is what our PNG shows: mean under 1.5/255, no 32 x 32 tile over 12/255."""

import base64
import io
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageDraw, ImageStat
from playwright.sync_api import Browser, Page

from badge.catalogue import RenderSpec
from badge.catalogue.fields import ImageField
from badge.render import Kit, lay_out
from badge.render.art import Art
from badge.render.proof import example_specs
from badge.render.raster import Pixels, rasterize

TILE_PX = 32
KIT = Kit.load()
TEMPLATES = list(KIT.catalogue.templates.values())
EXAMPLES = [spec for template in TEMPLATES for spec in example_specs(template, KIT)]
WITH_IMAGES = [
    (spec, [name for name, field in template.manifest.fields.items() if isinstance(field, ImageField)])
    for template in TEMPLATES
    for spec in example_specs(template, KIT)
    if any(isinstance(field, ImageField) for field in template.manifest.fields.values())
]


NAMES = (
    *("Anna Kowalski", "Nguyễn Thị Ánh", "Мария", "محمد عبد الله", "שלום כהן", "अनिता शर्मा", "สมชาย ใจดี"),
    *("蓝心支持者", "山田 太郎", "김민수", "សុខ ដារ៉ា", "Ana 💙"),
)


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("spec", EXAMPLES, ids=lambda spec: spec.canonical)
def test_chromium_draws_what_we_draw(spec: RenderSpec, page: Page) -> None:
    svg = KIT.composer.svg(lay_out(spec, KIT))
    assert_alike(rasterize(svg), svg, page)


@pytest.mark.parametrize("size", [20, 28, 32, 44])
@pytest.mark.parametrize(
    "badge",
    ["wear.svg?name={0}", "flat.svg?label={0}&message={0}", "flat.svg?label={0}&message={0}&style=plastic"],
)
def test_small_text_of_every_script_is_drawn_alike(badge: str, size: int, page: Page) -> None:
    for name in NAMES:
        path, _, query = f"/badge/{badge.format(quote(name))}&size={size}".partition("?")
        svg = KIT.composer.svg(lay_out(KIT.catalogue.parse(path, query.encode()).spec, KIT))
        assert_alike(rasterize(svg), svg, page)


@pytest.mark.parametrize(
    ("spec", "fields"), WITH_IMAGES[::3], ids=lambda value: getattr(value, "canonical", "")
)
def test_chromium_draws_crests_as_we_do(spec: RenderSpec, fields: list[str], page: Page) -> None:
    """Cards with crests are only ever pixels; for the comparison their pictures are put into the SVG."""
    png = crest()
    art = Art.decode(png)
    with_crests = replace(spec, images=tuple((name, art.digest) for name in fields))
    svg = KIT.composer.svg(lay_out(with_crests, KIT, {art.digest: art}))
    pixels = rasterize(svg, images=dict.fromkeys(fields, art))
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    shown = svg
    for name in fields:
        assert f'href="bh:{name}"' in svg
        shown = shown.replace(f'href="bh:{name}"', f'href="{source}"')
    assert_alike(pixels, shown, page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_auto_is_the_readers_theme(scheme: Literal["light", "dark"], page: Page) -> None:
    for template in TEMPLATES:
        if "auto" not in template.manifest.themes or template.manifest.hidden:
            continue
        for spec in example_specs(template, KIT):
            auto, fixed = replace(spec, theme="auto"), replace(spec, theme=scheme)
            pixels = rasterize(KIT.composer.svg(lay_out(fixed, KIT)))
            assert_alike(pixels, KIT.composer.svg(lay_out(auto, KIT)), page, scheme)


def assert_alike(pixels: Pixels, svg: str, page: Page, scheme: Literal["light", "dark"] = "light") -> None:
    size = (pixels.width_px, pixels.height_px)
    ours = Image.new("RGB", size, "white")
    drawn = Image.frombuffer("RGBA", size, pixels.data, "raw", "BGRa", 0, 1)
    ours.paste(drawn, (0, 0), drawn)
    difference = ImageChops.difference(ours, browser_picture(page, svg, size, scheme))
    assert mean(difference) < 1.5
    for x in range(0, size[0], TILE_PX):
        for y in range(0, size[1], TILE_PX):
            tile = difference.crop((x, y, min(x + TILE_PX, size[0]), min(y + TILE_PX, size[1])))
            assert mean(tile) <= 12, f"the tile at {x}, {y}"


def mean(difference: Image.Image) -> float:
    return sum(ImageStat.Stat(difference).mean) / 3


def browser_picture(
    page: Page, svg: str, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> Image.Image:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    source = base64.b64encode(svg.encode()).decode()
    img = f'<img style="display:block" src="data:image/svg+xml;base64,{source}">'
    page.set_content(f'<body style="margin:0;background:#fff">{img}')
    page.evaluate("document.images[0].decode()")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def crest() -> bytes:
    image = Image.new("RGBA", (180, 240), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon([(10, 10), (170, 10), (170, 140), (90, 230), (10, 140)], fill="#c8102e")
    draw.ellipse((50, 50, 130, 130), fill="#ffd700")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
