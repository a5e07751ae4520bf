"""For machines that watch over us: alive, ready, how much of everything, and what can be drawn."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from badge.web.responses import CROSS_ORIGIN, etag_matches, etag_of, json_answer, not_modified
from badge.web.state import state_of

_CACHE = "public, max-age=300, stale-while-revalidate=86400"


async def alive(request: Request) -> Response:  # noqa: ARG001 - an endpoint's signature
    """Answers `GET /healthz`: this process runs; asks no store, so a dead store restarts nobody."""
    return json_answer({"status": "ok"})


async def ready(request: Request) -> Response:
    """Answers `GET /readyz`: 200 where pledges can be taken, 503 where the store is away."""
    await state_of(request).stores.ping()
    return json_answer({"status": "ok"})


async def metrics(request: Request) -> Response:
    """Answers `GET /metrics` in Prometheus' text formats, for all workers together."""
    state = state_of(request)
    body, media_type = state.metrics.write(request.headers.get("accept", ""), await state.stores.up())
    return Response(body, 200, {"Cache-Control": "no-store", "Content-Type": media_type})


async def templates(request: Request) -> Response:
    """Answers `GET /templates.json`: every picture with its fields and bounds."""
    body = msgspec.json.encode(state_of(request).kit.catalogue.describe())
    headers = {**CROSS_ORIGIN, "ETag": etag_of(body), "Cache-Control": _CACHE}
    if (seen := request.headers.get("if-none-match")) and etag_matches(seen, headers["ETag"]):
        return not_modified(headers)
    return Response(body, 200, headers, "application/json")
