"""Round numbers of pledges that are worth a picture: 100, 250, 500, 1,000, …"""

from collections.abc import Iterator

_STEPS = (100, 250, 500)


def milestone_numbers() -> Iterator[int]:
    """Yields every milestone, without end."""
    factor = 1
    while True:
        yield from (step * factor for step in _STEPS)
        factor *= 10


def reached(total: int) -> int:
    """Returns the highest milestone that a total has reached, the total itself before the first."""
    highest = total
    for number in milestone_numbers():
        if number > total:
            return highest
        highest = number
    raise AssertionError
