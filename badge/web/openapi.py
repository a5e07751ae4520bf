"""The API described for machines (OpenAPI 3.1), from the same structs that read and write its bodies."""

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from badge.web.api import JSON, OPERATIONS, SLUG, Operation
from badge.web.responses import CROSS_ORIGIN, etag_matches, etag_of, not_modified
from badge.web.views import Problem

_CACHE = "public, max-age=300, stale-while-revalidate=86400"
_REF = "#/components/schemas/{name}"
_PROBLEM = "application/problem+json"
_ALWAYS = (400, 405, 414, 429, 503)
_PLAIN = str.maketrans({"{": "", "}": "", ".": "_"})
_BEARER = "the campaign's owner key, or the administrator's token"


@cache
def document(origin: str) -> dict[str, Any]:
    """Returns the OpenAPI 3.1 document of the service at `origin`."""
    models = {type_ for op in OPERATIONS for type_ in (op.answers, op.body) if isinstance(type_, type)}
    _, schemas = msgspec.json.schema_components(
        [Problem, *sorted(models, key=lambda model: model.__name__)], ref_template=_REF
    )
    paths: dict[str, dict[str, Any]] = {}
    for op in OPERATIONS:
        paths.setdefault(op.path, {})[op.method] = _described(op)
    for path, item in paths.items():
        if "{slug}" in path:
            item["parameters"] = [{"name": "slug", "in": "path", "required": True, "schema": SLUG}]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Blue Heart",
            "version": version("blue-heart"),
            "summary": "Pledges, counted exactly once, for any campaign",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": origin}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": _BEARER}},
        },
    }


async def openapi(request: Request) -> Response:
    """Answers `GET /openapi.json`."""
    body = msgspec.json.encode(document(request.state.origin))
    headers = {**CROSS_ORIGIN, "ETag": etag_of(body), "Cache-Control": _CACHE}
    if (seen := request.headers.get("if-none-match")) and etag_matches(seen, headers["ETag"]):
        return not_modified(headers)
    return Response(body, 200, headers, JSON)


def _described(op: Operation) -> dict[str, Any]:
    problem = {_PROBLEM: {"schema": _ref(Problem)}}
    statuses = sorted({*_ALWAYS, *op.refuses})
    described: dict[str, Any] = {
        "operationId": f"{op.method}{op.path.removeprefix('/api/v1').replace('/', '_').translate(_PLAIN)}",
        "summary": op.summary,
        "responses": {
            str(op.status): {
                "description": HTTPStatus(op.status).phrase,
                "content": _content(op.answers, op.media_type),
            },
            **{str(s): {"description": HTTPStatus(s).phrase, "content": problem} for s in statuses},
        },
    }
    if op.parameters:
        described["parameters"] = list(op.parameters)
    if isinstance(op.body, type):
        described["requestBody"] = {"required": True, "content": _content(op.body, JSON)}
    elif op.body:
        described["requestBody"] = {"required": True, "content": _plain(op.body)}
    if op.owner:
        described["security"] = [{"key": []}, *([{}] if op.open else [])]
    return described


def _content(answers: type | str, media_type: str) -> dict[str, Any]:
    if answers == JSON:
        return {JSON: {"schema": {"type": "object"}}}
    if isinstance(answers, str):
        return _plain((answers,))
    return {media_type: {"schema": _ref(answers)}}


def _plain(media_types: Sequence[str]) -> dict[str, Any]:
    """Returns bodies that are no JSON: a text is a string, bytes have no type (OpenAPI 3.1, 4.8.14.2)."""
    return {name: {"schema": {"type": "string"} if name.startswith("text/") else {}} for name in media_types}


def _ref(model: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=model.__name__)}
