"""Answers in the few shapes that the service speaks: JSON, a problem, a picture's headers, 304."""

import hashlib
import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from badge.coding import Coding, choose
from badge.errors import BlueHeartError
from badge.web.views import Problem

# On everything that another site's page may use; never with credentials (Fetch, 3.2; COEP: require-corp).
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_PROBLEM = "application/problem+json"
_CODED = re.compile(r'-(?:br|gz)"$')
_MAX_LISTED = 16
_MAX_LISTED_BYTES = 400


def json_answer(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None, cache: str = "no-store"
) -> Response:
    """Returns JSON that any site may read; `cache` is its Cache-Control."""
    return Response(
        msgspec.json.encode(content),
        status,
        {**CROSS_ORIGIN, "Cache-Control": cache, **(headers or {})},
        "application/json",
    )


def problem(error: BlueHeartError, headers: Mapping[str, str] | None = None) -> Response:
    """Returns the error as a problem (RFC 9457) with its true status; never cached."""
    content = Problem(
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        code=error.code,
        field=error.field or msgspec.UNSET,
    )
    return Response(
        msgspec.json.encode(content),
        error.status,
        {**CROSS_ORIGIN, "Cache-Control": "no-store", **_sequel(error), **(headers or {})},
        _PROBLEM,
    )


def _sequel(error: BlueHeartError) -> dict[str, str]:
    """Returns the header that says what to do next (RFC 9110, 10.2.3 and 11.6.1)."""
    return {"WWW-Authenticate": "Bearer"} if error.status == 401 else retry_header(error)


def retry_header(error: BlueHeartError) -> dict[str, str]:
    """Returns Retry-After in seconds for the errors that pass (RFC 9110, 10.2.3)."""
    retry_after_s = getattr(error, "retry_after_s", None)
    return {} if retry_after_s is None else {"Retry-After": str(max(1, retry_after_s))}


def not_modified(headers: Mapping[str, str]) -> Response:
    """Returns 304 with the headers that a 200 would have carried (RFC 9110, 15.4.5)."""
    return Response(status_code=304, headers=headers)


def accepted_coding(request: Request) -> Coding:
    """Returns the content coding in which this client wants what shrinks."""
    return choose(",".join(request.headers.getlist("accept-encoding")).encode("latin-1"))


def etag_matches(if_none_match: str, etag: str) -> bool:
    """Compares weakly, across codings, in a list or with `*` (RFC 9110, 13.1.2); our tags hold no comma."""
    tags = [_bare(tag) for tag in if_none_match.split(",")]
    return _bare(etag) in tags or "*" in tags


def _bare(tag: str) -> str:
    return _CODED.sub('"', tag.strip().removeprefix("W/"))


def etag_of(content: bytes) -> str:
    """Returns the strong ETag of these bytes."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def listed(values: tuple[str, ...]) -> str:
    """Returns texts as one header value: percent-encoded UTF-8, comma separated, the first few."""
    kept: list[str] = []
    for value in values[:_MAX_LISTED]:
        kept.append(quote(value[:64], safe=""))
        if sum(map(len, kept)) > _MAX_LISTED_BYTES:
            break
    return ", ".join(kept)
