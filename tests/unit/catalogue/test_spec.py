from urllib.parse import quote_from_bytes

import pytest

from badge.errors import (
    BadRequest,
    BlueHeartError,
    InvalidField,
    NotFound,
    RepeatedParameter,
    UnknownParameter,
)
from badge.render import Kit, key_of


@pytest.mark.parametrize(
    "query",
    [
        b"name=Ana&lang=fr",
        b"lang=fr&name=Ana",
        b"lang=fr&name=%41na",
        b"&lang=fr&&name=+Ana+",
        b"name=Ana&lang=fr&size=32&theme=light&scale=1",
        b"name=Ana&lang=fr&utm_source=x&fbclid=y&v=3",
        b"name=Ana&lang=fr&download=1&maxage=60",
    ],
)
def test_every_spelling_is_one_picture(kit: Kit, query: bytes) -> None:
    spec = kit.catalogue.parse("/badge/wear.svg", query).spec
    assert spec.canonical == "/badge/wear.svg?lang=fr&name=Ana"
    assert key_of(spec, kit) == key_of(kit.catalogue.parse("/badge/wear.svg", b"name=Ana&lang=fr").spec, kit)


def test_canonical_form_reads_back_as_itself(kit: Kit) -> None:
    spec = kit.catalogue.parse("/badge/wear.svg", "name=Zoë & Søn’s+50%25&theme=auto&size=44".encode()).spec
    path, _, query = spec.canonical.partition("?")
    assert kit.catalogue.parse(path, query.encode()).spec == spec


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        ("zh-Hant", "zh-Hant"),
        ("zh-hant", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("zh-hk", "zh-HK"),
        ("zh-MO", "zh-HK"),
        ("zh-CN", "zh"),
        ("zh-Hans", "zh"),
    ],
)
def test_chinese_has_one_spelling_for_each_form_of_its_letters(kit: Kit, tag: str, wanted: str) -> None:
    spec = kit.catalogue.parse("/badge/wear.svg", f"name=A&lang={tag}".encode()).spec
    assert spec.lang == wanted
    assert spec.canonical == f"/badge/wear.svg?lang={wanted}&name=A"


def test_live_value_is_in_the_key_but_not_in_the_url(kit: Kit) -> None:
    one = kit.catalogue.parse("/badge/count.svg", b"", {"count": 1}).spec
    two = kit.catalogue.parse("/badge/count.svg", b"", {"count": 2}).spec
    assert one.canonical == two.canonical == "/badge/count.svg"
    assert key_of(one, kit) != key_of(two, kit)


def test_what_networks_append_is_ignored_and_named(kit: Kit) -> None:
    assert kit.catalogue.parse("/badge/wear.svg", b"name=A&utm_source=x&igsh=1").ignored == (
        "igsh",
        "utm_source",
    )


REFUSED = [
    (b"", InvalidField, "name", "name=…"),
    (b"name=", InvalidField, "name", "visible"),
    (b"name=%20%09%00", InvalidField, "name", "visible"),
    (b"name=%E2%80%8B%E2%80%8D", InvalidField, "name", "visible"),
    (b"name=" + b"x" * 61, InvalidField, "name", "at most 60"),
    (b"name=" + b"x" * 10_000, BadRequest, None, "8192"),
    (b"name=" + b"x" * 5_000, InvalidField, "name", "at most 60"),
    (b"name=a" + "\u0301".encode() * 500, InvalidField, "name", "marks"),
    (b"name=%FF%FE", BadRequest, "name", "UTF-8"),
    (b"name=%ED%A0%80", BadRequest, "name", "UTF-8"),
    (b"%FF=1&name=A", BadRequest, None, "UTF-8"),
    (b"name=A&name=B", RepeatedParameter, "name", "once"),
    (b"nmae=A", UnknownParameter, "name", "did you mean name"),
    (b"name=A&Lang=fr", UnknownParameter, "lang", "did you mean lang"),
    (b"name=A&lang=xx", InvalidField, "lang", "en, fr"),
    (b"name=A&theme=drak", InvalidField, "theme", "did you mean dark"),
    (b"name=A&size=33", InvalidField, "size", "20, 28, 32, 44"),
    (b"name=A&scale=5", InvalidField, "scale", "1, 2, 3, 4"),
    (b"name=A&scale=NaN", InvalidField, "scale", "1, 2, 3, 4"),
    (b"name=A&maxage=1e309", InvalidField, "maxage", "whole number"),
    (b"name=A&maxage=%D9%A3", InvalidField, "maxage", "whole number"),
    (b"name=A&download=yes", InvalidField, "download", "0, 1"),
    (b"name=Officially%20me", InvalidField, "name", "officially"),
    (b"name=A" + b"&a%d=1" * 70, BadRequest, None, "parameters"),
]


@pytest.mark.parametrize(("query", "error", "field", "words"), REFUSED)
def test_bad_input_says_what_would_be_right(
    kit: Kit, query: bytes, error: type[BlueHeartError], field: str | None, words: str
) -> None:
    if b"%d" in query:
        query = b"name=A" + b"".join(b"&a%d=1" % i for i in range(70))
    with pytest.raises(error) as raised:
        kit.catalogue.parse("/badge/wear.svg", query)
    assert raised.value.field == field
    assert words in raised.value.detail


@pytest.mark.parametrize(
    "name", ["O’Neill & Søn", '"Ana"', "<script>", "]]>", "{{7*7}}", "Unofficial FC", "a\u202eb"]
)
def test_strange_but_fine_names_pass(kit: Kit, name: str) -> None:
    query = b"name=" + quote_from_bytes(name.encode()).encode()
    assert dict(kit.catalogue.parse("/badge/wear.svg", query).spec.values)["name"] == name.replace(
        "\u202e", ""
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/badge/waer.svg", "did you mean /badge/wear"),
        ("/bagde/wear.svg", "did you mean /badge/wear"),
        ("/nothing/here.svg", "there are /"),
        ("/badge/wear.gif", ".svg, .png"),
        ("/badge/wear", ".svg, .png"),
        ("/card/supporter.svg", ".png, .jpg"),
        ("/notice/error.svg", "there is no picture"),
        ("/" + "x" * 9000, "there is no picture"),
    ],
)
def test_unknown_picture_names_the_nearest(kit: Kit, path: str, words: str) -> None:
    with pytest.raises(NotFound) as raised:
        kit.catalogue.parse(path, b"name=A")
    assert words in raised.value.detail
    assert len(raised.value.detail) < 450


def test_too_many_pixels_name_the_scale_that_fits(kit: Kit) -> None:
    with pytest.raises(InvalidField) as raised:
        kit.catalogue.parse("/card/supporter.png", b"name=A&size=story&scale=4")
    assert "at most 2" in raised.value.detail
    assert kit.catalogue.parse("/card/supporter.png", b"name=A&size=story&scale=2").spec.scale == 2


def test_auto_theme_is_for_svg(kit: Kit) -> None:
    assert kit.catalogue.parse("/badge/wear.svg", b"name=A&theme=auto").spec.theme == "auto"
    with pytest.raises(InvalidField) as raised:
        kit.catalogue.parse("/badge/wear.png", b"name=A&theme=auto")
    assert raised.value.field == "theme"
