"""The real server on a real socket: bytes that no client library would send."""

import json
import socket
from typing import Any

import pytest

IMAGE = b"Accept: image/avif,image/*\r\n"


def ask(served: Any, line: bytes, headers: bytes = b"", seconds: float = 5.0) -> tuple[int, bytes, bytes]:
    """Sends one request as it stands; returns status, head and body."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=seconds) as wire:
        wire.sendall(line + b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n" + headers + b"\r\n")
        answer = b""
        while chunk := wire.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.lower(), body


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"GET /badge/wear.svg?name=%FF", 400),
        (b"GET /badge/wear.svg?name=\xff\xfe", 400),
        (b"GET /badge/wear\xff.svg?name=Ana", 400),
        (b"GET /badge/wear%ff.svg?name=Ana", 400),
        (b"GET /badge/wear%00.svg?name=Ana", 400),
        (b"GET /badge/%2e%2e/%2e%2e/etc/passwd", 404),
        (b"GET //evil.example/", 404),
        (b"GET /badge/wear.svg?name=" + b"a" * 10_000, 414),
        (b"GET /badge/wear.svg?name=" + b"a" * 100_000, 414),
        (b"GET /" + b"a" * 10_000, 414),
        (b"GET * ", 400),
        (b"TRACE /badge/wear.svg", 405),
        (b"GET /badge/wear.svg?name=Ana&size=1e309", 422),
    ],
    ids=lambda value: value[:40].decode("latin1") if isinstance(value, bytes) else "",
)
def test_strange_bytes_get_a_clear_status(served: Any, line: bytes, status: int) -> None:
    assert ask(served, line)[0] == status


def test_raw_utf8_is_read(served: Any) -> None:
    status, _, body = ask(served, "GET /badge/wear.svg?name=Zoë".encode())
    assert status == 200
    assert "Zoë".encode() in body


def test_head_sends_no_byte_of_a_body(served: Any) -> None:
    for line in (b"HEAD /badge/wear.svg?name=Ana", b"HEAD /badge/wear.svg", b"HEAD /", b"HEAD /nothing"):
        _, head, body = ask(served, line)
        assert body == b""
        assert b"content-length: 0" not in head


def test_an_image_client_gets_an_image_of_a_long_address(served: Any) -> None:
    status, head, body = ask(served, b"GET /badge/wear.svg?name=" + b"a" * 10_000, IMAGE)
    assert status == 200
    assert b"blue-heart-error: 414 address-too-long" in head
    assert body.startswith(b"<svg")


def test_a_large_body_is_refused_before_it_is_sent(served: Any) -> None:
    headers = b"Content-Type: application/json\r\nContent-Length: 900000000\r\n"
    headers += b"Idempotency-Key: 0f8fad5b-d9cb-469f-a165-70867728950e\r\n"
    status, _, body = ask(served, b"POST /api/v1/pledges", headers)
    assert status == 413
    assert json.loads(body)["code"] == "too-large"


@pytest.mark.parametrize("path", [b"/api/v1/withdrawals", b"/pledge", b"/withdraw"])
def test_a_body_that_breaks_off_is_the_client_s_mistake(served: Any, path: bytes) -> None:
    kind = b"application/json" if path.startswith(b"/api") else b"application/x-www-form-urlencoded"
    headers = b"Transfer-Encoding: chunked\r\nContent-Type: " + kind + b"\r\n\r\nzz\r\nreceipt=x"
    status, _, body = ask(served, b"POST " + path, headers)
    assert status == 400
    assert json.loads(body)["code"] == "bad-request"


METHODS = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PURGE", "BAN", "get", "X" * 40)
OF_A_PICTURE = (
    *("/badge/wear.svg?name=Ana", "/card/supporter.png?name=Ana", "/badge/wear.json?name=Ana"),
    *(
        "/badge/flat/a%2Fb-c-blue.svg",
        "/badge%2Fwear.svg?name=Ana",
        "http://evil.example/badge/wear.svg?name=A",
    ),
)
OF_NOTHING = (
    *("//badge/wear.svg?name=Ana", "/badge//wear.svg?name=Ana", "/./badge/wear.svg", "/%", "/\xe9", "*"),
    *("/purge", "/block", "/api/v1/purge", "/api/v1/block", "/api/v1/campaigns/world/purge"),
    *(
        "/badge/wear.svg/?name=Ana",
        "/badge/wear.svg;x?name=Ana",
        "/badge/wear.svg%3Fname=Ana",
        "/badge/../x.svg",
    ),
)


@pytest.mark.parametrize("method", METHODS)
def test_no_method_but_get_and_head_does_anything_at_a_picture(served: Any, method: str) -> None:
    for address in OF_A_PICTURE:
        status, head, body = ask(served, f"{method} {address}".encode(), b"Content-Length: 0\r\n")
        assert (status, b"allow: get, head, options" in head) == (405, True), address
        assert json.loads(body)["code"] == "method"


@pytest.mark.parametrize("method", ["GET", *METHODS])
def test_pictures_are_purged_and_blocked_by_nobody_over_http(served: Any, method: str) -> None:
    for address in OF_NOTHING:
        status, _, body = ask(served, f"{method} {address}".encode("latin-1"), b"Content-Length: 0\r\n")
        assert status in (404, 405, 400), address
        assert b"Traceback" not in body
        assert not body or json.loads(body)["status"] == status


def test_absolute_addresses_and_encoded_slashes_are_the_same_picture(served: Any) -> None:
    bodies = {
        ask(served, f"GET {address}".encode())[2]
        for address in (OF_A_PICTURE[0], "/badge%2Fwear.svg?name=Ana")
    }
    bodies.add(ask(served, b"GET https://evil.example:1/badge/wear.svg?name=Ana")[2])
    assert len(bodies) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"".join(b"X-%d: a\r\n" % n for n in range(2000)), 431),
        (b"X-A: " + b"a" * 60_000 + b"\r\n", 200),
        (b"If-None-Match: " + b'"a",' * 12_000 + b"\r\n", 200),
        (b"Accept-Encoding: " + b"br;q=0.1," * 6_000 + b"\r\n", 200),
        (b'Accept: \xff\xfe\r\nIf-None-Match: \xff"\r\nAccept-Encoding: br;q=\xff\r\n', 200),
        (b'X-Forwarded-For: \xff,,,\r\nForwarded: for="[::\r\n', 200),
        (b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n", 200),
        (b"Content-Length: -3\r\n", 400),
        (b"Content-Length: 99999999999999999999\r\n", 400),
        (b"X: a\r\n folded\r\n", 400),
    ],
    ids=lambda value: value[:24].decode("latin1") if isinstance(value, bytes) else "",
)
def test_strange_headers_get_a_clear_status(served: Any, headers: bytes, status: int) -> None:
    assert ask(served, b"GET /badge/wear.svg?name=Ana", headers)[0] == status
