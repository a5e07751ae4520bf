"""badge/flat beside shields.io: widths and heights that npm badge-maker 6.0.0 gives, written down by hand."""

from urllib.parse import quote

import pytest

from badge.catalogue import RenderSpec
from badge.errors import InvalidField
from badge.render import Kit, lay_out

# label, message, with a logo: width in px of flat, and of for-the-badge
SHIELDS = {
    ("build", "passing", False): (88, 145),
    ("Blue Heart", "supporter", True): (149, 218.75),
    ("", "just the message", False): (105, 153),
    ("", "alone", True): (57, 87.25),
    ("I wear the Blue Heart", "Zoë Müller", False): (198, 284.75),
    ("license", "Apache-2.0", False): (120, 179.25),
}
HEIGHTS = {"flat": 20, "flat-square": 20, "plastic": 18, "for-the-badge": 28}


def spec_of(kit: Kit, url: str) -> RenderSpec:
    path, _, query = url.partition("?")
    return kit.catalogue.parse(path, query.encode()).spec


@pytest.mark.parametrize("style", HEIGHTS)
def test_flat_has_the_geometry_of_shields_io(kit: Kit, style: str) -> None:
    for (label, message, logo), widths in SHIELDS.items():
        query = f"message={quote(message)}&style={style}" + f"&label={quote(label)}" * bool(label)
        scene = lay_out(spec_of(kit, f"/badge/flat.svg?{query}" + "&logo=blueheart" * logo), kit)
        assert scene.height_px == HEIGHTS[style]
        off_px = abs(scene.width_px - widths[style == "for-the-badge"])
        assert off_px <= (4 if style == "for-the-badge" else 2), query
        assert len(scene.stretches) == 1 + bool(label)
        assert (scene.heart is not None) == logo
        if scene.heart:
            assert scene.heart.width_px == pytest.approx(14, abs=0.05)
            assert scene.heart.x_px == pytest.approx(9 if style == "for-the-badge" else 5, abs=0.05)
            gap_px = next(iter(scene.texts.values())).box.x_px - round(scene.heart.x_px) - 14
            assert gap_px == (4 if style != "for-the-badge" else 6 if label else 9)


@pytest.mark.parametrize("size", [20, 28, 32, 44])
def test_flat_grows_with_its_size(kit: Kit, size: int) -> None:
    for style, height in HEIGHTS.items():
        url = f"/badge/flat.svg?label=build&message=passing&style={style}&size={size}"
        scene = lay_out(spec_of(kit, url), kit)
        assert scene.height_px == round(size * height / 20)
        assert all(value == int(value) for stretch in scene.stretches for value in stretch.rect)


def test_the_alt_text_of_a_message_alone_has_no_colon(kit: Kit) -> None:
    assert lay_out(spec_of(kit, "/badge/flat.svg?message=alone"), kit).alt == "alone"
    assert lay_out(spec_of(kit, "/badge/flat.svg?message=b&label=a"), kit).alt == "a: b"


@pytest.mark.parametrize(
    ("color", "ground", "ink"),
    [
        ("brightgreen", "#44bb00", "#0b1f33"),
        ("blue", "#007ec6", "#000000"),
        ("9cf", "#99ccff", "#0b1f33"),
        ("%23005A8C", "#005a8c", "#ffffff"),
        ("navy", "#000080", "#ffffff"),
    ],
)
def test_shields_colours_are_worn_under_text_that_can_be_read(
    kit: Kit, color: str, ground: str, ink: str
) -> None:
    palette = lay_out(spec_of(kit, f"/badge/flat.svg?message=a&color={color}"), kit).palette
    assert (palette["message"], palette["on-message"]) == (ground, ink)


def test_both_forms_of_an_address_are_one_picture(kit: Kit) -> None:
    short = spec_of(kit, "/badge/flat.svg?label=a%20b&message=c-d&color=BLUE")
    assert spec_of(kit, "/badge/flat/a_b-c--d-blue.svg") == short
    assert short.canonical == "/badge/flat.svg?color=007ec6&label=a%20b&message=c-d"
    assert spec_of(kit, short.canonical) == short


def test_the_query_goes_before_the_path(kit: Kit) -> None:
    spec = spec_of(kit, "/badge/flat/a-b-red.svg?label=c&color=06c")
    assert dict(spec.values) | {"label": "c", "message": "b", "color": "#0066cc"} == dict(spec.values)


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/badge/flat.svg?message=a&color=bluish", "color"),
        ("/badge/flat.svg?message=a&style=social", "style"),
        ("/badge/flat.svg?message=a&logo=github", "logo"),
        ("/badge/flat.svg?label=a", "message"),
        ("/badge/flat.svg?message=a&labelcolor=red", "labelColor"),
        ("/badge/flat/a-b-c-d.svg", "color"),
    ],
)
def test_what_flat_cannot_draw_is_refused_by_name(kit: Kit, url: str, field: str) -> None:
    with pytest.raises(InvalidField) as refused:
        spec_of(kit, url)
    assert refused.value.field == field
