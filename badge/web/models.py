"""The bodies that the API reads: a struct each, which validates and is what /openapi.json tells."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from badge.campaigns import Colours
from badge.campaigns.rules import MAX_NAME, MAX_NUMBER, MAX_ORIGINS, MAX_STATEMENT, ORIGIN_PATTERN
from badge.campaigns.slug import MAX_SLUG, MIN_SLUG, SLUG_PATTERN
from badge.catalogue.values import MAX_GRAPHEME_POINTS
from badge.content import LANGUAGES
from badge.pledges import COUNTRIES
from badge.pledges.pledge import LANGUAGE_PATTERN

Slug = Annotated[str, Meta(pattern=SLUG_PATTERN, min_length=MIN_SLUG, max_length=MAX_SLUG)]
Lang = Annotated[str, Meta(pattern=f"^({'|'.join(LANGUAGES)})$")]
_COUNTRIES = {"enum": sorted(COUNTRIES)}
Country = Annotated[
    str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2", extra_json_schema=_COUNTRIES)
]
# Pledge says what would be right, in a better sentence than a pattern can: so its bounds are wider here.
ChosenCountry = Annotated[
    str, Meta(max_length=8, description="ISO 3166-1 alpha-2, chosen", extra_json_schema=_COUNTRIES)
]
ChosenLanguage = Annotated[
    str,
    Meta(max_length=16, description="as fr or pt-BR", extra_json_schema={"pattern": f"^{LANGUAGE_PATTERN}$"}),
]
Colour = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$")]
Number = Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
Name = Annotated[
    str,
    Meta(min_length=1, max_length=MAX_NAME * MAX_GRAPHEME_POINTS, description=f"at most {MAX_NAME} letters"),
]
Statement = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_STATEMENT * MAX_GRAPHEME_POINTS,
        description=f"at most {MAX_STATEMENT} letters",
    ),
]
Names = Annotated[dict[Lang, Name], Meta(min_length=1, max_length=len(LANGUAGES))]
Origin = Annotated[
    str,
    Meta(
        max_length=300,
        description="https://host, which may frame the campaign's pages",
        extra_json_schema={"pattern": f"^(?:{ORIGIN_PATTERN})$"},
    ),
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
    names: Names
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

    names: Names | UnsetType = UNSET
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
    country: ChosenCountry | None = None
    language: ChosenLanguage | None = None
    solution: Solution


class ReceiptOnly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of POST /api/v1/withdrawals and /api/v1/receipts."""

    receipt: Receipt


def values_of(body: NewCampaign | CampaignChanges) -> dict[str, Any]:
    """Returns the fields of a campaign that a body sets."""
    values = {name: getattr(body, name) for name in body.__struct_fields__ if name != "solution"}
    values = {name: value for name, value in values.items() if value is not UNSET}
    if isinstance(pair := values.get("colours"), Pair):
        values["colours"] = Colours(pair.ground, pair.accent)
    return values
