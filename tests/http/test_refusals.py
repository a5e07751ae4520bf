"""Bad input in both forms: a picture with status 200 for an image client, the true problem for all others."""

import threading
from dataclasses import replace
from typing import Any

import httpx
import pytest

from badge.settings import Settings

IMAGE = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

BAD = [
    ("/badge/nothing.svg?name=Ana", 404, "not-found"),
    ("/nothing/wear.svg?name=Ana", 404, "not-found"),
    ("/badge/wear.gif?name=Ana", 404, "not-found"),
    ("/badge/wear?name=Ana", 404, "not-found"),
    ("/badge/count.svg?campaign=nobody", 404, "campaign"),
    ("/badge/wear.svg", 422, "name"),
    ("/badge/wear.svg?name=Ana&lang=xx", 422, "lang"),
    ("/badge/wear.svg?name=Ana&size=9999", 422, "size"),
    ("/card/supporter.png?name=Ana&size=huge", 422, "size"),
    ("/card/supporter.png?name=Ana&scale=NaN", 422, "scale"),
    ("/card/supporter.png?name=Ana&scale=1e309", 422, "scale"),
    ("/avatar/pin.png?name=Ana&size=-1", 422, "size"),
    ("/badge/wear.png?name=Ana&theme=auto", 422, "theme"),
    ("/badge/wear.svg?nmae=Ana", 422, "name"),
    ("/badge/wear.png?name=Ana&animate=beat", 422, "animate"),
    ("/avatar/pin.webp?name=Ana&size=512&animate=beat", 422, "animate"),
    ("/badge/wear.svg?name=Ana&name=Bea", 400, "name"),
    ("/badge/wear.svg?name=", 422, "name"),
    ("/badge/wear.svg?name=%20%09", 422, "name"),
    ("/badge/wear.svg?name=%E2%80%8B%E2%80%8D", 422, "name"),
    ("/badge/wear.svg?name=" + "a" * 5000, 422, "name"),
    ("/badge/wear.svg?name=a" + "%CC%81" * 500, 422, "name"),
    ("/badge/wear.svg?name=%FF%FE", 400, "name"),
    ("/badge/wear.svg?name=%ED%A0%80", 400, "name"),
    ("/badge/wear.svg?%FF=1", 400, "bad-request"),
    ("/badge/w%FFear.svg?name=Ana", 400, "bad-request"),
    ("/badge/wear%00.svg?name=Ana", 400, "bad-request"),
    ("/badge/wear.svg?name=" + "a" * 9000, 414, "address-too-long"),
    ("/badge/" + "a" * 9000 + ".svg", 414, "address-too-long"),
    ("/badge/wear.svg?name=certified", 422, "name"),
]
IDS = [url[:44] for url, _, _ in BAD]


@pytest.mark.parametrize(("url", "status", "what"), BAD, ids=IDS)
async def test_who_asks_for_an_image_gets_one_that_says_what_is_wrong(
    client: httpx.AsyncClient, url: str, status: int, what: str
) -> None:
    answer = await client.get(url, headers={"Accept": IMAGE})
    assert answer.status_code == 200
    assert answer.headers["blue-heart-error"] == f"{status} {what}"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "Accept" in answer.headers["vary"]
    assert answer.headers["access-control-allow-origin"] == "*"
    if ".png" in url or ".webp" in url:
        assert answer.content.startswith(b"\x89PNG" if ".png" in url else b"RIFF")
    else:
        assert answer.text.startswith("<svg")
        assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("url", "status", "what"), BAD, ids=IDS)
@pytest.mark.parametrize("accept", ["*/*", "application/json", PAGE])
async def test_everyone_else_gets_the_true_status(
    client: httpx.AsyncClient, url: str, status: int, what: str, accept: str
) -> None:
    answer = await client.get(url, headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Accept" in answer.headers["vary"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said["status"] == status
    assert what in (said.get("field"), said["code"])
    assert said["title"]
    assert len(said["detail"]) > 10


@pytest.mark.parametrize("ext", ["svg", "png"])
async def test_an_image_element_gets_an_image(client: httpx.AsyncClient, ext: str) -> None:
    answer = await client.get(f"/badge/wear.{ext}", headers={"Sec-Fetch-Dest": "image", "Accept": PAGE})
    assert answer.status_code == 200
    assert answer.headers["blue-heart-error"] == "422 name"
    assert "Sec-Fetch-Dest" in answer.headers["vary"]


async def test_a_refused_jpeg_is_a_jpeg(client: httpx.AsyncClient) -> None:
    answer = await client.get("/card/supporter.jpg", headers={"Accept": IMAGE})
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")


async def test_head_of_a_refusal_has_no_body(client: httpx.AsyncClient) -> None:
    for accept in (IMAGE, "*/*"):
        answer = await client.head("/badge/wear.svg", headers={"Accept": accept})
        assert answer.content == b""
        assert int(answer.headers["content-length"]) > 0


async def test_a_sidecar_and_an_api_keep_their_true_status(client: httpx.AsyncClient) -> None:
    for url in ("/badge/wear.json", "/api/v1/campaigns/nobody", "/api/v1/nothing", "/widgets/v1/nothing.js"):
        answer = await client.get(url, headers={"Accept": IMAGE, "Sec-Fetch-Dest": "image"})
        assert answer.status_code in (404, 422)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "name",
    [
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%5D%5D%3E",
        "%7B%7B7*7%7D%7D",
        "O'Brien+%26+%22Sons%22",
        "%E2%80%AEabc",
    ],
)
async def test_strange_but_good_names_are_drawn(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/badge/wear.svg?name={name}")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert ">49<" not in answer.text


async def test_a_field_of_any_bytes_never_breaks_a_header(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/badge/wear.svg?name=Ana&%0D%0ASet-Cookie%3A%20a=1&%0D%0ASet-Cookie%3A%20a=2",
        headers={"Accept": IMAGE},
    )
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["blue-heart-error"].startswith("400 ")


@pytest.mark.parametrize(
    ("method", "url", "allow"),
    [
        ("POST", "/badge/wear.svg?name=Ana", "GET, HEAD, OPTIONS"),
        ("DELETE", "/api/v1/campaigns/world/count", "GET, HEAD, OPTIONS"),
        ("GET", "/api/v1/pledges", "POST, OPTIONS"),
        ("PUT", "/healthz", "GET, HEAD, OPTIONS"),
        ("BREW", "/badge/wear.svg", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    client: httpx.AsyncClient, method: str, url: str, allow: str
) -> None:
    answer = await client.request(method, url)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allow
    assert answer.json()["code"] == "method"


@pytest.mark.parametrize(
    ("url", "methods"),
    [
        ("/badge/wear.svg?name=Ana", "GET, HEAD, OPTIONS"),
        ("/api/v1/pledges", "POST, OPTIONS"),
        ("/api/v1/withdrawals", "POST, OPTIONS"),
        ("/api/v1/campaigns/world/count", "GET, HEAD, OPTIONS"),
        ("/widgets/v1/blue-heart.js", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_preflight_is_answered_and_may_be_kept(
    client: httpx.AsyncClient, url: str, methods: str
) -> None:
    answer = await client.options(
        url,
        headers={
            "Origin": "https://club.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, idempotency-key",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == methods
    assert {"Content-Type", "Idempotency-Key"} <= {
        *answer.headers["access-control-allow-headers"].split(", ")
    }
    assert int(answer.headers["access-control-max-age"]) >= 7200
    assert "access-control-allow-credentials" not in answer.headers


async def test_a_reader_who_mistypes_an_address_gets_a_page_and_a_program_a_problem(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/nothing?lang=nl", headers={"Accept": PAGE})
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'lang="nl"' in page.text and "nothing lives at this address" in page.text
    problem = await client.get("/nothing")
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"


async def test_options_of_nothing_is_404(client: httpx.AsyncClient) -> None:
    assert (await client.options("/nothing")).status_code == 404


async def test_the_request_that_breaks_us_learns_nothing_but_its_id(
    service: Any, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    service.state["kit"] = None
    answer = await client.get("/badge/wear.svg?name=Secret+Person")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal"
    assert len(answer.headers["x-request-id"]) == 16
    assert "NoneType" not in answer.text
    assert "unexpected error" in caplog.text


async def test_a_full_queue_is_503_at_once_for_images_too(open_service: Any, settings: Settings) -> None:
    service = await open_service(settings)
    renderer = service.state["renderer"]
    renderer._bound = 0
    async with service.client() as client:
        for accept in (IMAGE, "*/*"):
            answer = await client.get("/avatar/pin.png?name=Nobody+yet", headers={"Accept": accept})
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.headers["cache-control"] == "no-store"
        assert (await client.get("/badge/wear.svg?name=Vectors+need+no+queue")).status_code == 200


async def test_what_takes_too_long_is_503(open_service: Any, settings: Settings) -> None:
    service = await open_service(replace(settings, request_deadline_s=0.1))
    renderer = service.state["renderer"]
    hold = threading.Event()
    renderer._thread.submit(hold.wait, 5)
    try:
        async with service.client() as client:
            answer = await client.get("/avatar/pin.png?name=Somebody+waits")
    finally:
        hold.set()
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
