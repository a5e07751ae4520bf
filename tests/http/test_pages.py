"""The pages as a browser without scripts, a crawler and a mischievous client see them."""

import re
from urllib.parse import urlencode

import httpx
import pytest

from badge.content import LANGUAGES, load_helplines
from tests.conftest import ORIGIN
from tests.http.document import POLICY, Document, read

DISCLAIMER = (
    "Independent open-source project supporting the aims of UNODC's Blue Heart Campaign. Not operated, "
    "endorsed or certified by the United Nations or UNODC. A badge shows solidarity; it is not a "
    "certification of any person, company or product."
)
PAGES = ["/", "/?name=Zo%C3%AB&lang=ar&theme=light&size=story", "/privacy", "/?lang=tlh"]


@pytest.mark.parametrize("url", PAGES)
async def test_every_page_is_strict_private_and_honest(client: httpx.AsyncClient, url: str) -> None:
    answer = await client.get(url)
    page = Document(answer.text)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    assert DISCLAIMER in page.text
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        for name in ("src", "srcset", "poster"):
            assert attributes.get(name, "/").startswith("/"), (tag, attributes)
    assert not page.all("style")
    assert all("src" in script for script in page.all("script"))
    assert {a["href"][0] for a in page.all("link", rel="stylesheet") + page.all("link", rel="icon")} == {"/"}
    for link in page.all("a"):
        if link.get("href", "/").startswith("http"):
            assert "noreferrer" in link["rel"]


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_page_speaks_the_language_of_its_address(client: httpx.AsyncClient, lang: str) -> None:
    answer = await client.get(f"/?lang={lang}", headers={"Accept-Language": "fr"})
    page = Document(answer.text)
    assert page.one("html") == {"lang": lang, "dir": "rtl" if lang == "ar" else "ltr"}
    assert answer.headers["content-language"] == lang
    assert page.one("option", value=lang).get("selected") == ""
    assert "accept-language" not in answer.headers.get("vary", "").lower()


async def test_the_pictures_are_those_of_the_choice(client: httpx.AsyncClient) -> None:
    page = await read(client, "/?name=Zo%C3%AB%20M%C3%BCller&lang=de&theme=light&size=story&fbclid=1")
    pictures = {img["src"].split("?")[0]: img for img in page.all("img")}
    assert set(pictures) == {"/card/supporter.jpg", "/avatar/pin.png", "/badge/wear.svg"}
    for image in pictures.values():
        assert image["alt"] == "Zoë Müller trägt das Blaue Herz"
        picture = await client.get(image["src"])
        assert picture.status_code == 200
        sidecar = await client.get(re.sub(r"\.\w+\?", ".json?", image["src"], count=1))
        said = sidecar.json()
        assert (image["width"], image["height"]) == (str(said["width"]), str(said["height"]))
    card = pictures["/card/supporter.jpg"]
    assert (card["width"], card["height"]) == ("1080", "1920")


async def test_every_download_is_a_file_with_a_name(client: httpx.AsyncClient) -> None:
    page = await read(client, "/?name=Ana")
    links = [a["href"] for a in page.all("a") if "data-format" in a]
    assert [link.split("?")[0] for link in links] == [
        "/card/supporter.png",
        "/card/supporter.jpg",
        "/avatar/pin.png",
        "/avatar/pin.svg",
        "/badge/wear.svg",
        "/badge/wear.png",
    ]
    for link in links:
        answer = await client.get(link)
        assert answer.headers["content-disposition"].startswith("attachment")


async def test_without_a_name_there_is_an_example_and_nothing_to_download(client: httpx.AsyncClient) -> None:
    page = await read(client, "/?name=&lang=es")
    assert {img["alt"] for img in page.all("img")} == {"Tu nombre lleva el Corazón Azul"}
    assert not [a for a in page.all("a") if "data-format" in a and "href" in a]


async def test_a_name_is_kept_off_disks_and_out_of_search_engines(client: httpx.AsyncClient) -> None:
    named, plain = await client.get("/?name=Ana"), await client.get("/")
    assert named.headers["cache-control"] == "no-store"
    assert named.headers["x-robots-tag"] == "noindex"
    assert Document(named.text).one("meta", name="robots")["content"] == "noindex"
    assert plain.headers["cache-control"] == "private, no-cache"
    assert "x-robots-tag" not in plain.headers
    assert not Document(plain.text).all("meta", name="robots")
    canonical = Document(named.text).one("link", rel="canonical")["href"]
    assert canonical == f"{ORIGIN}/?lang=en"


async def test_absolute_addresses_come_from_the_setting_and_not_from_the_host(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/?name=Ana&lang=nl")
    page = Document(answer.text)
    assert "host.of.nobody" not in answer.text
    image = page.one("meta", property="og:image")["content"]
    assert image.startswith(f"{ORIGIN}/card/supporter.jpg?")
    preview = await client.get(image.removeprefix(ORIGIN))
    assert preview.headers["content-type"] == "image/jpeg"
    assert len(preview.content) < 300_000
    assert page.one("meta", name="twitter:card")["content"] == "summary_large_image"
    assert {a["href"] for a in page.all("link", rel="alternate")} == {
        f"{ORIGIN}/?lang={code}" for code in LANGUAGES
    }


async def test_a_name_cannot_leave_its_place(client: httpx.AsyncClient) -> None:
    name = "\"><script>alert(1)</script>'{{7*7}}"
    answer = await client.get("/?" + urlencode({"name": name}))
    page = Document(answer.text)
    assert page.one("input", id="name")["value"] == name
    assert "<script>alert" not in answer.text
    assert len(page.all("script")) == 2


async def test_a_name_is_said_as_it_is_drawn(client: httpx.AsyncClient) -> None:
    answer = await client.get("/?" + urlencode({"name": "\u202eAna\x00\n\n# Eve\u2066"}))
    assert Document(answer.text).one("input", id="name")["value"] == "Ana # Eve"
    assert not re.search("[\x00\u202e\u2066]|Ana\n", answer.text)


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("name=%E2%80%8B", 422, "at least one visible letter"),
        ("name=" + "a" * 61, 422, "at most 60 fit"),
        ("name=Ana%2C%20official", 422, "certificate"),
        ("lang=tlh", 422, "lang must be one of en, fr"),
        ("theme=pink", 422, "theme must be one of light, dark"),
        ("size=huge", 422, "size must be one of og"),
        ("name=Ana&name=Bob", 400, "name is given more than once"),
        ("name=%FF", 400, "UTF-8"),
    ],
)
async def test_what_cannot_be_drawn_is_said_on_a_whole_page(
    client: httpx.AsyncClient, query: str, status: int, says: str
) -> None:
    page = await read(client, f"/?{query}", status)
    assert says in page.text
    assert len(page.all("img")) == 3
    assert page.one("form", id="studio")


async def test_the_error_speaks_the_visitors_language_around_it(client: httpx.AsyncClient) -> None:
    page = await read(client, "/?name=%E2%80%8B&lang=ja", 422)
    assert page.one("html")["lang"] == "ja"
    assert page.one("input", id="name")["aria-invalid"] == "true"
    assert page.one("p", id="problem")["lang"] == "en"


async def test_only_confirmed_helplines_are_shown_each_with_its_date(client: httpx.AsyncClient) -> None:
    page = await read(client, "/")
    shown = [a["href"].removeprefix("tel:") for a in page.all("a") if a.get("href", "").startswith("tel:")]
    lines = load_helplines()
    assert sorted(shown) == sorted(line.dial for line in lines if line.dial)
    assert len(page.all("time")) == len(lines)
    away = page.one("a", href="https://www.bbc.com/weather")
    assert away["rel"] == "nofollow noreferrer"
    assert "target" not in away


async def test_files_are_pinned_by_their_digest_and_stay_in_their_folder(client: httpx.AsyncClient) -> None:
    page = await read(client, "/")
    sheet = page.one("link", rel="stylesheet")["href"]
    answer = await client.get(sheet)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    held = await client.get(sheet, headers={"If-None-Match": answer.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")
    other = await client.get("/static/000000000000/site.css")
    assert other.headers["cache-control"] == "no-cache"
    for path in ("..%2Fpages.py", "%2e%2e%2fpages.py", "nothing.css", "strings.json"):
        assert (await client.get(f"/static/000000000000/{path}")).status_code == 404
    scripts = [script["src"] for script in page.all("script")]
    for script in scripts:
        assert (await client.get(script)).headers["content-type"].startswith("text/javascript")


async def test_what_browsers_and_robots_ask_for_unasked_is_there(client: httpx.AsyncClient) -> None:
    icon = await client.get("/favicon.svg")
    assert icon.headers["content-type"] == "image/svg+xml"
    assert (await client.get("/favicon.ico")).headers["location"] == "/favicon.svg"
    robots = await client.get("/robots.txt")
    assert robots.text.startswith("User-agent: *")
    assert "Disallow: /\n" not in robots.text
