"""Campaigns in the data store: each in its own slot, beside its ledger, and an index that can be made anew.

    bh:{slug}:about            32 bytes that know the owner's key, then the campaign as JSON
    bh:{slug}:crest:<digest>   the crest's bytes
    bh:{campaigns}:index       sorted set of every slug
    bh:{campaigns}:totals      sorted set: pledges that stand, of each campaign that may be listed
    bh:{campaigns}:rates       the same, a thousand members
    bh:{campaigns}:n           hash: the sum of totals
    bh:{campaigns}:looks       hash: what a slug looks like, and the first slug that did

One string a campaign, not a hash: a hash with a value over 64 bytes costs three times as much.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from badge.store.lane import Argument, Commands, Script

OWNER_BYTES = 32
_SCRIPTS = Path(__file__).parent / "scripts"
_INDEX = "bh:{campaigns}:index"
BoardName = Literal["totals", "rates"]


@dataclass(frozen=True, slots=True)
class Record:
    """A campaign as it is kept: what knows its owner's key, and its content."""

    owner: bytes
    content: bytes

    @property
    def packed(self) -> bytes:
        """Returns the bytes that the store holds."""
        return self.owner + self.content


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A run of the leaderboard: the sum and number of all that are listed, and (slug, score) from the top."""

    total: int
    listed: int
    rows: tuple[tuple[str, str], ...]


class CampaignStore:
    """Reads and writes campaigns; each call may be repeated, ends within timeout_s, raises StoreError."""

    def __init__(
        self, lane: Commands, *, guard: Callable[[], Awaitable[Any]], timeout_s: float = 3.0
    ) -> None:
        self._lane = lane
        self._guard = guard
        self._timeout_s = timeout_s
        self._swap, self._rank, self._board = (
            Script((_SCRIPTS / f"{name}.lua").read_text()) for name in ("swap", "rank", "board")
        )

    async def read(self, slug: str, timeout_s: float | None = None) -> Record | None:
        """Returns what is kept under a slug."""
        packed = await self._read("GET", f"bh:{{{slug}}}:about", timeout_s=timeout_s)
        return None if packed is None else Record(packed[:OWNER_BYTES], packed[OWNER_BYTES:])

    async def swap(self, slug: str, old: Record | None, new: Record) -> bool:
        """Replaces `old` (None: nothing) by `new`; False where something else is there by now."""
        await self._guard()
        before = old.packed if old else b""
        return bool(await self._run(self._swap, f"bh:{{{slug}}}:about", before, new.packed))

    async def crest(self, slug: str, digest: str) -> bytes | None:
        """Returns the crest's bytes."""
        body: bytes | None = await self._read("GET", f"bh:{{{slug}}}:crest:{digest}")
        return body

    async def put_crest(self, slug: str, digest: str, body: bytes) -> None:
        """Keeps a crest under its digest."""
        await self._guard()
        await self._call("SET", f"bh:{{{slug}}}:crest:{digest}", body)

    async def drop_crest(self, slug: str, digest: str) -> None:
        """Forgets a crest."""
        await self._call("DEL", f"bh:{{{slug}}}:crest:{digest}")

    async def rank(
        self, slug: str, total: int | None, members: int | None, *, looks: str, yields: bool = False
    ) -> str:
        """Puts a campaign into the index, and on the boards unless its total is None.

        Returns the first slug that looks so; where that is another one and this one yields, nothing is put.
        """
        rate = "" if total is None or not members else f"{total * 1000 / members:.6g}"
        told = ("" if total is None else total, rate, looks, int(yields))
        first: bytes = await self._run(self._rank, _INDEX, slug, *told)
        return first.decode()

    async def board(self, board: BoardName, after: tuple[str, str], count: int) -> BoardPage:
        """Returns up to `count` rows below `after`, a (slug, score) of the page before or two empty texts."""
        total, listed, flat = await self._run(self._board, _INDEX, board, *after, count, lasting=False)
        texts = [value.decode() for value in flat]
        return BoardPage(int(total), listed, tuple(zip(texts[::2], texts[1::2], strict=True)))

    async def slugs(self, after: str, count: int) -> list[str]:
        """Returns up to `count` slugs in their order, the first one behind `after`."""
        low = f"({after}" if after else "-"
        found = await self._read("ZRANGEBYLEX", _INDEX, low, "+", "LIMIT", 0, count)
        return [slug.decode() for slug in found]

    async def _run(self, script: Script, key: str, *arguments: Argument, lasting: bool = True) -> Any:
        return await self._lane.run(script, key, *arguments, timeout_s=self._timeout_s, lasting=lasting)

    async def _call(self, *command: Argument) -> Any:
        return await self._lane.call(*command, timeout_s=self._timeout_s)

    async def _read(self, *command: Argument, timeout_s: float | None = None) -> Any:
        return await self._lane.call(*command, timeout_s=timeout_s or self._timeout_s, lasting=False)
