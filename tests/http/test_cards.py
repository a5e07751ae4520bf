"""Cards over HTTP: what a network wants, which language an alt text speaks, free texts held to the rules."""

from urllib.parse import quote

import httpx
import pytest

FREE_TEXTS = [
    ("/card/player.png?number=9&role=Keeper&name={}", "name"),
    ("/card/player.png?name=Ana&role={}", "role"),
    ("/card/matchday.png?away=B&date=2026-07-30&home={}", "home"),
    ("/card/matchday.png?home=A&date=2026-07-30&away={}", "away"),
    ("/card/matchday.png?home=A&away=B&date=2026-07-30&place={}", "place"),
    ("/card/statement.png?text={}", "text"),
    ("/card/statement.png?text=Hello&name={}", "name"),
    ("/card/thanks.png?name={}", "name"),
]


@pytest.mark.parametrize(("url", "field"), FREE_TEXTS)
async def test_no_free_text_makes_a_card_a_certificate(
    client: httpx.AsyncClient, url: str, field: str
) -> None:
    for said in ("Officially certified", "offiziell", "官方认证"):
        answer = await client.get(url.format(quote(said)))
        assert answer.status_code == 422
        assert answer.json()["field"] == field
        assert "look like" in answer.json()["detail"]
    assert (await client.get(url.format(quote("Unofficial <b>&\"'")))).status_code == 200


async def test_a_network_gets_its_format_whatever_the_address_ends_in(client: httpx.AsyncClient) -> None:
    asked = await client.get("/card/supporter.png?name=Ana&for=whatsapp")
    plain = await client.get("/card/supporter.jpg?name=Ana")
    assert asked.headers["content-type"] == "image/jpeg"
    assert (asked.content, asked.headers["etag"]) == (plain.content, plain.headers["etag"])
    assert len(asked.content) < 300_000
    sidecar = (await client.get("/card/supporter.json?name=Ana&for=pinterest")).json()
    assert (sidecar["width"], sidecar["height"], sidecar["media_type"]) == (1000, 1500, "image/jpeg")


async def test_the_alt_text_of_a_statistic_says_that_it_is_english(client: httpx.AsyncClient) -> None:
    statistic = (await client.get("/card/statistic.json?lang=fr")).json()
    assert statistic["alt_lang"] == "en"
    assert statistic["alt"].startswith("Children are 38% of detected victims. · UNODC Global Report")
    thanks = (await client.get("/card/thanks.json?lang=fr")).json()
    assert (thanks["alt_lang"], thanks["alt"]) == ("fr", "Merci · de porter le Cœur bleu")


@pytest.mark.parametrize(
    ("url", "field", "words"),
    [
        ("/card/player.png?name=Ana&number=1000", "number", "from 0 to 999"),
        ("/card/player.png?name=Ana&colour=rde", "colour", "as 009edb"),
        ("/card/player.png?name=Ana&crest=https://x.example/a.png", "crest", "given as a file"),
        ("/card/matchday.png?home=A&away=B", "date", "date is missing"),
        ("/card/matchday.png?home=A&away=B&date=30.7.2026", "date", "2026-07-30"),
        ("/card/matchday.png?home=A&away=B&date=2026-07-30&time=8pm", "time", "20:45"),
        ("/card/matchday.png?home=A&away=B&date=2026-07-30&zone=Brussels", "zone", "Europe/Brussels"),
        ("/card/statistic.png?id=glotip24-total", "id", "must be one of"),
        ("/card/statistic.png?id=glotip24-childrn", "id", "did you mean glotip24-children"),
        ("/card/supporter.png?name=Ana&size=album&scale=2", "scale", "at most 1"),
    ],
)
async def test_a_mistake_is_told_what_would_be_right(
    client: httpx.AsyncClient, url: str, field: str, words: str
) -> None:
    answer = await client.get(url)
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert words in answer.json()["detail"]
