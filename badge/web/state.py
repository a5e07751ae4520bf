"""What every request may use: opened once by the lifespan of `app.py`, handed on as one frozen record."""

from dataclasses import dataclass, fields
from typing import Any, cast

from starlette.requests import Request

from badge.cache import RenderCache
from badge.campaigns import Board, Campaigns
from badge.catalogue.signature import Signatures
from badge.limits import Limit
from badge.pledges import Challenges, Ledger, Pace, PublicLog, Trail
from badge.pledges.live import Live
from badge.render.kit import Kit
from badge.store import Stores
from badge.telemetry import Metrics
from badge.web.access import AccessLog
from badge.web.control import Watch
from badge.web.crests import Crests
from badge.web.hot import HotAnswers
from badge.web.origin import Proxies
from badge.web.renderer import Renderer


@dataclass(frozen=True, slots=True)
class AppState:
    """The open parts of one worker; `origin` begins absolute URLs, `cache_ttl_s` bounds a stored
    picture, `open_campaigns` lets strangers make campaigns, `report_to` is where readers report.
    """

    metrics: Metrics
    origin: str
    kit: Kit
    renderer: Renderer
    cache: RenderCache
    notices: RenderCache
    stores: Stores
    campaigns: Campaigns
    board: Board
    crests: Crests
    ledger: Ledger
    log: PublicLog
    live: Live
    challenges: Challenges
    pledge_limit: Limit
    challenge_limit: Limit
    form_limit: Limit
    receipt_limit: Limit
    open_limits: tuple[Limit, Limit]
    edit_limit: Limit
    campaign_limits: tuple[Limit, ...]
    pace: Pace
    trail: Trail
    miss_limit: Limit
    signatures: Signatures | None
    proxies: Proxies
    open_campaigns: bool
    report_to: str
    access: AccessLog
    hot: HotAnswers
    control: Watch
    cache_ttl_s: int
    deadline_s: float


def lifespan_state(state: AppState) -> dict[str, Any]:
    """Returns the state by field name, as an ASGI lifespan hands it to every request."""
    return {field.name: getattr(state, field.name) for field in fields(state)}


def state_of(request: Request) -> AppState:
    """Returns the state of this worker: `request.state` has the very fields of AppState."""
    return cast(AppState, request.state)
