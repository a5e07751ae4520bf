"""What a real server writes down, at its most talkative: no name, no query, no address, whatever is sent."""

import json
import socket
import uuid
from collections.abc import Callable
from typing import Any

import httpx

NAME = "Wilhelmina-of-the-logs"
VISITOR = "203.0.113.77"
WHO = {
    "X-Forwarded-For": VISITOR,
    "Forwarded": f"for={VISITOR}",
    "Referer": f"https://{NAME}.example/",
    "User-Agent": f"{NAME}/1.0",
    "X-Request-Id": NAME,
    "Cookie": f"who={NAME}",
}


def visit(client: httpx.Client, pledging: Any) -> None:
    """Asks for everything that takes what a visitor types, well and badly."""
    for path in (
        f"/badge/wear.svg?name={NAME}",
        f"/badge/wear.svg?name={NAME}",
        f"/card/supporter.jpg?name={NAME}",
        f"/badge/wear.json?name={NAME}",
        f"/badge/wear.svg?name={NAME}&name={NAME}",
        f"/badge/wear.svg?nmae={NAME}",
        f"/badge/wear.svg?name={NAME}&size={NAME}",
        f"/badge/wear.svg?name=%ff{NAME}",
        f"/badge/wear.svg?{'q' * 20_000}={NAME}",
        f"/badge/{NAME}.svg",
        f"/nowhere/{NAME}?q={NAME}",
        f"/?name={NAME}",
        f"/?name={NAME}&lang={NAME}",
        f"/api/v1/campaigns/{NAME}",
        f"/api/v1/challenge?campaign={NAME}",
        f"/log/{NAME}/checkpoint",
        f"/widgets/v1/{NAME}",
    ):
        client.get(path)
        client.get(path, headers={"Sec-Fetch-Dest": "image"})
    challenge = client.get("/api/v1/challenge", params={"campaign": "world"}).json()
    pledge = {"campaign": "world", "source": "api", "solution": pledging.solve(challenge)}
    made = client.post("/api/v1/pledges", json=pledge, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert made.status_code == 201, made.text
    client.post("/api/v1/pledges", json=pledge | {NAME: 1}, headers={"Idempotency-Key": str(uuid.uuid4())})
    client.post("/api/v1/withdrawals", json={"receipt": NAME})
    client.post("/api/v1/withdrawals", json={"receipt": made.json()["receipt"]})
    client.post("/pledge", data={"token": NAME, "lang": NAME})
    client.post("/withdraw", data={"receipt": NAME})
    client.request(NAME.upper(), "/")


def send_raw(port: int) -> None:
    """Sends what is no HTTP, and what breaks off in the middle."""
    for said in (f"GET /{NAME}\r\n\r\n", f"{NAME}\r\n\r\n", f"GET /?name={NAME} HTTP/1.1\r\nHost: a"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(said.encode())


def test_a_server_at_its_most_talkative_names_no_person_and_no_address(
    serve: Callable[..., Any], pledging: Any
) -> None:
    served = serve(
        log_level="debug",
        pledge_cost="1",
        pledge_attempts="1",
        trusted_proxies="127.0.0.1",
        miss_limit="5/hour",
    ).wait_ready()
    with httpx.Client(base_url=served.url, headers=WHO, timeout=20) as client:
        visit(client, pledging)
        last = client.get(f"/badge/wear.svg?name={NAME}").headers["x-request-id"]
    send_raw(served.port)
    served.until(lambda: last in served.log.read_text())
    served.stop()
    text = served.log.read_text()
    for secret in (NAME, NAME.lower(), NAME.upper(), VISITOR, "name="):
        assert secret not in text
    spoken = [line for line in text.splitlines() if not line.startswith("{")]
    assert spoken == [f"Blue Heart serves {served.url} (Ctrl-C stops it)"]
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["say"] == "request"]
    assert len(requests) > 40
    assert all(len(line["request"]) == 16 and line["at"].endswith("Z") for line in requests)
    assert {200, 201, 404, 422, 429} <= {line["status"] for line in requests}
