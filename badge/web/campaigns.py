"""Campaigns over HTTP: what a campaign is and counts, and its bare count for those who poll."""

from datetime import UTC, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from badge.web.responses import CROSS_ORIGIN, etag_matches, etag_of, json_answer, not_modified
from badge.web.state import state_of

# Browsers ask each time (with the ETag), shared caches every 30 s: a pledge shows everywhere within a minute.
_CACHE = "public, max-age=0, s-maxage=30, stale-while-revalidate=30"


async def campaign(request: Request) -> Response:
    """Answers `GET /api/v1/campaigns/{slug}` with its counts by country, source and day."""
    slug: str = request.path_params["slug"]
    state = state_of(request)
    campaign = (await state.campaigns.get(slug)).shown
    counts = await state.ledger.counts(slug)
    content = {
        "campaign": counts.campaign,
        "name": campaign.name(),
        "total": counts.total,
        "withdrawn": counts.withdrawn,
        "removed": counts.removed,
        "by_country": counts.by_country,
        "by_source": counts.by_source,
        "by_day": counts.by_day,
        "stale": counts.stale,
    }
    return _answer(request, content, counts.as_of_s)


async def count(request: Request) -> Response:
    """Answers `GET /api/v1/campaigns/{slug}/count`."""
    slug: str = request.path_params["slug"]
    state = state_of(request)
    await state.campaigns.get(slug)
    found = await state.ledger.count(slug)
    content = {"campaign": found.campaign, "total": found.total, "stale": found.stale}
    return _answer(request, content, found.as_of_s)


def _answer(request: Request, content: dict[str, object], as_of_s: int) -> Response:
    # Weak: the same counts a second later are the same answer with another `as_of`.
    etag = "W/" + etag_of(msgspec.json.encode(content, order="deterministic"))
    if (seen := request.headers.get("if-none-match")) and etag_matches(seen, etag):
        return not_modified({**CROSS_ORIGIN, "ETag": etag, "Cache-Control": _CACHE})
    as_of = datetime.fromtimestamp(as_of_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json_answer({**content, "as_of": as_of}, 200, {"ETag": etag}, _CACHE)
