"""`for=` picks size and format, is spelled as these, and keeps within the bytes that the network takes."""

from urllib.parse import quote

import pytest

from badge.catalogue import CANVASES
from badge.catalogue.network import NETWORKS
from badge.errors import InvalidField
from badge.render import Kit, key_of, render

# What compresses badly: dense Han, marks on every letter, emoji of many colours, Khmer, in the longest texts.
HEAVY = {
    "han": "鬱龘驫纛麤灣鑾钁" * 25,
    "marks": "Ẅ̵̛ï̸̧l̴̰̈h̵̨̑ẽ̶̡l̷̥̔m̴̡̍ī̶̭n̶̝̂ȃ̶̧" * 20,
    "emoji": "👩🏽‍🚀🏳️‍🌈🐙🎆🧑‍🎄" * 40,
    "khmer": "ព្រះរាជាណាចក្រកម្ពុជា" * 20,
}


def test_it_is_one_picture_with_its_size_and_format(kit: Kit) -> None:
    asked = kit.catalogue.parse("/card/supporter.png", b"name=Ana&for=instagram").spec
    plain = kit.catalogue.parse("/card/supporter.jpg", b"name=Ana&size=portrait").spec
    assert asked == plain
    assert asked.canonical == "/card/supporter.jpg?name=Ana&size=portrait"
    assert key_of(asked, kit) == key_of(plain, kit)


def test_an_avatar_gets_the_networks_side(kit: Kit) -> None:
    spec = kit.catalogue.parse("/avatar/pin.svg", b"name=Ana&for=linkedin").spec
    assert spec.canonical == "/avatar/pin.png?name=Ana&size=400"


def test_a_row_has_no_size_to_pick_and_ignores_it(kit: Kit) -> None:
    asked = kit.catalogue.parse("/badge/wear.svg", b"name=Ana&for=x")
    assert asked.ignored == ("for",)
    assert asked.spec.canonical == "/badge/wear.svg?name=Ana"


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        (b"for=whatsap", "for", "did you mean whatsapp"),
        (b"for=", "for", "whatsapp, instagram"),
        (b"for=x&size=og", "size", "for=x picks the size itself"),
        (b"for=x&scale=2", "scale", "leave scale out"),
        (b"for=x&theme=auto", "theme", "light, dark"),
    ],
)
def test_what_does_not_go_together_is_said(kit: Kit, query: bytes, field: str, words: str) -> None:
    with pytest.raises(InvalidField) as raised:
        kit.catalogue.parse("/card/supporter.png", b"name=A&" + query)
    assert raised.value.field == field
    assert words in raised.value.detail


def test_every_network_wants_a_canvas_of_ours() -> None:
    assert {network.canvas for network in NETWORKS.values()} <= CANVASES.keys()


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_no_text_in_any_script_exceeds_the_bytes_that_a_network_takes(kit: Kit, text: str) -> None:
    tightest = {n.canvas: n for n in sorted(NETWORKS.values(), key=lambda n: -n.max_bytes)}
    for network in tightest.values():
        name = next(name for name, n in NETWORKS.items() if n is network)
        query = f"text={quote(text[:190])}&for={name}".encode()
        spec = kit.catalogue.parse("/card/statement.jpg", query).spec
        assert len(render(spec, kit).body) < network.max_bytes, name
