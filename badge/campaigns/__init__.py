"""An organisation and its own space: its name, colours and crest, who may change them, its squad and kit."""

from badge.campaigns.board import Board
from badge.campaigns.campaign import THE_WORLD, WORLD, Campaign, Colours, Status
from badge.campaigns.owner import Doorkeeper, Role
from badge.campaigns.register import Campaigns

__all__ = [
    "THE_WORLD",
    "WORLD",
    "Board",
    "Campaign",
    "Campaigns",
    "Colours",
    "Doorkeeper",
    "Role",
    "Status",
]
