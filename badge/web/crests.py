"""Crests: drawn anew one at a time, decoded once a worker, and asked for only where one must be drawn."""

import asyncio
from collections import OrderedDict

from badge.campaigns import Campaign, Campaigns
from badge.campaigns.crest import redraw
from badge.catalogue.palette import Look
from badge.errors import Unavailable
from badge.render.art import Art

_MOST = 32  # at most 1 MB each


class CrestAway(Unavailable):
    """A campaign's crest cannot be read now; its picture can be drawn without."""


class Crests:
    """Holds the crests that were drawn last."""

    def __init__(self, campaigns: Campaigns) -> None:
        self._campaigns = campaigns
        self._held: OrderedDict[str, Art] = OrderedDict()
        self._turn = asyncio.Lock()

    async def redrawn(self, body: bytes) -> bytes:
        """Returns an uploaded crest drawn anew; raises as redraw().

        One at a time: 25 megapixels take 0.4 s and 240 MB, and a hostile owner may send many at once.
        """
        async with self._turn:
            return await asyncio.to_thread(redraw, body)

    async def art(self, campaign: Campaign) -> dict[str, Art]:
        """Returns a campaign's crest by its digest, nothing where it has none; raises CrestAway."""
        if not campaign.crest:
            return {}
        art = self._held.get(campaign.crest)
        if art is None:
            try:
                body = await self._campaigns.crest(campaign)
            except Unavailable as error:
                raise CrestAway(error.detail) from error
            if body is None:  # it was changed in this moment: the next request knows the new one
                return {}
            art = self._held[campaign.crest] = Art.decode(body)
            if len(self._held) > _MOST:
                self._held.popitem(last=False)
        self._held.move_to_end(campaign.crest)
        return {campaign.crest: art}


def look_of(campaign: Campaign) -> Look:
    """Returns how a campaign looks in pictures, as far as strangers may see it."""
    shown = campaign.shown
    colours = shown.colours
    return Look(colours.ground if colours else "", colours.accent if colours else "", shown.crest)
