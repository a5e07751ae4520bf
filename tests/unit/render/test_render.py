import io
import xml.etree.ElementTree as ET
from urllib.parse import quote

import cairosvg.path
import cairosvg.surface
import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageStat

from badge.catalogue import RenderSpec
from badge.errors import InvalidField
from badge.render import Kit, Picture, lay_out, render, render_notice
from badge.render.proof import example_specs
from badge.render.raster import Pixels, rasterize


def spec_of(kit: Kit, url: str) -> RenderSpec:
    path, _, query = url.partition("?")
    return kit.catalogue.parse(path, query.encode(), {"count": 1234}).spec


def all_examples(kit: Kit) -> list[RenderSpec]:
    return [spec for template in kit.catalogue.templates.values() for spec in example_specs(template, kit)]


def test_same_spec_same_bytes(kit: Kit) -> None:
    for ext in ("svg", "png"):
        spec = spec_of(kit, f"/badge/wear.{ext}?name=Zoë")
        assert render(spec, kit).body == render(spec, Kit.load()).body


def test_svg_says_who_wears_it_and_needs_no_font(kit: Kit) -> None:
    svg = ET.fromstring(render(spec_of(kit, "/badge/wear.svg?name=" + quote('<b> & "Ana"')), kit).body)
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == '<b> & "Ana" wears the Blue Heart'
    tags = {element.tag.rpartition("}")[2] for element in svg.iter()}
    assert tags <= {"svg", "title", "rect", "path", "g"}


def test_a_name_that_is_only_a_heart_is_drawn_in_its_blue(kit: Kit) -> None:
    svg = ET.fromstring(render(spec_of(kit, "/badge/wear.svg?name=%F0%9F%92%99"), kit).body)
    assert [path.get("fill") for path in svg.iter("{http://www.w3.org/2000/svg}path")][-1] == "#009edb"


def test_auto_theme_carries_both_palettes(kit: Kit) -> None:
    body = render(spec_of(kit, "/badge/wear.svg?name=Ana&theme=auto"), kit).body.decode()
    assert "@media(prefers-color-scheme:dark)" in body
    assert ".paper{fill:#0b1f33}" in body
    assert 'class="paper" fill="#ffffff"' in body


@pytest.mark.parametrize("template", ["wear", "count", "countdown"])
def test_a_heart_beats_only_for_readers_who_want_motion(kit: Kit, template: str) -> None:
    name = "name=Ana&" if template == "wear" else ""
    still = render(spec_of(kit, f"/badge/{template}.svg?{name}animate=none"), kit).body.decode()
    beats = render(spec_of(kit, f"/badge/{template}.svg?{name}animate=beat"), kit).body.decode()
    assert "animation" not in still and "<style>" not in still
    assert beats.count("animation:") == 1
    assert "<style>@media(prefers-reduced-motion:no-preference){.beat{animation:" in beats
    assert '<g class="beat"><path' in beats


def test_badge_is_small_in_bytes(kit: Kit) -> None:
    import gzip

    body = render(spec_of(kit, "/badge/wear.svg?name=Maximiliana Müllerova"), kit).body
    assert len(body) <= 8 * 1024
    assert len(gzip.compress(body, 6)) <= 2.8 * 1024


@pytest.mark.parametrize(
    "url", ["/badge/wear.png?name=Ana&scale=3", "/avatar/pin.png?name=Ana&size=64&scale=2"]
)
def test_scale_multiplies_the_pixels(kit: Kit, url: str) -> None:
    one, many = render(replace(spec_of(kit, url), scale=1), kit), render(spec_of(kit, url), kit)
    scale = spec_of(kit, url).scale
    assert (many.width_px, many.height_px) == (one.width_px * scale, one.height_px * scale)
    assert Image.open(io.BytesIO(many.body)).size == (many.width_px, many.height_px)


def test_painted_ground_under_ink_is_the_whole_drawing(kit: Kit) -> None:
    for url in ("/card/supporter.png?name=Ana", "/avatar/pin.png?name=Ana&theme=light"):
        whole = rasterize(kit.composer.svg(lay_out(spec_of(kit, url), kit)))
        layered = Image.open(io.BytesIO(render(spec_of(kit, url), kit).body)).convert("RGBA")
        at_once = Image.frombuffer("RGBA", (whole.width_px, whole.height_px), whole.data, "raw", "BGRa", 0, 1)
        assert max(high for _, high in ImageChops.difference(layered, at_once).getextrema()) <= 1


def test_packed_paths_draw_as_stock_cairosvg_does(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stock adds relative steps in cairo's 24.8 fixed point, 1/256 px of drift a step; ours adds doubles."""
    svgs = [kit.composer.svg(lay_out(spec, kit)) for spec in all_examples(kit)]
    fast = [rgba(rasterize(svg)) for svg in svgs]
    monkeypatch.setitem(cairosvg.surface.TAGS, "path", cairosvg.path.path)
    for svg, ours in zip(svgs, fast, strict=True):
        difference = ImageChops.difference(ours, rgba(rasterize(svg)))
        assert max(high for _, high in difference.getextrema()) <= 24
        assert max(ImageStat.Stat(difference).mean) < 0.2


def rgba(pixels: Pixels) -> Image.Image:
    size = (pixels.width_px, pixels.height_px)
    return Image.frombuffer("RGBA", size, pixels.data, "raw", "BGRA", 0, 1)


def test_opaque_templates_cover_their_canvas(kit: Kit) -> None:
    for spec in all_examples(kit):
        if kit.catalogue.templates[spec.kind, spec.template].manifest.opaque:
            pixels = rasterize(kit.composer.svg(lay_out(spec, kit), ("ground",)))
            assert set(pixels.data[3::4]) == {255}


@pytest.mark.parametrize("format_", ["svg", "png", "jpg", "webp", "json", "gif"])
def test_notice_says_what_is_wrong_in_the_format_asked_for(kit: Kit, format_: str) -> None:
    notice = render_notice(InvalidField("size must be <20> or ]]> {{7*7}}\x00", field="size"), format_, kit)
    assert notice.alt == "Blue Heart: size must be <20> or ]]> {{7*7}}"
    expected = {"png": b"\x89PNG", "jpg": b"\xff\xd8", "webp": b"RIFF"}.get(format_, b"<svg")
    assert notice.body.startswith(expected)


@pytest.mark.parametrize("length", [20, 28, 32, 44])
def test_small_badges_sit_on_whole_pixels(kit: Kit, length: int) -> None:
    for lang in ("en", "ar"):
        scene = lay_out(spec_of(kit, f"/badge/wear.svg?name=Ana&size={length}&lang={lang}"), kit)
        edges = [value for stretch in scene.stretches for value in stretch.rect]
        assert all(value == int(value) for value in edges)
        assert all(line.y_px == int(line.y_px) for text in scene.texts.values() for line in text.lines)
        assert sum(stretch.rect.width_px for stretch in scene.stretches) == scene.width_px


def test_right_to_left_mirrors_the_boxes(kit: Kit) -> None:
    left = lay_out(spec_of(kit, "/card/supporter.png?name=Ana"), kit)
    right = lay_out(spec_of(kit, "/card/supporter.png?name=Ana&lang=ar"), kit)
    assert left.heart and right.heart
    assert left.heart.centre_x_px > left.width_px / 2 > right.heart.centre_x_px
    assert right.texts["name"].ink.right_px == pytest.approx(right.texts["name"].box.right_px, abs=6)


def test_han_letters_take_the_forms_of_their_place(kit: Kit) -> None:
    name = quote("骨直角令")
    drawn = {
        lang: render(spec_of(kit, f"/badge/wear.svg?name={name}&lang={lang}"), kit).body
        for lang in ("zh", "zh-Hant", "zh-HK", "ja")
    }
    assert len(set(drawn.values())) == 4
    assert "蓝心".encode() in drawn["zh-HK"]  # the alt text says the sentence of zh


def test_a_picture_survives_its_packing(kit: Kit) -> None:
    picture = render(spec_of(kit, "/badge/wear.png?name=Zoë"), kit)
    assert Picture.unpack(picture.pack()) == picture
    for broken in (b"", b"\0\0\0\0", picture.pack()[:-1], b"\xff" * 40):
        with pytest.raises(ValueError, match="packed picture"):
            Picture.unpack(broken)
