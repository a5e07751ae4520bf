"""What Chromium draws from our SVG is what our PNG shows: mean under 1.5/255, no 32 x 32 tile over 12/255."""

import base64
import io

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser

from badge.catalogue import RenderSpec
from badge.render import Kit, lay_out
from badge.render.proof import example_specs
from badge.render.raster import rasterize

TILE_PX = 32
KIT = Kit.load()
EXAMPLES = [spec for template in KIT.catalogue.templates.values() for spec in example_specs(template, KIT)]


@pytest.mark.parametrize("spec", EXAMPLES, ids=lambda spec: spec.canonical)
def test_chromium_draws_what_we_draw(spec: RenderSpec, chromium: Browser) -> None:
    svg = KIT.composer.svg(lay_out(spec, KIT))
    pixels = rasterize(svg)
    size = (pixels.width_px, pixels.height_px)
    ours = Image.new("RGB", size, "white")
    drawn = Image.frombuffer("RGBA", size, pixels.data, "raw", "BGRa", 0, 1)
    ours.paste(drawn, (0, 0), drawn)
    difference = ImageChops.difference(ours, browser_picture(chromium, svg, size))
    assert mean(difference) < 1.5
    for x in range(0, size[0], TILE_PX):
        for y in range(0, size[1], TILE_PX):
            tile = difference.crop((x, y, min(x + TILE_PX, size[0]), min(y + TILE_PX, size[1])))
            assert mean(tile) <= 12, f"the tile at {x}, {y}"


def mean(difference: Image.Image) -> float:
    return sum(ImageStat.Stat(difference).mean) / 3


def browser_picture(chromium: Browser, svg: str, size: tuple[int, int]) -> Image.Image:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme="light")
    source = base64.b64encode(svg.encode()).decode()
    img = f'<img style="display:block" src="data:image/svg+xml;base64,{source}">'
    page.set_content(f'<body style="margin:0;background:#fff">{img}')
    page.evaluate("document.images[0].decode()")
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": size[0], "height": size[1]})
    page.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")
