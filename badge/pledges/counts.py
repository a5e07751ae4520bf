"""Counts that are read often and cheaply: one read a second, the last known while the store is away."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from badge.pledges.log import PublicLog
from badge.pledges.pledge import NO_COUNTRY, SOURCES, CampaignCounts, Count
from badge.pledges.shelf import Known, Shelf
from badge.store.entry import Breakdown, Tables, Tally
from badge.store.pledges import PledgeStore

_FEW = 5
_TABLES_S = 30.0
_MOST_TOLD = 512


class Counts:
    """Reads totals and breakdowns of campaigns for display."""

    def __init__(self, store: PledgeStore, log: PublicLog | None) -> None:
        self._store = store
        self._log = log
        self._totals: Shelf[Tally] = Shelf(store.tally)
        self._breakdowns: Shelf[Breakdown] = Shelf(self._break_down)
        self._tables: Shelf[Tables] = Shelf(store.tables, _TABLES_S)
        self._told: dict[str, tuple[Known[Breakdown], Known[Tables], CampaignCounts]] = {}

    def learn(self, campaign: str, tally: Tally) -> None:
        """Takes note of a tally that an answer of the store showed, where it is newer than what is known."""
        known = self._totals.peek(campaign)
        if known is None or tally.length > known.value.length:
            until = known.fresh_until if known else 0.0
            self._totals.put(campaign, Known(tally, int(time.time()), stale=False, fresh_until=until))

    async def total(self, campaign: str) -> Count:
        """Returns the total, at most a second old unless stale; raises Unavailable where none is known."""
        known = await self._totals.get(campaign)
        return Count(campaign, known.value.total, known.as_of_s, known.stale)

    async def all(self, campaign: str) -> CampaignCounts:
        """Returns every public counter, at most a second old unless stale; raises as total()."""
        known, tables = await asyncio.gather(self._breakdowns.get(campaign), self._tables.get(campaign))
        read, of, told = self._told.get(campaign, (None, None, None))
        if told is None or read is not known or of is not tables:
            # Once a second and not once a request: two years of days and every country take a millisecond.
            told = _tell(campaign, known, tables)
            self._told[campaign] = (known, tables, told)
            if len(self._told) > _MOST_TOLD:
                del self._told[next(iter(self._told))]
        return told

    async def _break_down(self, campaign: str, timeout_s: float) -> Breakdown:
        # A total of a day that is over is shown only once the public log is bound to it.
        if self._log is not None:
            await self._log.keep(campaign)
        return await self._store.breakdown(campaign, timeout_s)


def _tell(campaign: str, known: Known[Breakdown], tables: Known[Tables]) -> CampaignCounts:
    counters = known.value
    return CampaignCounts(
        campaign=campaign,
        total=counters.tally.total,
        withdrawn=counters.tally.undone - counters.invalidated,
        removed=counters.invalidated,
        by_country=fold(tables.value.by_country),
        by_source={SOURCES[code].value: n for code, n in sorted(counters.by_source.items())},
        by_day={_iso(day): n for day, n in sorted(counters.by_day.items())},
        by_language=fold(tables.value.by_language),
        tables_of=_iso(tables.value.day),
        as_of_s=known.as_of_s,
        stale=known.stale,
    )


def fold(by_country: Mapping[str, int]) -> dict[str, int]:
    """Returns the counts, largest first, with countries (or languages) under 5 in "other": nobody stands out.

    Where a single one is that small, the next smallest joins it: alone it could be subtracted from the
    total. Pledges without one are "unspecified". The counts still add up to the total.
    """
    ranked = sorted(
        ((n, code) for code, n in by_country.items() if code != NO_COUNTRY), key=lambda it: (-it[0], it[1])
    )
    shown = [it for it in ranked if it[0] >= _FEW]
    few = ranked[len(shown) :]
    if len(few) == 1 and shown:
        few.append(shown.pop())
    counts = {code: n for n, code in shown}
    if few:
        counts["other"] = sum(n for n, _ in few)
    if by_country.get(NO_COUNTRY):
        counts["unspecified"] = by_country[NO_COUNTRY]
    return counts


def _iso(day: int) -> str:
    return datetime.fromtimestamp(day * 86400, UTC).date().isoformat()
