"""What the public log keeps beside the entries: hashes of whole tiles, the last checkpoint, public keys."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from badge.store.lane import Argument, Commands, Script

_SCRIPTS = Path(__file__).parent / "scripts"
_KEYS = "bh:log:keys"
_SWEEP = "bh:log:sweep"
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Sealed:
    """The last checkpoint of a campaign: its size, when it was made (Unix time) and its signed note."""

    size: int
    made_s: int
    note: str


class LogStore:
    """Reads and appends what the entries make; each call may be repeated, raises StoreError."""

    def __init__(self, lane: Commands, *, timeout_s: float = 3.0) -> None:
        self._lane = lane
        self._timeout_s = timeout_s
        self._grow, self._seal = (Script((_SCRIPTS / f"{n}.lua").read_text()) for n in ("grow", "seal"))

    async def hashes(self, slug: str, level: int, first: int, count: int) -> bytes:
        """Returns up to count joined hashes of a tile level from 1 on, as far as they were made."""
        start, past = first * _HASH_BYTES, (first + count) * _HASH_BYTES
        found: bytes = await self._ask("GETRANGE", _key(slug, f"t:{level}"), start, past - 1)
        return found

    async def width(self, slug: str, level: int) -> int:
        """Returns how many hashes a tile level holds."""
        return int(await self._ask("STRLEN", _key(slug, f"t:{level}"))) // _HASH_BYTES

    async def grow(self, slug: str, level: int, first: int, hashes: bytes) -> None:
        """Appends hashes to a tile level; those that are there already must be the same, else StoreError."""
        await self._run(self._grow, slug, level, first, hashes)

    async def drop(self, slug: str, level: int) -> None:
        """Forgets a tile level, to be made anew."""
        await self._call("DEL", _key(slug, f"t:{level}"))

    async def sealed(self, slug: str) -> Sealed | None:
        """Returns the last checkpoint."""
        size, made_s, note = await self._ask("HMGET", _key(slug, "cp"), "size", "at", "note")
        return None if size is None else Sealed(int(size), int(made_s), note.decode())

    async def seal(self, slug: str, sealed: Sealed) -> None:
        """Keeps a checkpoint, unless a larger one is there."""
        await self._run(self._seal, slug, sealed.size, sealed.made_s, sealed.note)

    async def remember_key(self, public: bytes, day: int) -> None:
        """Keeps a public key for ever, with the day on which it was first used."""
        await self._call("HSETNX", _KEYS, public, day)

    async def keys(self) -> dict[bytes, int]:
        """Returns every public key that ever signed, with its first day (from 1970-01-01)."""
        flat = await self._ask("HGETALL", _KEYS)
        return {public: int(day) for public, day in zip(flat[::2], flat[1::2], strict=True)}

    async def take_turn(self, ttl_s: int) -> bool:
        """Takes the turn to look after every campaign, for a while; False where somebody has it."""
        return await self._call("SET", _SWEEP, 1, "NX", "EX", ttl_s) is not None

    async def _run(self, script: Script, slug: str, *arguments: Argument) -> Any:
        return await self._lane.run(script, _key(slug, "n"), *arguments, timeout_s=self._timeout_s)

    async def _ask(self, *command: Argument) -> Any:
        return await self._lane.call(*command, timeout_s=self._timeout_s, lasting=False)

    async def _call(self, *command: Argument) -> Any:
        return await self._lane.call(*command, timeout_s=self._timeout_s)


def _key(slug: str, name: str) -> str:
    return f"bh:{{{slug}}}:{name}"
