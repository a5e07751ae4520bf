"""Every address of the service, in the order in which they are tried."""

from pathlib import Path

from starlette.routing import Route

from badge.web import campaigns, health, images, pledges
from badge.web.pages import Pages, page_routes
from badge.web.widgets import Widgets


def all_routes(widgets_dir: Path) -> list[Route]:
    """Returns the routes; pictures first: most requests are, and nothing else has two segments."""
    return [
        Route("/{kind}/{file}", images.picture),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.metrics),
        Route("/templates.json", health.templates),
        Route("/api/v1/challenge", pledges.challenge),
        Route("/api/v1/pledges", pledges.pledge, methods=["POST"]),
        Route("/api/v1/withdrawals", pledges.withdrawal, methods=["POST"]),
        Route("/api/v1/campaigns/{slug}", campaigns.campaign),
        Route("/api/v1/campaigns/{slug}/count", campaigns.count),
        Route("/widgets/v1/{file:path}", Widgets.load(widgets_dir / "v1").answer),
        *page_routes(Pages.load()),
    ]
