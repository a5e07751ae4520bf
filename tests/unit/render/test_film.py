"""A heart that beats: the same rhythm in SVG and in an animated WebP, which ends by itself."""

import io
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops

from badge.catalogue import RenderSpec, Template
from badge.errors import InvalidField
from badge.render import Kit, lay_out, render
from badge.render.beat import BEATS, PERIOD_MS, poses
from badge.render.film import shoot
from badge.render.raster import Pixels

ROW = "name=Zo%C3%AB&size=20&"
SQUARE = "name=Zo%C3%AB%20M%C3%BCller&size=256&"
LONG = "name=Maximiliana%20Konstantinopolskaya-Vandenberghe&"


def spec_of(kit: Kit, url: str) -> RenderSpec:
    path, _, query = url.partition("?")
    return kit.catalogue.parse(path, query.encode(), {"count": 1234, "days": 3}).spec


def moving(kit: Kit) -> list[Template]:
    return [template for template in kit.catalogue.templates.values() if template.manifest.beat]


def film_of(kit: Kit, template: Template, more: str = "") -> RenderSpec:
    sizes = template.manifest.sizes
    size = sizes.values[0] if sizes.values else min(256, sizes.maximum)
    name = "name=Zo%C3%AB&" if "name" in template.manifest.fields else ""
    return spec_of(kit, f"/{template.path}.webp?{name}size={size}&animate=beat{more}")


def test_a_film_rests_beats_twice_and_ends_where_it_began(kit: Kit) -> None:
    for template in moving(kit):
        spec = film_of(kit, template)
        picture = render(spec, kit)
        with Image.open(io.BytesIO(picture.body)) as film, Image.open(io.BytesIO(still(spec, kit))) as rest:
            assert (picture.media_type, film.format, film.info["loop"]) == ("image/webp", "WEBP", BEATS)
            frames, lasts_ms = [], []
            for number in range(film.n_frames):
                film.seek(number)
                frames.append(film.convert("RGBA"))
                lasts_ms.append(film.info["duration"])
            assert sum(lasts_ms) == PERIOD_MS
            assert all(1000 / 20 <= ms <= 1000 / 12 for ms in lasts_ms[:-1])
            assert (picture.width_px, picture.height_px) == film.size
            most = 0 if template.kind == "badge" else 2.5  # letters of 20 px are kept as they are
            assert unlike(frames[0], rest.convert("RGBA")) <= most
            assert unlike(frames[-1], rest.convert("RGBA")) <= most
            assert all(unlike(a, b) > 0 for a, b in pairwise(frames))


def still(spec: RenderSpec, kit: Kit) -> bytes:
    return render(
        replace(spec, format="png", values=tuple(v for v in spec.values if "beat" not in v)), kit
    ).body


def unlike(one: Image.Image, other: Image.Image) -> float:
    """Returns the mean difference of two pictures on white, of 255."""
    papers = [Image.new("RGBA", one.size, "white") for _ in (one, other)]
    a, b = (Image.alpha_composite(paper, image) for paper, image in zip(papers, (one, other), strict=True))
    histogram = ImageChops.difference(a.convert("L"), b.convert("L")).histogram()
    return sum(value * count for value, count in enumerate(histogram)) / (one.width * one.height)


def test_it_stops_before_a_page_would_need_a_button_for_that() -> None:
    """WCAG 2.2, 2.2.2: what moves for more than five seconds beside a text must be stoppable."""
    assert BEATS * PERIOD_MS < 5000


def test_only_the_heart_moves(kit: Kit) -> None:
    for template in moving(kit):
        scene = lay_out(film_of(kit, template), kit)
        assert scene.heart
        frames = [image_of(frame) for frame in shoot(scene, kit).frames]
        boxes = [ImageChops.difference(frames[0], frame).getbbox() for frame in frames]
        around_px = 0.14 * scene.heart.width_px + 1
        for box in filter(None, boxes):
            assert box[0] >= scene.heart.x_px - around_px
            assert box[2] <= scene.heart.x_px + scene.heart.width_px + around_px
        assert boxes[0] is None and boxes[-1] is None


def image_of(pixels: Pixels) -> Image.Image:
    return Image.frombuffer("RGBA", (pixels.width_px, pixels.height_px), pixels.data, "raw", "BGRA", 0, 1)


def test_the_heart_never_leaves_its_picture(kit: Kit) -> None:
    for template in moving(kit):
        for frame in shoot(lay_out(film_of(kit, template), kit), kit).frames:
            alpha = image_of(frame).getchannel("A")
            for edge in ((0, 0, 1, alpha.height), (alpha.width - 1, 0, alpha.width, alpha.height)):
                middle = alpha.crop(edge).crop((0, alpha.height // 3, 1, alpha.height * 2 // 3))
                assert template.kind == "badge" or max(middle.tobytes()) < 128


def test_the_same_film_is_the_same_bytes(kit: Kit) -> None:
    for url in (f"/avatar/pin.webp?{SQUARE}animate=beat", f"/badge/wear.webp?{ROW}animate=beat"):
        assert render(spec_of(kit, url), kit).body == render(spec_of(kit, url), Kit.load()).body


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_film_of_256_pixels_takes_60_kb_at_most(kit: Kit, theme: str) -> None:
    for template in moving(kit):
        assert len(render(film_of(kit, template, f"&theme={theme}"), kit).body) <= 60 * 1024, template.path


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"/badge/wear.png?{ROW}animate=beat", "a png stands still; animate=beat moves as .svg or as .webp"),
        (f"/badge/wear.webp?{ROW}animate=twitch", "animate must be one of none, beat"),
        (f"/card/supporter.webp?{SQUARE}animate=beat", "size must be one of"),
    ],
)
def test_what_cannot_move_says_what_can(kit: Kit, url: str, words: str) -> None:
    with pytest.raises(InvalidField, match=words):
        spec_of(kit, url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "/avatar/pin.webp?name=Ana&size=257&animate=beat",
            "has 257 x 257; size=256 at scale=1 fits, or take",
        ),
        ("/avatar/pin.webp?name=Ana&size=128&scale=3&animate=beat", "has 384 x 384; size=256 at scale=1"),
        ("/pin/icon.webp?size=128&scale=4&animate=beat", "has 512 x 512; size=128 at scale=1"),
        ("/badge/wear.webp?name=Zo%C3%AB&size=44&animate=beat", "x 44; size=32 at scale=1 fits"),
        (f"/badge/wear.webp?{LONG}animate=beat", "none of its sizes fits: take .svg"),
    ],
)
def test_what_is_too_large_to_move_says_which_size_fits(kit: Kit, url: str, words: str) -> None:
    with pytest.raises(InvalidField, match=words) as refused:
        render(spec_of(kit, url), kit)
    assert refused.value.field == "animate"


def test_every_pose_is_a_pose_of_the_svg(kit: Kit) -> None:
    for template in moving(kit):
        beat = template.manifest.beat
        assert beat
        sizes = [pose.size for pose in poses(beat)]
        assert [sizes[0], sizes[2], sizes[4], sizes[6], sizes[8]] == [1, beat.first, 1, beat.second, 1]
        svg = render(replace(film_of(kit, template), format="svg"), kit).body.decode()
        assert f"{{transform:scale({beat.first:g})}}" in svg
        assert f"{{transform:scale({beat.second:g})}}" in svg
