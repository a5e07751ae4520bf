"""The public log over HTTP: checkpoint, tiles and entries as static resources (c2sp.org/tlog-tiles)."""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from badge.errors import NotFound
from badge.web.admission import admit
from badge.web.bodies import read_json
from badge.web.models import ReceiptOnly
from badge.web.responses import CROSS_ORIGIN, json_answer
from badge.web.state import state_of
from badge.web.views import OpenedReceipt

MAX_RECEIPT_BYTES = 4 * 1024
_NEVER_CHANGES = "public, max-age=31536000, immutable"
_TILE = re.compile(r"(entries|[1-5]?[0-9]|6[0-3])/((?:x[0-9]{3}/){0,3}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


async def checkpoint(request: Request) -> Response:
    """Answers `GET /log/{slug}/checkpoint` with a signed note of at most a minute ago."""
    state, slug = state_of(request), request.path_params["slug"]
    await state.campaigns.get(slug)
    sealed = await state.log.checkpoint(slug)
    return _text(sealed.note, "public, max-age=5")


async def keys(request: Request) -> Response:
    """Answers `GET /log/{slug}/keys`: a verifier key a line, those that sign now before older ones."""
    state, slug = state_of(request), request.path_params["slug"]
    await state.campaigns.get(slug)
    return _text("".join(f"{key}\n" for key in await state.log.keys(slug)), "public, max-age=300")


async def tile(request: Request) -> Response:
    """Answers `GET /log/{slug}/tile/{level}/{index}[.p/{width}]`, the level being a number or `entries`."""
    state, slug = state_of(request), request.path_params["slug"]
    await state.campaigns.get(slug)
    level, index, width = _read_path(request.path_params["path"])
    if level is None:
        body = await state.log.bundle(slug, index, width)
    else:
        body = await state.log.tile(slug, level, index, width)
    headers = {**CROSS_ORIGIN, "Cache-Control": _NEVER_CHANGES}
    return Response(body, 200, headers, "application/octet-stream")


async def receipt(request: Request) -> Response:
    """Answers `POST /api/v1/receipts`: what a receipt says, whether its pledge stands, and its proof."""
    body = await read_json(request, ReceiptOnly, MAX_RECEIPT_BYTES)
    state = state_of(request)
    await admit(request, state.receipt_limit)
    known = await state.ledger.open(body.receipt)
    opened = OpenedReceipt(
        campaign=known.pledge.campaign,
        source=known.pledge.source,
        country=known.pledge.country,
        language=known.pledge.language,
        day=known.day,
        ordinal=known.ordinal,
        stands=known.stands,
        proof=await state.log.proof(known.pledge.campaign, known.position),
    )
    return json_answer(opened)


def log_routes() -> list[Route]:
    """Returns the routes of every campaign's log."""
    return [
        Route("/log/{slug}/checkpoint", checkpoint),
        Route("/log/{slug}/keys", keys),
        Route("/log/{slug}/tile/{path:path}", tile),
        Route("/api/v1/receipts", receipt, methods=["POST"]),
    ]


def _read_path(path: str) -> tuple[int | None, int, int]:
    """Returns level (None for entries), index and width of a tile (tlog-tiles, Merkle Tree)."""
    match = _TILE.fullmatch(path)
    if match is None or (match[3] and int(match[3]) > 255) or match[2].startswith("x000/"):
        raise NotFound("no tile has this path; one is tile/0/x001/x234/067 or tile/entries/000.p/12")
    index = int(re.sub(r"[x/]", "", match[2]))
    return None if match[1] == "entries" else int(match[1]), index, int(match[3] or 256)


def _text(body: str, caching: str) -> Response:
    return PlainTextResponse(body, headers={**CROSS_ORIGIN, "Cache-Control": caching})
