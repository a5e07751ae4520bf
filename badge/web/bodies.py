"""JSON bodies: bounded in bytes and seconds, decoded into closed structs, each mistake named by its field."""

import asyncio
import re
from typing import TypeVar

import msgspec
from starlette.requests import Request

from badge.errors import BadRequest, BlueHeartError, InvalidField, PayloadTooLarge, UnsupportedMedia

T = TypeVar("T")

BODY_SECONDS = 10.0
_NAMED = re.compile(r"(?:field `|at `\$\.)(\w{1,40})")
# What msgspec says of these is a standard's name or a pattern; people want to see one that is right.
_SPELLINGS = {"RFC3339 encoded date": "a day as 2026-07-30", "^#[0-9A-Fa-f]{6}$": "a colour as #0055a4"}


async def read_json(request: Request, type_: type[T], max_bytes: int, seconds: float = BODY_SECONDS) -> T:
    """Returns the body as a `type_`.

    Raises UnsupportedMedia, PayloadTooLarge, BadRequest (not JSON, or sent too slowly) or InvalidField.
    """
    if media_type_of(request) != "application/json":
        raise UnsupportedMedia("send the body as application/json")
    body = await read_bytes(request, max_bytes, seconds)
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.ValidationError as error:
        raise _invalid(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadRequest("the body is not JSON (RFC 8259), in UTF-8") from None


def media_type_of(request: Request) -> str:
    """Returns the media type that the body claims, in lower case and without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_bytes(request: Request, max_bytes: int, seconds: float = BODY_SECONDS) -> bytes:
    """Returns the body; raises PayloadTooLarge, or BadRequest where it comes too slowly."""
    too_large = PayloadTooLarge(f"the body is larger than {max_bytes} bytes")
    if (announced := request.headers.get("content-length", "")).isdigit() and int(announced[:19]) > max_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    raise too_large
    except TimeoutError:
        raise BadRequest(f"the body did not arrive within {seconds:g} seconds") from None
    return bytes(body)


def _invalid(error: msgspec.ValidationError) -> BlueHeartError:
    """Returns msgspec's complaint (it quotes names and types, not values) with the field that it is about."""
    text = str(error)
    named = _NAMED.search(text)
    hint = next((f"; write {right}" for wrong, right in _SPELLINGS.items() if wrong in text), "")
    return InvalidField(f"the body does not fit: {text[:200]}{hint}", field=named[1] if named else None)
