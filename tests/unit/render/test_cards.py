"""Cards: nothing touches, nothing is cut, a crest keeps its place, and each says what it must."""

import io
from itertools import combinations
from urllib.parse import quote

import pytest
from PIL import Image, ImageDraw

from badge.catalogue import RenderSpec
from badge.catalogue.palette import Look
from badge.content import LANGUAGES
from badge.render import Art, Kit, Scene, key_of, lay_out, render
from badge.render.raster import rasterize
from badge.render.scene import RIM, Rect

CARDS = ("supporter", "player", "matchday", "statement", "statistic", "milestone", "thanks")
SAID = {
    "supporter": "name=Zo%C3%AB%20M%C3%BCller",
    "player": "name=Wilhelmina%20Alexandra%20van%20der%20Bloemendaal&number=10&role=Goalkeeper",
    "matchday": "home=Club%20Brugge&away=RSC%20Anderlecht&date=2026-07-30&time=20:45&zone=Europe/Brussels"
    "&place=Jan%20Breydelstadion",
    "statement": "text=No%20one%20is%20for%20sale.&name=Ana",
    "statistic": "id=glotip24-boys-fl",
    "milestone": "",
    "thanks": "name=Ana",
}


def crest() -> bytes:
    picture = Image.new("RGBA", (200, 120), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((20, 20, 180, 100), fill=(200, 16, 46, 128))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


CREST = Art.decode(crest())
ART = {CREST.digest: CREST}


def spec_of(kit: Kit, url: str, *images: str) -> RenderSpec:
    path, _, query = url.partition("?")
    return kit.catalogue.parse(
        path, query.encode(), {"count": 1234}, dict.fromkeys(images, CREST.digest)
    ).spec


def heart_of(scene: Scene) -> Rect:
    heart = scene.heart
    assert heart
    rim = RIM * heart.scale
    return Rect(heart.x_px - rim, heart.y_px - rim, heart.width_px + 2 * rim, 96 * heart.scale + 2 * rim)


def overlap(a: Rect, b: Rect) -> bool:
    return a.x_px < b.right_px and b.x_px < a.right_px and a.y_px < b.bottom_px and b.y_px < a.bottom_px


DRESSED = [(card, images) for card in CARDS for images in ((), ("crest",))]


@pytest.mark.parametrize(("card", "images"), [*DRESSED, ("matchday", ("home-crest", "away-crest"))])
def test_nothing_touches_and_margins_are_kept(kit: Kit, card: str, images: tuple[str, ...]) -> None:
    manifest = kit.catalogue.get("card", card).manifest
    for size in manifest.sizes.values:
        for lang in LANGUAGES:
            url = f"/card/{card}.png?{SAID[card]}&lang={lang}&size={size}"
            scene = lay_out(spec_of(kit, url, *images), kit, ART)
            boxes = {name: text.ink for name, text in scene.texts.items()}
            boxes |= {name: disc.rim for name, disc in scene.discs.items()} | {"heart": heart_of(scene)}
            assert scene.discs.keys() == {*images}
            for (one, a), (other, b) in combinations(boxes.items(), 2):
                assert not overlap(a, b), f"{url}: {one} touches {other}"
            for name, box in boxes.items():
                assert box.x_px >= 0.058 * scene.width_px, f"{url}: {name}"
                assert box.right_px <= 0.942 * scene.width_px, f"{url}: {name}"
                assert box.y_px >= 0.058 * scene.height_px, f"{url}: {name}"
                assert box.bottom_px <= 0.942 * scene.height_px, f"{url}: {name}"


@pytest.mark.parametrize("card", ["supporter", "player"])
def test_the_foot_is_never_larger_than_the_line_above_it(kit: Kit, card: str) -> None:
    for name in ("Zoë", "Maximiliana Konstantinopolskaya-Vandenberg", "W" * 40, "山田太郎" * 10):
        for size in kit.catalogue.get("card", card).manifest.sizes.values:
            query = f"name={quote(name)}&lang=de&size={size}"
            texts = lay_out(spec_of(kit, f"/card/{card}.png?{query}"), kit).texts
            if "foot" in texts:
                sizes = [texts[text].fitted.size_px for text in ("name", "line", "foot")]
                assert sizes == sorted(sizes, reverse=True), (query, sizes)


def test_two_teams_on_a_banner_have_a_line_each(kit: Kit) -> None:
    teams = f"home={quote('浦和レッズ')}&away={quote('鹿島アントラーズ')}&date=2026-07-30&lang=ja"
    for size in ("linkedin-company", "linkedin-banner", "x-header", "email"):
        texts = lay_out(spec_of(kit, f"/card/matchday.png?{teams}&size={size}"), kit).texts
        assert [len(texts[team].lines) for team in ("home", "away")] == [1, 1], size


def test_a_crest_stands_whole_in_a_white_disc(kit: Kit) -> None:
    spec = spec_of(kit, "/card/player.png?name=Ana&colour=0057b8", "crest")
    disc = lay_out(spec, kit, ART).discs["crest"]
    picture = Image.open(io.BytesIO(render(spec, kit, ART).body)).convert("RGB")
    middle = (disc.rim.x_px + disc.rim.width_px / 2, disc.rim.y_px + disc.rim.height_px / 2)
    assert picture.getpixel((round(middle[0]), round(middle[1]))) == (227, 135, 150)  # half red on white
    assert picture.getpixel((round(middle[0]), round(disc.rim.y_px + 6))) == (255, 255, 255)
    assert disc.picture.width_px / disc.picture.height_px == pytest.approx(200 / 120)


def test_a_crest_takes_room_from_centred_texts_and_none_touch(kit: Kit) -> None:
    """A foot of two lines under a name of two: both move up, in proportion."""
    name = quote("Maximiliana Konstantinopolskaya-Vandenberg")
    for card in ("supporter", "player", "thanks", "statement"):
        for lang, size in (("fr", "square"), ("fr", "story"), ("de", "pinterest"), ("ru", "portrait")):
            said = f"name={name}&text={name}&lang={lang}&size={size}"
            scene = lay_out(spec_of(kit, f"/card/{card}.png?{said}", "crest"), kit, ART)
            boxes = [text.ink for text in scene.texts.values()] + [scene.discs["crest"].rim, heart_of(scene)]
            assert not any(overlap(a, b) for a, b in combinations(boxes, 2)), (card, lang, size)


def test_a_match_days_own_crests_stand_in_place_of_its_campaigns(kit: Kit) -> None:
    look = Look("#8b0000", "#ffd700", CREST.digest)
    query = SAID["matchday"].encode() + b"&campaign=azur"
    given = {"home-crest": CREST.digest}
    alone = kit.catalogue.parse("/card/matchday.png", query, look=look).spec
    both = kit.catalogue.parse("/card/matchday.png", query, images=given, look=look).spec
    assert [name for name, _ in alone.images] == ["crest"]
    assert [name for name, _ in both.images] == ["home-crest"]


def test_a_crest_is_in_the_key_but_never_in_the_address(kit: Kit) -> None:
    bare = spec_of(kit, "/card/player.png?name=Ana")
    crested = spec_of(kit, "/card/player.png?name=Ana", "crest")
    assert bare.canonical == crested.canonical
    assert key_of(bare, kit) != key_of(crested, kit)
    assert render(bare, kit).body != render(crested, kit, ART).body


def test_art_is_what_was_redrawn_for_us_and_nothing_else() -> None:
    assert (CREST.width_px, CREST.height_px, len(CREST.data)) == (200, 120, 200 * 120 * 4)
    assert CREST.data[(60 * 200 + 100) * 4 :][:4] == bytes((23, 8, 100, 128))  # premultiplied BGRA
    assert Art.decode(crest()).digest == CREST.digest
    large = io.BytesIO()
    Image.new("RGB", (513, 20)).save(large, "PNG")
    with pytest.raises(ValueError, match="at most 512"):
        Art.decode(large.getvalue())
    with pytest.raises(ValueError, match="cannot identify"):
        Art.decode(b"<svg/>")


def test_no_address_is_ever_read_while_a_picture_is_drawn() -> None:
    for address in (
        "https://x.example/a.png",
        "file:///etc/hostname",
        "data:image/png;base64,AA==",
        "bh:crest",
    ):
        image = f'<image href="{address}" x="0" y="0" width="9" height="9"/>'
        with pytest.raises(KeyError):
            rasterize(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{image}</svg>')


def said(kit: Kit, url: str) -> dict[str, str]:
    return {name: text.fitted.text for name, text in lay_out(spec_of(kit, url), kit).texts.items()}


def test_a_match_day_says_when_and_where_in_the_language(kit: Kit) -> None:
    url = "/card/matchday.png?" + SAID["matchday"]
    assert said(kit, url)["when"] == "30 July 2026 · 20:45 (Brussels, UTC+2)"
    assert said(kit, url + "&lang=fr")["when"] == "30 juillet 2026 · 20:45 (Bruxelles, UTC+2)"
    bare = said(kit, "/card/matchday.png?home=A&away=B&date=2026-07-30&lang=nl")
    assert bare["when"] == "30 juli 2026"
    assert "where" not in bare


def test_every_statistic_names_its_source_and_is_marked_as_english(kit: Kit) -> None:
    for id_, statistic in kit.statistics.items():
        for lang in LANGUAGES:
            texts = said(kit, f"/card/statistic.png?id={id_}&lang={lang}")
            assert texts["sentence"] == statistic.sentence
            assert statistic.publication in texts["source"]
            assert statistic.period[-4:] in texts["source"]
            assert texts["source"].endswith(kit.strings.lang(lang).in_english)
        assert "victims" not in statistic.sentence.lower().replace("detected victims", "").replace(
            "detected child victims", ""
        )


def test_a_milestone_is_counted_never_typed(kit: Kit) -> None:
    assert said(kit, "/card/milestone.png?count=1000000&milestone=1000000")["milestone"] == "1,000 pledges"
    few = kit.catalogue.parse("/card/milestone.png", b"lang=fr", {"count": 3}).spec
    assert lay_out(few, kit).texts["milestone"].fitted.text == "3 engagements"


def test_a_clubs_colours_are_kept_and_its_text_turns_readable(kit: Kit) -> None:
    spec = spec_of(kit, "/card/player.png?name=Ana&colour=FFD100&colour2=%23000")
    assert spec.canonical == "/card/player.png?colour=ffd100&colour2=000000&name=Ana"
    scene = lay_out(spec, kit)
    assert (scene.palette["ground"], scene.palette["sash"], scene.palette["name"]) == (
        "#ffd100",
        "#000000",
        "#0b1f33",
    )
    picture = Image.open(io.BytesIO(render(spec, kit).body)).convert("RGB")
    assert picture.getpixel((4, 4)) == (255, 209, 0)


def test_two_teams_are_set_in_one_size(kit: Kit) -> None:
    teams = f"home=Ajax&away={quote('Sportvereinigung Greuther Fürth')}&date=2026-07-30"
    for size in kit.catalogue.get("card", "matchday").manifest.sizes.values:
        texts = lay_out(spec_of(kit, f"/card/matchday.png?{teams}&size={size}"), kit).texts
        assert texts["home"].fitted.size_px == pytest.approx(texts["away"].fitted.size_px), size


def test_lines_stand_by_their_ink_at_the_start_edge(kit: Kit) -> None:
    for lang, name in (("en", "Maximilian"), ("ar", "محمد عبد الله")):
        scene = lay_out(spec_of(kit, f"/card/supporter.png?name={quote(name)}&lang={lang}"), kit)
        inks = [scene.texts[text].ink for text in ("name", "line", "foot")]
        edges = [scene.width_px - ink.right_px if scene.rtl else ink.x_px for ink in inks]
        assert max(edges) - min(edges) <= 0.025 * scene.texts["name"].fitted.size_px, (lang, edges)


def test_a_sentence_of_two_hundred_letters_leaves_the_foot_to_be_read(kit: Kit) -> None:
    said = quote("We look, we ask and we call, for behind every door may be a person. " * 3)[:198]
    texts = lay_out(spec_of(kit, f"/card/statement.png?text={said}&name=Ana"), kit).texts
    assert texts["foot"].fitted.size_px >= 0.028 * 630 - 0.25
    assert texts["text"].fitted.size_px > texts["name"].fitted.size_px > texts["foot"].fitted.size_px
