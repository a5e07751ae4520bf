"""What an OpenAPI client of ours knows beside the document: schemathesis loads this (SCHEMATHESIS_HOOKS).

A schema cannot say "solved", "sealed by us", "visible" or "readable on this ground". Where a request's value
is what the document allows, it is made into one that a client which has read the sentences would send; what
the document forbids is left as it was made, so that the service must refuse it.
"""

import base64
import json
import re
import uuid
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import httpx
import schemathesis
from hypothesis import strategies as st
from PIL import Image
from schemathesis import Case, HookContext

from badge.campaigns.slug import is_slug
from badge.catalogue.colour import INK, WHITE, contrast
from badge.pledges.key import KEY_PATTERN
from badge.web.models import Lang
from tests.conftest import Pledging

_LANG = re.compile(Lang.__metadata__[0].pattern)  # type: ignore[attr-defined]
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Gives a request the values that only this service can make, and the sense that no schema asks for."""
    service = _service(str(case.operation.base_url))
    if re.fullmatch(KEY_PATTERN, str((case.headers or {}).get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if isinstance((case.query or {}).get("cursor"), str) and len(case.query["cursor"]) <= 200:
        case.query["cursor"] = _cursor()
    if isinstance(case.body, dict):
        case.body |= dict(_meant(case.body, service))


def _meant(body: dict[str, Any], service: httpx.Client) -> Iterator[tuple[str, object]]:
    if _is_text(body.get("solution"), 8192):
        campaign = body.get("campaign", "world")
        if is_slug(str(campaign)) and service.get(f"/api/v1/campaigns/{campaign}").status_code == 404:
            campaign = "world"
            yield "campaign", campaign
        yield "solution", _solution(service, str(campaign))
    if _is_text(body.get("receipt"), 2048):
        yield "receipt", _receipt(service)
    for name in ("goal", "members"):
        number = body.get(name)  # to JSON Schema 7.0 is a whole number
        if isinstance(number, float) and number.is_integer():
            yield name, int(number)
    for name, most in (("names", 60), ("statement", 200)):
        texts = body.get(name)
        if isinstance(texts, dict):
            yield name, {code: _visible(code, text, most) for code, text in texts.items()}
    colours = body.get("colours")
    if isinstance(colours, dict):
        yield "colours", {name: _readable(colour) for name, colour in colours.items()}
    starts_on, ends_on = _day(body.get("starts_on")), _day(body.get("ends_on"))
    if starts_on and ends_on and ends_on < starts_on:
        yield from (("starts_on", body["ends_on"]), ("ends_on", body["starts_on"]))


def _is_text(value: object, most: int) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= most


def _visible(code: str, text: object, most: int) -> object:
    return "Zoë"[:most] if _LANG.fullmatch(code) and _is_text(text, most * 20) else text


def _readable(colour: object) -> object:
    if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
        return colour
    return colour if max(contrast(text, colour.lower()) for text in (WHITE, INK)) >= 4.5 else "#0055a4"


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


@cache
def _service(base_url: str) -> httpx.Client:
    return httpx.Client(base_url=base_url)


def _solution(service: httpx.Client, campaign: str) -> str:
    answer = service.get("/api/v1/challenge", params={"campaign": campaign})
    return Pledging.solve(answer.json()) if answer.is_success else "-"


def _receipt(service: httpx.Client) -> str:
    body = {"campaign": "world", "source": "api", "solution": _solution(service, "world")}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    receipt: str = service.post("/api/v1/pledges", json=body, headers=headers).json()["receipt"]
    return receipt


def _cursor() -> str:
    return base64.urlsafe_b64encode(json.dumps(["world", "1"]).encode()).decode().rstrip("=")


def _picture(format_: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), "#009edb").save(out, format_)
    return out.getvalue()


for media_type, format_ in (("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/webp", "WEBP")):
    schemathesis.openapi.media_type(media_type, st.just(_picture(format_)))


@schemathesis.deserializer("image/png")
def opened(context: Any, response: Any) -> str:
    """Reads a picture that was answered; it must be one."""
    with Image.open(BytesIO(response.content)) as picture:
        return str(picture.format)
