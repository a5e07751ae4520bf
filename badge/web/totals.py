"""All campaigns together: the sum, and the board of those that may be listed."""

from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from badge.campaigns import Campaign
from badge.catalogue.query import read_query
from badge.errors import InvalidField, NotFound
from badge.web.campaigns import CACHE
from badge.web.responses import CROSS_ORIGIN, etag_matches, etag_of, json_answer, not_modified
from badge.web.state import AppState, state_of
from badge.web.views import TotalsPage, TotalsRow

_MOST = 100
_FEW = 20
_ORDERS = ("total", "per_member")


async def totals(request: Request) -> Response:
    """Answers `GET /api/v1/totals?order=&limit=&cursor=`; `next` is the cursor of the following page."""
    state = state_of(request)
    values = read_query(request.scope["query_string"])
    order, limit = values.get("order", "total"), values.get("limit", str(_FEW))
    if order not in _ORDERS:
        raise InvalidField(f"order must be one of {', '.join(_ORDERS)}", field="order")
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= _MOST):
        raise InvalidField(f"limit must be a whole number from 1 to {_MOST}", field="limit")
    by_rate = order == "per_member"
    page, cursor = await state.board.page(
        "rates" if by_rate else "totals", values.get("cursor", "")[:200], int(limit)
    )
    rows = [await _row(state, slug, None if by_rate else int(score)) for slug, score in page.rows]
    view = TotalsPage(
        total=page.total,
        campaigns=page.listed,
        order="per_member" if by_rate else "total",
        rows=tuple(row for row in rows if row is not None),
        next=cursor or None,
        as_of="",
    )
    etag = "W/" + etag_of(msgspec.json.encode(view))
    if (seen := request.headers.get("if-none-match")) and etag_matches(seen, etag):
        return not_modified({**CROSS_ORIGIN, "ETag": etag, "Cache-Control": CACHE})
    as_of = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json_answer(msgspec.structs.replace(view, as_of=as_of), 200, {"ETag": etag}, CACHE)


async def _row(state: AppState, slug: str, total: int | None) -> TotalsRow | None:
    try:
        campaign: Campaign = (await state.campaigns.get(slug)).shown
    except NotFound:
        return None
    stands = total if total is not None else (await state.ledger.count(slug)).total
    rate = round(stands * 1000 / campaign.members, 2) if campaign.members else None
    return TotalsRow(
        campaign=slug, name=campaign.name(), country=campaign.country, total=stands, per_thousand_members=rate
    )
