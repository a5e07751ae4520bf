"""Every kind of bad input, for every parameter of every template, made from the catalogue itself.

Whoever asks for an image gets a picture that says what is wrong, all others the true status; nobody a 500.
"""

from collections.abc import Iterator
from urllib.parse import quote_from_bytes, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge.catalogue import Template
from badge.catalogue.fields import ColourField, ImageField, TextField, is_required
from badge.catalogue.query import read_query
from badge.content import LANGUAGES
from badge.errors import BlueHeartError
from badge.render import Kit, render_notice

KIT = Kit.load()
TEMPLATES = [template for template in KIT.catalogue.templates.values() if not template.manifest.hidden]
IMAGE = {"Accept": "image/avif,image/webp,*/*"}

NOTHING_VISIBLE = [b"", b" \t ", b"\x00\x07", "\u200b\u200d\ufeff".encode(), "\u202e\u2066".encode()]
NO_TEXT = [
    *NOTHING_VISIBLE,
    b"a" * 7000,
    b"a" + "\u0301".encode() * 500,
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"Certified",
]
NO_NUMBER = [b"", b"-1", b"+5", b"0x10", b"1.5", b"NaN", b"1e309", "٣".encode(), b"9" * 400, b"\x00"]
NO_WORD = [
    b"nothing",
    b"<script>",
    b"]]>",
    b"{{7*7}}",
    b"%00",
    b"\x00",
    "\u0130".encode(),
    b"../../etc/passwd",
]
NO_COLOUR = [b"#12", b"12345", b"#gggggg", b"rgb(1,2,3)", b"javascript:x", b"\x00", "\u212a".encode()]
GOOD_TEXT = [
    "<script>alert(1)</script>",
    "]]>",
    "{{7*7}}",
    "%00",
    'O\'Brien & "Söhne"',
    "\u202eabc",
    "&#0;",
    "{name}",
]


def said(template: Template) -> dict[str, str]:
    return read_query(template.manifest.examples[0].query.encode())


def bad_values(template: Template) -> Iterator[tuple[str, bytes]]:
    manifest = template.manifest
    for name in ("lang", "theme", "scale", "size", "download", "maxage"):
        yield from ((name, value) for value in (NO_NUMBER if name in ("scale", "maxage") else NO_WORD))
    for name, field in manifest.fields.items():
        match field:
            case TextField():
                spare = () if is_required(field) else (b"",)
                yield from ((name, value) for value in NO_TEXT if value not in spare)
            case ColourField():
                yield from ((name, value) for value in NO_COLOUR)
            case ImageField():
                yield name, b"data:image/png;base64,AA=="
            case _:
                yield from ((name, value) for value in NO_WORD)


def address(template: Template, ext: str, values: dict[str, str], *raw: tuple[str, bytes]) -> str:
    kept = {name: value for name, value in values.items() if name not in dict(raw)}
    parts = [urlencode(kept), *(f"{name}={quote_from_bytes(value)}" for name, value in raw)]
    return f"/{template.path}.{ext}?{'&'.join(part for part in parts if part)}"


async def refused(client: httpx.AsyncClient, url: str, field: str) -> None:
    plain = await client.get(url)
    assert plain.status_code in (400, 404, 422), url
    told = plain.json()
    assert (plain.headers["content-type"], told["status"]) == ("application/problem+json", plain.status_code)
    assert told.get("field", told["code"]) == field, (url, told)
    assert len(told["detail"]) > 10
    shown = await client.get(url, headers=IMAGE)
    assert shown.status_code == 200, url
    assert shown.headers["blue-heart-error"] == f"{plain.status_code} {field}"
    assert shown.headers["content-type"].startswith("image/")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.path)
async def test_every_bad_value_of_every_parameter_is_told_by_its_name(
    client: httpx.AsyncClient, template: Template
) -> None:
    ext = "svg" if "svg" in template.manifest.formats else template.manifest.formats[0]
    for name, value in bad_values(template):
        await refused(client, address(template, ext, said(template), (name, value)), name)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.path)
async def test_what_is_missing_repeated_or_nearly_a_name_is_told(
    client: httpx.AsyncClient, template: Template
) -> None:
    ext, values = template.manifest.formats[0], said(template)
    for name, field in template.manifest.fields.items():
        if is_required(field) and not isinstance(field, ImageField):
            rest = {key: value for key, value in values.items() if key != name}
            await refused(client, address(template, ext, rest), name)
    for name in [*template.manifest.fields, "lang", "theme", "size", "scale"]:
        url = address(
            template, ext, {k: v for k, v in values.items() if k != name}, (name, b"a"), (name, b"a")
        )
        await refused(client, url, name)
    await refused(client, address(template, ext, values, ("them", b"dark")), "theme")
    await refused(client, f"/{template.path}.gif", "not-found")
    await refused(client, f"/{template.path}x.{ext}", "not-found")
    await refused(client, f"/{template.path}.{ext}?%FF=1", "bad-request")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.path)
async def test_strange_but_good_texts_are_drawn_and_never_run(
    client: httpx.AsyncClient, template: Template
) -> None:
    typed = [name for name, field in template.manifest.fields.items() if isinstance(field, TextField)]
    for text in GOOD_TEXT if typed else ():
        values = said(template) | dict.fromkeys(typed, text)
        sidecar = await client.get(address(template, "json", values))
        assert sidecar.status_code == 200, (template.path, text, sidecar.text)
        if "svg" in template.manifest.formats:
            svg = (await client.get(address(template, "svg", values))).text
            assert "<script" not in svg
            assert ">49<" not in svg


NAMES = st.sampled_from(
    ["name", "lang", "theme", "size", "scale", "label", "message", "color", "tz", "campaign", "for", "sig"]
) | st.sampled_from(["maxage", "download", "animate", "nmae", "utm_source", "v", ""])
VALUES = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"en", b"ar", b"auto", b"dark", b"1", b"4", b"20", b"og", b"512", *map(str.encode, LANGUAGES)]
    ),
    st.sampled_from([*NO_TEXT, *NO_NUMBER, *NO_WORD, *NO_COLOUR]),
)


@settings(max_examples=60, deadline=None)
@given(
    template=st.sampled_from(TEMPLATES),
    ext=st.sampled_from(["svg", "json", "gif", ""]),
    pairs=st.lists(st.tuples(NAMES, VALUES), max_size=5),
    long=st.text(max_size=20),
)
def test_nothing_that_can_be_asked_is_a_500(
    template: Template, ext: str, pairs: list[tuple[str, bytes]], long: str
) -> None:
    """Bytes to spec, as the endpoint reads them: what it raises is one of our errors, which have a status."""
    query = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs).encode()
    for path in (f"/{template.path}.{ext}", f"/{template.path}/{long}.{ext}"):
        try:
            spec = KIT.catalogue.parse(path, query).spec
        except BlueHeartError as error:
            assert 400 <= error.status < 500
            render_notice(error, "svg", KIT)
        else:
            assert (
                KIT.catalogue.parse(
                    spec.canonical.partition("?")[0], spec.canonical.partition("?")[2].encode()
                ).spec
                == spec
            )
