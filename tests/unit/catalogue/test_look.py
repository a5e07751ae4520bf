"""A campaign's colours in a picture: grounds and the second half of a pill, every text still readable."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from badge.catalogue.colour import BLACK, contrast, readable_on
from badge.catalogue.palette import Look, tint_of, wear
from badge.render import Kit, key_of

AZUR = Look("#8b0000", "#ffd700", "abc")
colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}").filter(lambda c: readable_on(c, 4.5) != BLACK)


@given(ground=colours, accent=colours)
def test_every_text_can_be_read_in_every_template(kit: Kit, ground: str, accent: str) -> None:
    for template, theme in product(kit.catalogue.templates.values(), ("light", "dark")):
        manifest = template.manifest
        worn = wear(manifest, {}, theme, tint_of(manifest, Look(ground, accent)))
        for pair in manifest.contrast:
            if pair.ground in manifest.campaign:
                assert contrast(worn[pair.ink], worn[pair.ground]) >= min(pair.ratio, 4.5)


def test_the_heart_is_never_tinted(kit: Kit) -> None:
    for template in kit.catalogue.templates.values():
        assert not {"heart", "strong"} & template.manifest.campaign.keys()


def test_the_light_behind_the_heart_is_the_grounds_own(kit: Kit) -> None:
    """Blue light on a yellow ground would be olive, on a red one mauve."""
    for name in ("supporter", "player", "matchday", "thanks", "milestone", "statement", "statistic"):
        tint = tint_of(kit.catalogue.get("card", name).manifest, Look("#ffd100", "#000000"))
        assert (tint["glow"], tint.get("heart")) == ("#ffed99", None), name


def test_a_new_colour_or_crest_is_a_new_picture(kit: Kit) -> None:
    path, query = "/card/supporter.png", b"name=Ana&campaign=azur"
    looks = (Look(), AZUR, Look("#8b0000", "#ffd700", "abd"), Look("#8b0001", "#ffd700", "abc"))
    specs = [kit.catalogue.parse(path, query, look=look).spec for look in looks]
    assert len({key_of(spec, kit) for spec in specs}) == len(looks)
    assert {spec.canonical for spec in specs} == {"/card/supporter.png?campaign=azur&name=Ana"}


def test_a_visitors_own_colour_goes_before_the_campaigns(kit: Kit) -> None:
    query = b"name=Ana&colour=0055a4&campaign=azur"
    spec = kit.catalogue.parse("/card/player.png", query, look=AZUR).spec
    manifest = kit.catalogue.get("card", "player").manifest
    worn = wear(manifest, dict(spec.values), "dark", dict(spec.tint))
    assert (worn["ground"], worn["sash"]) == ("#0055a4", "#ffd700")


def test_which_pictures_ask_for_a_campaign(kit: Kit) -> None:
    asked = kit.catalogue.campaign_of
    assert asked("/badge/wear.svg", b"name=A") is None
    assert asked("/badge/wear.svg", b"name=A&campaign=azur") == "azur"
    assert asked("/badge/count.svg", b"") == "world"
    assert asked("/avatar/pin.png", b"name=A&campaign=azur") == "azur"
    assert asked("/avatar/pin.png", b"name=A") is None
    assert asked("/pin/icon.png", b"campaign=azur") is None
