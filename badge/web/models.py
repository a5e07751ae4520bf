"""The API's bodies: a struct each, which validates and is what /openapi.json tells."""

from datetime import date
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

from badge.campaigns import Campaign, Colours
from badge.campaigns.rules import MAX_NAME, MAX_NUMBER, MAX_ORIGINS, MAX_STATEMENT
from badge.campaigns.slug import MAX_SLUG, MIN_SLUG, SLUG_PATTERN
from badge.catalogue.values import MAX_GRAPHEME_POINTS
from badge.content import LANGUAGES

Slug = Annotated[str, Meta(pattern=SLUG_PATTERN, min_length=MIN_SLUG, max_length=MAX_SLUG)]
Lang = Annotated[str, Meta(pattern=f"^({'|'.join(LANGUAGES)})$")]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Colour = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$")]
Number = Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME * MAX_GRAPHEME_POINTS)]
Statement = Annotated[str, Meta(min_length=1, max_length=MAX_STATEMENT * MAX_GRAPHEME_POINTS)]
Origin = Annotated[
    str, Meta(max_length=300, description="https://host, which may frame the campaign's pages")
]
Origins = Annotated[tuple[Origin, ...], Meta(max_length=MAX_ORIGINS)]
Languages = Annotated[tuple[Lang, ...], Meta(max_length=len(LANGUAGES))]
Sunset = Literal["thanks", "world"]
Solution = Annotated[str, Meta(min_length=1, max_length=8192, description="ALTCHA's base64 payload")]
Receipt = Annotated[str, Meta(min_length=1, max_length=2048)]


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A campaign's two colours: texts must be readable on both."""

    ground: Colour
    accent: Colour


class NewCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of POST /api/v1/campaigns; `solution` is needed where strangers may make campaigns."""

    slug: Slug
    names: dict[Lang, Name]
    colours: Pair | None = None
    country: Country | None = None
    goal: Number | None = None
    members: Number | None = None
    languages: Languages = ()
    statement: dict[Lang, Statement] = {}
    origins: Origins = ()
    starts_on: date | None = None
    ends_on: date | None = None
    sunset: Sunset = "thanks"
    solution: Solution | None = None


class CampaignChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of PATCH /api/v1/campaigns/{slug}: what it leaves out stays, null clears."""

    names: dict[Lang, Name] | UnsetType = UNSET
    colours: Pair | UnsetType | None = UNSET
    country: Country | UnsetType | None = UNSET
    goal: Number | UnsetType | None = UNSET
    members: Number | UnsetType | None = UNSET
    languages: Languages | UnsetType = UNSET
    statement: dict[Lang, Statement] | UnsetType = UNSET
    origins: Origins | UnsetType = UNSET
    starts_on: date | UnsetType | None = UNSET
    ends_on: date | UnsetType | None = UNSET
    sunset: Sunset | UnsetType = UNSET


class NewPledge(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of POST /api/v1/pledges; the Idempotency-Key comes as a header."""

    campaign: Slug
    source: Literal["web", "widget", "api", "kiosk"]
    country: Annotated[str, Meta(max_length=8, description="ISO 3166-1 alpha-2, chosen")] | None = None
    language: Annotated[str, Meta(max_length=16, description="as fr or pt-BR")] | None = None
    solution: Solution


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of POST /api/v1/withdrawals."""

    receipt: Receipt


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


def values_of(body: NewCampaign | CampaignChanges) -> dict[str, Any]:
    """Returns the fields of a campaign that a body sets."""
    values = {name: getattr(body, name) for name in body.__struct_fields__ if name != "solution"}
    values = {name: value for name, value in values.items() if value is not UNSET}
    if isinstance(pair := values.get("colours"), Pair):
        values["colours"] = Colours(pair.ground, pair.accent)
    return values
