"""How fast pledges come in: a campaign that is flooded asks for harder proofs, and says so in the log."""

import asyncio
import logging
import time
from collections import Counter

from badge.store.blobs import BlobStore
from badge.store.lane import StoreError
from badge.telemetry.tally import Cell

_log = logging.getLogger(__name__)

_MINUTE_S = 60
_HOUR_S = 3600
_USUAL = 4
_HARDEST = 3
_FRESH_S = 1.0
_MOST_CAMPAIGNS = 4096


class Pace:
    """Counts pledges a minute and an hour for each campaign, in the cache store; without it all is quiet.

    A flood is more than `surge` pledges a minute and more than four times what the last two hours had. Each
    doubling of that makes proofs twice as hard, eight times at most: a second on a phone becomes eight.
    """

    def __init__(self, blobs: BlobStore, surge: int, spikes: Cell) -> None:
        self._blobs = blobs
        self._surge = surge
        self._spikes = spikes
        self._known: dict[str, tuple[int, float]] = {}
        self._made: Counter[str] = Counter()

    def note(self, campaign: str) -> None:
        """Counts a pledge; the store hears of it with the next flush()."""
        self._made[campaign] += 1

    async def flush(self) -> None:
        """Tells the store what was noted; where it is away that is forgotten."""
        made, self._made = self._made, Counter()
        now = int(time.time())
        bumps = [
            self._blobs.bump(_key(campaign, span_s, now), count, 2 * span_s)
            for campaign, count in made.items()
            for span_s in (_MINUTE_S, _HOUR_S)
        ]
        await asyncio.gather(*bumps, return_exceptions=True)

    async def level(self, campaign: str) -> int:
        """Returns how many times proofs are to be doubled now: 0 where nothing is out of the way, to 3."""
        level, until = self._known.get(campaign, (0, 0.0))
        if time.monotonic() < until:
            return level
        try:
            pace, usual = await self._measure(campaign)
        except StoreError:
            pace, usual = 0.0, 0.0
        bar = max(self._surge, _USUAL * usual)
        found = min(_HARDEST, int(pace / bar).bit_length())
        if found > level:
            # Once a worker for each rise, not once a pledge. It names the campaign, which is public.
            self._spikes.add()
            facts = {"campaign": campaign, "a_minute": round(pace), "usual": round(usual), "harder": 2**found}
            _log.warning("pledges come in much faster than usual", extra={"facts": facts})
        self._known[campaign] = (found, time.monotonic() + _FRESH_S)
        if len(self._known) > _MOST_CAMPAIGNS:
            del self._known[next(iter(self._known))]
        return found

    async def _measure(self, campaign: str) -> tuple[float, float]:
        """Returns pledges a minute: now, and in the last two hours but for this minute and the last."""
        now = int(time.time())
        keys = [
            _key(campaign, span_s, now - back_s) for span_s in (_MINUTE_S, _HOUR_S) for back_s in (0, span_s)
        ]
        minute, before, hour, past = (
            int(value or 0) for value in await asyncio.gather(*map(self._blobs.get, keys))
        )
        into_s = now % _MINUTE_S
        pace = minute + before * (1 - into_s / _MINUTE_S)
        quiet_minutes = max(1.0, (_HOUR_S + now % _HOUR_S) / _MINUTE_S - 1 - into_s / _MINUTE_S)
        return pace, max(0, hour + past - minute - before) / quiet_minutes


def _key(campaign: str, span_s: int, at_s: int) -> str:
    return f"pace:{campaign}:{span_s}:{at_s // span_s}"
