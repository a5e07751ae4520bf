"""A rate as people write it: 30/minute."""

import re
from dataclasses import dataclass
from typing import Self

_RATE = re.compile(r"([1-9][0-9]{0,5})/(second|minute|hour|day)")
_WINDOW_S = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many acts in a second, minute, hour or day."""

    most: int
    unit: str

    def __str__(self) -> str:
        return f"{self.most}/{self.unit}"

    @property
    def window_s(self) -> int:
        """Returns the unit's length in seconds."""
        return _WINDOW_S[self.unit]

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Returns the rate, None for "off"; raises ValueError where it is neither."""
        if text == "off":
            return None
        if (match := _RATE.fullmatch(text)) is None:
            raise ValueError(f"it is written as 30/minute (second, minute, hour, day) or off, not {text!r}")
        return cls(int(match[1]), match[2])
