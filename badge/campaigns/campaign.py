"""A campaign: an organisation's own space, as one frozen value that holds nothing about a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from badge.content import LANGUAGES, load_world_names

WORLD = "world"

Sunset = Literal["thanks", "world"]


class Status(StrEnum):
    """Whether a campaign takes pledges on a day."""

    UPCOMING = "upcoming"
    OPEN = "open"
    ENDED = "ended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Colours:
    """The ground that texts stand on, and the accent of a pill's second half; #rrggbb each."""

    ground: str
    accent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Everything about a campaign but its count and its owner.

    Texts are by language; dates are days in UTC, both included; `crest` is the digest of the picture,
    `version` grows with every edit; `sunset` says whether its page thanks or leads to the world's at its end.
    """

    slug: str
    names: Mapping[str, str]
    version: int = 1
    colours: Colours | None = None
    crest: str = ""
    country: str | None = None
    goal: int | None = None
    members: int | None = None
    languages: tuple[str, ...] = ()
    statement: Mapping[str, str] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    sunset: Sunset = "thanks"
    self_served: bool = False
    approved: bool = True
    closed: bool = False

    def name(self, lang: str = "en") -> str:
        """Returns the name in a language, else in the campaign's first; its slug where none may be shown."""
        return _said(self.names, lang, self.languages) or self.slug

    def says(self, lang: str = "en") -> str:
        """Returns the statement in a language, else in the campaign's first; empty where there is none."""
        return _said(self.statement, lang, self.languages)

    def status(self, today: date) -> Status:
        """Tells whether pledges are taken on a day (UTC)."""
        if self.closed:
            return Status.CLOSED
        if self.starts_on and today < self.starts_on:
            return Status.UPCOMING
        return Status.ENDED if self.ends_on and today > self.ends_on else Status.OPEN

    @property
    def shown(self) -> "Campaign":
        """Returns the campaign as strangers may see it: crest and texts wait for approval."""
        return self if self.approved else replace(self, names={}, statement={}, crest="")


THE_WORLD = Campaign(slug=WORLD, names=load_world_names(), languages=LANGUAGES)


def _said(texts: Mapping[str, str], lang: str, languages: tuple[str, ...]) -> str:
    for code in (lang, lang[:2], *languages, *texts):  # zh-HK reads zh
        if code in texts:
            return texts[code]
    return ""
