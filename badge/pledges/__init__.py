"""Pledges: one act of support each, counted exactly once, withdrawn by whoever keeps the receipt."""

from badge.pledges.challenge import Challenges
from badge.pledges.key import check_key
from badge.pledges.ledger import Ledger
from badge.pledges.limits import PledgeLimits
from badge.pledges.pledge import (
    COUNTRIES,
    Acknowledged,
    CampaignCounts,
    Count,
    Pledge,
    Source,
    Withdrawn,
    check_slug,
)

__all__ = [
    "COUNTRIES",
    "Acknowledged",
    "CampaignCounts",
    "Challenges",
    "Count",
    "Ledger",
    "Pledge",
    "PledgeLimits",
    "Source",
    "Withdrawn",
    "check_key",
    "check_slug",
]
