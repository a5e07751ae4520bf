"""Round numbers of pledges, and the days on which a campaign reached them."""

from collections.abc import Mapping
from dataclasses import dataclass

from badge.content import milestone_numbers


@dataclass(frozen=True, slots=True)
class Milestone:
    """A number of pledges and the day (ISO 8601) on which that many stood for the first time."""

    pledges: int
    reached_on: str


def milestones(by_day: Mapping[str, int]) -> tuple[Milestone, ...]:
    """Returns the milestones reached, in their order, counting the pledges that still stand."""
    reached: list[Milestone] = []
    ahead = milestone_numbers()
    wanted = next(ahead)
    total = 0
    for day in sorted(by_day):
        total += by_day[day]
        while total >= wanted:
            reached.append(Milestone(wanted, day))
            wanted = next(ahead)
    return tuple(reached)
