"""World Day Against Trafficking in Persons: 30 July (A/RES/68/192), and how far it is."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

THANKS_DAYS = 7
_MONTH, _DAY = 7, 30


def days_to_world_day(today: date) -> int:
    """Returns the days to the next 30 July: 0 on the day, -1 to -7 in the week of thanks after it."""
    this_year = (date(today.year, _MONTH, _DAY) - today).days
    if this_year >= -THANKS_DAYS:
        return this_year
    return (date(today.year + 1, _MONTH, _DAY) - today).days


def days_in(zone: str) -> int:
    """Returns `days_to_world_day` by the clock of a time zone, now."""
    return days_to_world_day(datetime.now(ZoneInfo(zone)).date())
