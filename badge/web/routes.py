"""Every address of the service, in the order in which they are tried."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from badge.web import campaigns, health, images, openapi, owners, pledges, totals
from badge.web.log import log_routes
from badge.web.pages import CAMPAIGN_PAGE, Pages, page_routes
from badge.web.stream import Stream
from badge.web.widgets import Widgets

Endpoint = Callable[[Request], Awaitable[Response]]
PICTURES = "/{kind}/{file}"
PLEDGES = "/api/v1/pledges"


def all_routes(widgets_dir: Path, served: Pages) -> list[Route]:
    """Returns the routes; pictures come early: most requests are, and little else has two segments."""
    pages = page_routes(served)
    return [
        *(page for page in pages if page.path == CAMPAIGN_PAGE),
        Route(PICTURES, images.picture),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.metrics),
        Route("/templates.json", health.templates),
        Route("/openapi.json", openapi.openapi),
        Route("/api/v1/challenge", pledges.challenge),
        Route(PLEDGES, pledges.Pledging(), methods=["POST"]),
        Route("/api/v1/withdrawals", pledges.withdrawal, methods=["POST"]),
        Route("/api/v1/totals", totals.totals),
        Route("/api/v1/campaigns", owners.create, methods=["POST"]),
        *_campaign_routes(),
        Route("/widgets/v1/{file:path}", Widgets.load(widgets_dir / "v1").answer),
        *log_routes(),
        *(page for page in pages if page.path != CAMPAIGN_PAGE),
        Route("/badge/{template}/{said:path}", images.picture),
    ]


def _campaign_routes() -> list[Route]:
    one = "/api/v1/campaigns/{slug}"
    return [
        _by_method(one, GET=campaigns.campaign, PATCH=owners.edit, DELETE=owners.close),
        Route(f"{one}/count", campaigns.count),
        Route(f"{one}/stream", Stream(), methods=["GET"]),
        Route(f"{one}/shields.json", campaigns.shields),
        Route(f"{one}/export.csv", campaigns.export),
        Route(f"{one}/key", owners.rotate, methods=["POST"]),
        _by_method(f"{one}/crest", GET=owners.crest, PUT=owners.put_crest, DELETE=owners.drop_crest),
    ]


def _by_method(path: str, **endpoints: Endpoint) -> Route:
    """Returns one route for all methods of an address, so that its `Allow` names every one."""

    async def answer(request: Request) -> Response:
        return await endpoints["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, answer, methods=list(endpoints))
