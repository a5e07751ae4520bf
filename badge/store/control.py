"""What an operator decided, in the data store so that it lasts: what is blocked, and what was purged lately.

bh:{control}   hash: `v` the version, raised by every change; `w:<word>` and `d:<digest>` what is blocked,
               and since which day; `p:<version>` the cache keys that a purge was for, by their beginning
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from badge.store.lane import Commands, Script, StoreError

KEPT_PURGES = 64
_MOST_BLOCKED = 10_000
_KEY = "bh:{control}"
_MARKS = {"word": "w:", "picture": "d:"}

Kind = Literal["word", "picture"]


@dataclass(frozen=True, slots=True)
class Control:
    """The record at one version; blocked words and pictures with the day since when, purges by version."""

    version: int = 0
    words: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    purges: dict[int, str] = field(default_factory=dict)


class ControlStore:
    """Reads and changes the control record; each call may be repeated, and raises StoreError."""

    def __init__(self, lane: Commands, timeout_s: float = 2.0) -> None:
        self._lane = lane
        self._timeout_s = timeout_s
        self._script = Script((Path(__file__).parent / "scripts/control.lua").read_text())

    async def read(self, known: int = -1) -> Control | None:
        """Returns the record, or None where it is still at the known version."""
        version = await self._lane.call("HGET", _KEY, "v", timeout_s=self._timeout_s, lasting=False)
        if int(version or 0) == known:
            return None
        flat = await self._lane.call("HGETALL", _KEY, timeout_s=self._timeout_s, lasting=False)
        texts = [text.decode() for text in flat]
        values = dict(zip(texts[::2], texts[1::2], strict=True))
        return Control(
            version=int(values.get("v", 0)),
            words=_under(values, _MARKS["word"]),
            pictures=_under(values, _MARKS["picture"]),
            purges={int(at): prefix for at, prefix in _under(values, "p:").items()},
        )

    async def block(self, kind: Kind, what: str) -> None:
        """Blocks a word or a picture's digest."""
        await self._change("set", _MARKS[kind] + what, datetime.now(UTC).date().isoformat())

    async def unblock(self, kind: Kind, what: str) -> None:
        """Takes a block back."""
        await self._change("drop", _MARKS[kind] + what, "")

    async def purge(self, prefix: str) -> None:
        """Has every worker forget the pictures whose cache keys begin with `prefix`."""
        await self._change("purge", "", prefix)

    async def _change(self, act: str, name: str, value: str) -> None:
        version = await self._lane.run(
            self._script, _KEY, act, name, value, _MOST_BLOCKED, timeout_s=self._timeout_s
        )
        if version < 0:
            raise StoreError(f"{_MOST_BLOCKED} words and pictures are blocked already; unblock some first")


def _under(values: dict[str, str], mark: str) -> dict[str, str]:
    return {name.removeprefix(mark): value for name, value in values.items() if name.startswith(mark)}
