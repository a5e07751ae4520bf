"""Where people find help: only records that a person has confirmed are handed out (PRODUCT.md, rule 2)."""

from datetime import date, timedelta
from pathlib import Path

import msgspec

_EXPIRES_AFTER = timedelta(days=90)


class Helpline(msgspec.Struct, frozen=True):
    """One service that answers, with its operator, its hours and the day it was last checked."""

    id: str
    country: str
    country_name: str
    organisation: str
    type: str
    publish: str
    last_checked_in_stored_copies: str
    source: str
    phone_display: str | None = None
    dial: str | None = None
    sms: str | None = None
    hours: str | None = None
    is_24_7: bool | None = None
    languages: str | list[str] | None = None
    url: str | None = None
    emergency_number: str | None = None

    @property
    def checked_on(self) -> date:
        """Returns the day on which the record was last checked."""
        return date.fromisoformat(self.last_checked_in_stored_copies)

    def is_expired(self, today: date) -> bool:
        """Tells whether the record is older than 90 days and must be shown with a warning."""
        return today > self.checked_on + _EXPIRES_AFTER


class _File(msgspec.Struct, frozen=True):
    records: list[Helpline]


def load_helplines(folder: Path = Path(__file__).parent) -> tuple[Helpline, ...]:
    """Reads helplines.json and returns the published records alone, by country name."""
    records = msgspec.json.decode((folder / "helplines.json").read_bytes(), type=_File).records
    return tuple(sorted((r for r in records if r.publish == "yes"), key=lambda r: (r.country_name, r.id)))
