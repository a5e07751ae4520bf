import asyncio
from typing import Any

import msgspec
import pytest
from starlette.requests import Request

from badge.errors import BadRequest, InvalidField, PayloadTooLarge
from badge.web.bodies import read_json
from badge.web.models import CampaignChanges


class Body(msgspec.Struct, forbid_unknown_fields=True):
    name: str


def request(*chunks: bytes, then_silence: bool = False, **headers: str) -> Request:
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()
        chunk = waiting.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(waiting) or then_silence}

    raw = [(b"content-type", b"application/json; charset=utf-8")]
    raw += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw}, receive)


async def test_chunks_are_put_together() -> None:
    assert await read_json(request(b'{"na', b'me": "Zo\xc3', b'\xab"}'), Body, 100) == Body("Zoë")


async def test_a_body_that_does_not_come_is_given_up() -> None:
    with pytest.raises(BadRequest, match="seconds"):
        await asyncio.wait_for(read_json(request(b"{", then_silence=True), Body, 100, seconds=0.05), 1)


async def test_an_announced_flood_is_refused_before_it_is_read() -> None:
    with pytest.raises(PayloadTooLarge):
        await asyncio.wait_for(read_json(request(content_length="99999999999"), Body, 100), 1)


async def test_an_unannounced_flood_is_refused_on_its_way() -> None:
    with pytest.raises(PayloadTooLarge):
        await asyncio.wait_for(read_json(request(*[b" " * 60] * 3, then_silence=True), Body, 100), 1)


@pytest.mark.parametrize(
    ("body", "right"),
    [
        (b'{"ends_on": "31/12/2026"}', "a day as 2026-07-30"),
        (b'{"colours": {"ground": "c8102e", "accent": "#000000"}}', "a colour as #0055a4"),
    ],
)
async def test_a_member_that_is_misspelt_is_told_how_it_is_written(body: bytes, right: str) -> None:
    with pytest.raises(InvalidField, match=right):
        await read_json(request(body), CampaignChanges, 100)
