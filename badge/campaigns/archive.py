"""Campaigns as lines of JSON, to be carried elsewhere: with the crest and what knows the owner's key."""

import base64
from collections.abc import AsyncIterator

import msgspec

from badge.campaigns.campaign import Campaign
from badge.campaigns.register import Campaigns


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One campaign; `owner` is the digest of its key in hex, `crest` a PNG in base64."""

    campaign: Campaign
    owner: str
    crest: str = ""


async def export(campaigns: Campaigns) -> AsyncIterator[bytes]:
    """Yields a line for each campaign, by slug."""
    async for slug in campaigns.slugs():
        owner, campaign = await campaigns.kept(slug)
        crest = await campaigns.crest(campaign)
        line = Line(campaign=campaign, owner=owner.hex(), crest=base64.b64encode(crest or b"").decode())
        yield msgspec.json.encode(line)


async def restore(campaigns: Campaigns, line: bytes) -> str:
    """Keeps the campaign of a line under its old key; returns its slug.

    Raises ValueError where the line is none of ours, Conflict where the slug is taken, InvalidField.
    """
    read = msgspec.json.decode(line, type=Line)
    await campaigns.restore(read.campaign, bytes.fromhex(read.owner), base64.b64decode(read.crest))
    return read.campaign.slug
