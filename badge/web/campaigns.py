"""Campaigns over HTTP: what a campaign is and counts, and its bare count for those who poll."""

import csv
import io
from datetime import UTC, date, datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from badge.campaigns.milestones import milestones
from badge.catalogue.query import read_query
from badge.web.owners import bearer
from badge.web.responses import CROSS_ORIGIN, etag_matches, etag_of, json_answer, not_modified
from badge.web.state import state_of
from badge.web.views import CampaignPage, CountView, MilestoneView, Shield

# Browsers ask each time (with the ETag), shared caches every 30 s: a pledge shows everywhere within a minute.
CACHE = "public, max-age=0, s-maxage=30, stale-while-revalidate=30"
_HEART = "009edb"


async def campaign(request: Request) -> Response:
    """Answers `GET /api/v1/campaigns/{slug}` with what the campaign is and all that it counts."""
    state, slug = state_of(request), request.path_params["slug"]
    found = await state.campaigns.get(slug)
    counts = await state.ledger.counts(slug)
    page = CampaignPage.of(
        found,
        state.origin,
        datetime.now(UTC).date(),
        total=counts.total,
        withdrawn=counts.withdrawn,
        removed=counts.removed,
        by_country=dict(counts.by_country),
        by_language=dict(counts.by_language),
        tables_of=counts.tables_of,
        by_source=dict(counts.by_source),
        by_day=dict(counts.by_day),
        milestones=tuple(
            MilestoneView(pledges=one.pledges, reached_on=date.fromisoformat(one.reached_on))
            for one in milestones(counts.by_day)
        ),
        stale=counts.stale,
        as_of="",
    )
    return _answer(request, page, counts.as_of_s)


async def count(request: Request) -> Response:
    """Answers `GET /api/v1/campaigns/{slug}/count`."""
    state, slug = state_of(request), request.path_params["slug"]
    await state.campaigns.get(slug)
    found = await state.ledger.count(slug)
    view = CountView(campaign=slug, total=found.total, stale=found.stale, as_of="")
    return _answer(request, view, found.as_of_s)


async def shields(request: Request) -> Response:
    """Answers `GET /api/v1/campaigns/{slug}/shields.json?lang=` for shields.io's endpoint badge."""
    state, slug = state_of(request), request.path_params["slug"]
    language = state.kit.strings.lang(read_query(request.scope["query_string"]).get("lang", "en"))
    found = (await state.campaigns.get(slug)).shown
    total = (await state.ledger.count(slug)).total
    colour = found.colours.accent.removeprefix("#") if found.colours else _HEART
    shield = Shield(label=found.name(language.lang), message=language.count_pledges(total), color=colour)
    body = msgspec.json.encode(shield)
    headers = {"ETag": etag_of(body)}
    if (seen := request.headers.get("if-none-match")) and etag_matches(seen, headers["ETag"]):
        return not_modified({**CROSS_ORIGIN, **headers, "Cache-Control": CACHE})
    return json_answer(shield, 200, headers, CACHE)


async def export(request: Request) -> Response:
    """Answers `GET /api/v1/campaigns/{slug}/export.csv` to the owner: every public counter, as a table."""
    state, slug = state_of(request), request.path_params["slug"]
    await state.campaigns.owned(slug, bearer(request))
    counts = await state.ledger.counts(slug)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("counter", "of", "pledges"))
    table.writerow(("total", "", counts.total))
    table.writerow(("withdrawn", "", counts.withdrawn))
    table.writerow(("removed", "", counts.removed))
    for name, counter in (
        ("day", counts.by_day),
        ("source", counts.by_source),
        ("country", counts.by_country),
        ("language", counts.by_language),
    ):
        table.writerows((name, of, pledges) for of, pledges in counter.items())
    headers = {
        **CROSS_ORIGIN,
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{slug}.csv"',
    }
    return Response(out.getvalue(), 200, headers, "text/csv")


def _answer(request: Request, view: CampaignPage | CountView, as_of_s: int) -> Response:
    # Weak: the same counts a second later are the same answer with another `as_of`.
    etag = "W/" + etag_of(msgspec.json.encode(view))
    if (seen := request.headers.get("if-none-match")) and etag_matches(seen, etag):
        return not_modified({**CROSS_ORIGIN, "ETag": etag, "Cache-Control": CACHE})
    as_of = datetime.fromtimestamp(as_of_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json_answer(msgspec.structs.replace(view, as_of=as_of), 200, {"ETag": etag}, CACHE)
