"""Pledges: one act of support each, counted exactly once, withdrawn by whoever keeps the receipt."""

from badge.pledges.archive import Archive
from badge.pledges.audit import Auditor, Finding
from badge.pledges.challenge import Challenges
from badge.pledges.checkpoint import SigningKey, read_keys
from badge.pledges.invalidation import Invalidation, Run
from badge.pledges.key import check_key
from badge.pledges.ledger import Ledger
from badge.pledges.log import PublicLog
from badge.pledges.pace import Pace
from badge.pledges.pledge import (
    COUNTRIES,
    Acknowledged,
    CampaignCounts,
    Count,
    Opened,
    Pledge,
    Source,
    Withdrawn,
    check_slug,
)
from badge.pledges.trail import Trail, flushing

__all__ = [
    "COUNTRIES",
    "Acknowledged",
    "Archive",
    "Auditor",
    "CampaignCounts",
    "Challenges",
    "Count",
    "Finding",
    "Invalidation",
    "Ledger",
    "Opened",
    "Pace",
    "Pledge",
    "PublicLog",
    "Run",
    "SigningKey",
    "Source",
    "Trail",
    "Withdrawn",
    "check_key",
    "check_slug",
    "flushing",
    "read_keys",
]
