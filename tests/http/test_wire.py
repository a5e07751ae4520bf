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
