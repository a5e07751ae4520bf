"""The bodies that the API answers: a struct each, which is also what /openapi.json tells."""

from datetime import date
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

from badge.campaigns import Campaign
from badge.web.models import Pair, Sunset

_EVENT_DATA = {
    "contentMediaType": "application/json",
    "contentSchema": {
        "type": "object",
        "properties": {"total": {"type": "integer", "minimum": 0}},
        "required": ["total"],
    },
}


class Receipted(msgspec.Struct, frozen=True, kw_only=True):
    """A pledge that is counted: its number, the total at that moment, and the receipt that withdraws it."""

    receipt: str
    ordinal: int
    total: int


class WithdrawnView(msgspec.Struct, frozen=True, kw_only=True):
    """The total after a withdrawal."""

    campaign: str
    total: int


class OpenedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt says, whether its pledge stands, and the proof that ties it to the public log."""

    campaign: str
    source: str
    country: str | None
    language: str | None
    day: date
    ordinal: int
    stands: bool
    proof: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong and what would be right (RFC 9457); `field` names the value, where it is one."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    field: str | UnsetType = UNSET


class CampaignView(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as anyone may see it: texts and crest are empty until it is approved."""

    campaign: str
    name: str
    names: dict[str, str]
    colours: Pair | None
    crest: str | None
    country: str | None
    goal: int | None
    members: int | None
    languages: tuple[str, ...]
    statement: dict[str, str]
    origins: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    sunset: Sunset
    status: Literal["upcoming", "open", "ended", "closed"]
    approved: bool
    version: int

    @classmethod
    def of(cls, campaign: Campaign, origin: str, today: date, **more: Any) -> Self:
        """Returns the view of a campaign; `origin` begins the address of its crest."""
        shown = campaign.shown
        base = f"{origin}/api/v1/campaigns/{shown.slug}"
        colours = shown.colours
        return cls(
            campaign=shown.slug,
            name=shown.name(),
            names=dict(shown.names),
            colours=Pair(ground=colours.ground, accent=colours.accent) if colours else None,
            crest=f"{base}/crest?v={shown.crest}" if shown.crest else None,
            country=shown.country,
            goal=shown.goal,
            members=shown.members,
            languages=shown.languages,
            statement=dict(shown.statement),
            origins=shown.origins,
            starts_on=shown.starts_on,
            ends_on=shown.ends_on,
            sunset=shown.sunset,
            status=shown.status(today).value,
            approved=shown.approved,
            version=shown.version,
            **more,
        )


class MilestoneView(msgspec.Struct, frozen=True, kw_only=True):
    """A round number of pledges, and the day on which it was reached."""

    pledges: int
    reached_on: date


class CampaignPage(CampaignView, frozen=True, kw_only=True):
    """A campaign and its counts; small countries and languages are folded into "other"."""

    total: int
    withdrawn: int
    removed: int
    by_country: dict[str, int]
    by_language: dict[str, int]
    tables_of: Annotated[str, Meta(description="the day of the tables by country and by language")]
    by_source: dict[str, int]
    by_day: dict[str, int]
    milestones: tuple[MilestoneView, ...]
    stale: bool
    as_of: str


class CountView(msgspec.Struct, frozen=True, kw_only=True):
    """The count alone; stale where the store is away and this is the last known."""

    campaign: str
    total: int
    stale: bool
    as_of: str


class StreamEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a stream; before OpenAPI 3.2 a stream's schema is understood as that of each event."""

    id: Annotated[str, Meta(pattern="^[0-9]+$", description="the length of the campaign's log")]
    data: Annotated[str, Meta(description='as {"total":7}', extra_json_schema=_EVENT_DATA)]


class TotalsRow(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign on the board."""

    campaign: str
    name: str
    country: str | None
    total: int
    per_thousand_members: float | None


class TotalsPage(msgspec.Struct, frozen=True, kw_only=True):
    """All campaigns: the sum of their pledges, how many there are, and a page of them from the top."""

    total: int
    campaigns: int
    order: Literal["total", "per_member"]
    rows: tuple[TotalsRow, ...]
    next: str | None
    as_of: str


class Shield(msgspec.Struct, frozen=True, kw_only=True):
    """A badge as shields.io draws it (shields.io/badges/endpoint-badge)."""

    schema_version: Annotated[int, Meta(ge=1)] = msgspec.field(name="schemaVersion", default=1)
    label: str
    message: str
    color: str
    cache_seconds: int = msgspec.field(name="cacheSeconds", default=300)


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """The owner key, shown this once."""

    campaign: str
    owner_key: str


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that was made, with its owner key, shown this once."""

    campaign: CampaignView
    owner_key: str
