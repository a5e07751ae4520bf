from html.parser import HTMLParser

import pytest

from badge.web.embed import Embedded, embed_codes

NASTY = "{alt} \"]( <b>O'Neil</b> & `co` *\\"


class Images(HTMLParser):
    """Collects the attributes of every tag."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(code)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def codes(name: str = "Zoë") -> dict[str, str]:
    shown = Embedded(
        name, f"{name} wears it", "dark", "https://a.example/badge/wear.svg?lang=fr&name=Zo%C3%AB", 280, 32
    )
    made = embed_codes(
        shown, origin="https://a.example", home="https://a.example/?lang=fr", lang="fr", pledge="Je m'engage"
    )
    return {embed.id: embed.code for embed in made}


def test_html_is_a_picture_with_its_size_that_leads_home() -> None:
    (a, link), (img, image) = Images(codes()["html"]).tags
    assert (a, link["href"]) == ("a", "https://a.example/?lang=fr")
    assert (img, image["src"]) == ("img", "https://a.example/badge/wear.svg?lang=fr&name=Zo%C3%AB")
    assert (image["width"], image["height"], image["alt"]) == ("280", "32", "Zoë wears it")


def test_markdown_is_one_linked_picture() -> None:
    picture = "https://a.example/badge/wear.svg?lang=fr&name=Zo%C3%AB"
    assert codes()["md"] == f"[![Zoë wears it]({picture})](https://a.example/?lang=fr)"


def test_the_widget_code_keeps_room_before_the_script_and_links_without_it() -> None:
    code = codes()["widget"]
    assert code.index(":not(:defined)") < code.index("<script")
    tags = [tag for tag, _ in Images(code).tags]
    assert tags == ["style", "script", "blue-heart-badge", "a", "img", "blue-heart-pledge", "a"]
    _, badge = Images(code).tags[2]
    assert badge == {"name": "Zoë", "lang": "fr", "theme": "dark"}


@pytest.mark.parametrize("way", ["html", "widget"])
def test_no_name_leaves_its_attribute(way: str) -> None:
    images = [attrs for tag, attrs in Images(codes(NASTY)[way]).tags if tag == "img"]
    assert [image["alt"] for image in images] == [f"{NASTY} wears it"]
    assert "b" not in [tag for tag, _ in Images(codes(NASTY)[way]).tags]


def test_no_name_ends_the_markdown() -> None:
    alt = codes(NASTY)["md"].removeprefix("[![").partition("](https://a.example/badge")[0]
    assert alt == "{alt} \"\\]( \\<b\\>O'Neil\\</b\\> \\& \\`co\\` \\*\\\\ wears it"
