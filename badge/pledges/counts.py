"""Counts that are read often and cheaply: one read a second, the last known while the store is away."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from badge.errors import Unavailable
from badge.pledges.pledge import NO_COUNTRY, SOURCES, CampaignCounts, Count
from badge.store.entry import Breakdown, Tally
from badge.store.lane import StoreError
from badge.store.pledges import PledgeStore

_FRESH_S = 1.0
_PATIENCE_S = 0.25
_MOST_CAMPAIGNS = 4096
_FEW = 5

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Known(Generic[Value]):
    value: Value
    as_of_s: int
    stale: bool
    fresh_until: float


class _Shelf(Generic[Value]):
    """Keeps one value a campaign; reads it again after a second, once for all who ask meanwhile."""

    def __init__(self, read: Callable[[str, float], Awaitable[Value]]) -> None:
        self._read = read
        self._known: dict[str, _Known[Value]] = {}
        self._reading: dict[str, asyncio.Task[_Known[Value]]] = {}

    def peek(self, slug: str) -> _Known[Value] | None:
        return self._known.get(slug)

    def put(self, slug: str, known: _Known[Value]) -> None:
        self._known[slug] = known
        if len(self._known) > _MOST_CAMPAIGNS:
            del self._known[next(iter(self._known))]

    async def get(self, slug: str) -> _Known[Value]:
        known = self._known.get(slug)
        if known is not None and time.monotonic() < known.fresh_until:
            return known
        task = self._reading.get(slug)
        if task is None:
            task = self._reading[slug] = asyncio.create_task(self._refresh(slug))
            task.add_done_callback(lambda done: self._landed(slug, done))
        return await asyncio.shield(task)

    async def _refresh(self, slug: str) -> _Known[Value]:
        before = self._known.get(slug)
        try:
            value = await self._read(slug, _PATIENCE_S)
        except StoreError as error:
            last = self._known.get(slug)
            if last is None:
                raise Unavailable("The count cannot be read now, and none is known yet.") from error
            known = replace(last, stale=True, fresh_until=time.monotonic() + _FRESH_S)
        else:
            learnt = self._known.get(slug)
            if learnt is not None and learnt is not before:
                return learnt  # newer than what this read saw
            known = _Known(value, int(time.time()), stale=False, fresh_until=time.monotonic() + _FRESH_S)
        self.put(slug, known)
        return known

    def _landed(self, slug: str, task: "asyncio.Task[_Known[Value]]") -> None:
        del self._reading[slug]
        if not task.cancelled():
            task.exception()  # those who asked may all be gone


class Counts:
    """Reads totals and breakdowns of campaigns for display."""

    def __init__(self, store: PledgeStore) -> None:
        self._totals: _Shelf[Tally] = _Shelf(store.tally)
        self._breakdowns: _Shelf[Breakdown] = _Shelf(store.breakdown)

    def learn(self, campaign: str, tally: Tally) -> None:
        """Takes note of a tally that an answer of the store showed, where it is newer than what is known."""
        known = self._totals.peek(campaign)
        if known is None or tally.length > known.value.length:
            until = known.fresh_until if known else 0.0
            self._totals.put(campaign, _Known(tally, int(time.time()), stale=False, fresh_until=until))

    async def total(self, campaign: str) -> Count:
        """Returns the total, at most a second old unless stale; raises Unavailable where none is known."""
        known = await self._totals.get(campaign)
        return Count(campaign, known.value.total, known.as_of_s, known.stale)

    async def all(self, campaign: str) -> CampaignCounts:
        """Returns every public counter, at most a second old unless stale; raises as total()."""
        known = await self._breakdowns.get(campaign)
        counters = known.value
        return CampaignCounts(
            campaign=campaign,
            total=counters.tally.total,
            withdrawn=counters.tally.undone - counters.invalidated,
            removed=counters.invalidated,
            by_country=fold(counters.by_country),
            by_source={SOURCES[code].value: n for code, n in sorted(counters.by_source.items())},
            by_day={_iso(day): n for day, n in sorted(counters.by_day.items())},
            by_language=fold(counters.by_language),
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
