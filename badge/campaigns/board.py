"""The board: all campaigns by their totals. It is derived, a moment late, and can be made anew."""

import asyncio
import base64
import binascii
import contextlib
import logging
import re
import secrets
from collections.abc import Awaitable, Callable

import msgspec

from badge.campaigns.register import Campaigns
from badge.campaigns.slug import skeleton
from badge.errors import BlueHeartError, InvalidField, Unavailable
from badge.store.blobs import BlobStore
from badge.store.campaigns import BoardName, BoardPage, CampaignStore
from badge.store.entry import Tally
from badge.store.lane import StoreError

_log = logging.getLogger(__name__)

_EVERY_S = 2.0
_RECOUNT_S = 3600
_AT_ONCE = 64
_READ_S = 2.0
_LONGEST_SLUG = 64
_SCORE = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,17})?(?:e[+-]?[0-9]{1,2})?")

Read = Callable[[str, float], Awaitable[Tally]]


class Board:
    """Keeps the totals of campaigns whose count or content changed, two seconds later and all together."""

    def __init__(self, store: CampaignStore, campaigns: Campaigns, read: Read) -> None:
        self._store = store
        self._campaigns = campaigns
        self._read = read
        self._touched: set[str] = set()

    def touch(self, slug: str) -> None:
        """Notes that a campaign counts or is something else than before."""
        self._touched.add(slug)

    async def page(self, name: BoardName, cursor: str, count: int) -> tuple[BoardPage, str]:
        """Returns up to `count` rows from a cursor on (empty: the top), and the next cursor or nothing.

        Raises InvalidField where the cursor is none of ours, Unavailable.
        """
        after = _read_cursor(cursor) if cursor else ("", "")
        try:
            page = await self._store.board(name, after, count)
        except StoreError as error:
            raise Unavailable("The totals cannot be read now; ask again.") from error
        return page, _write_cursor(page.rows[-1]) if len(page.rows) == count else ""

    async def run(self, turns: BlobStore) -> None:
        """Keeps what was touched, and counts all anew once an hour, until it is cancelled.

        One process of all has the turn to count; a pledge whose process died before it was kept waits for it.
        """
        while True:
            await asyncio.sleep(_EVERY_S)
            try:
                await self.keep()
            except (StoreError, BlueHeartError) as error:
                _log.warning("the board of totals waits: %s", error)
            with contextlib.suppress(StoreError, BlueHeartError):
                if await turns.acquire("board", secrets.token_hex(8), _RECOUNT_S * 1000):
                    await self.recount()

    async def keep(self) -> None:
        """Keeps the totals of what was touched; raises StoreError, Unavailable."""
        while self._touched:
            some = [self._touched.pop() for _ in range(min(_AT_ONCE, len(self._touched)))]
            try:
                await asyncio.gather(*map(self._rank, some))
            except BaseException:
                self._touched.update(some)
                raise

    async def recount(self) -> int:
        """Counts every campaign anew; returns how many there are; raises StoreError, Unavailable."""
        seen = 0
        async for slug in self._campaigns.ledgers():
            self.touch(slug)
            seen += 1
            if len(self._touched) >= _AT_ONCE:
                await self.keep()
        await self.keep()
        return seen

    async def _rank(self, slug: str) -> None:
        _, campaign = await self._campaigns.kept(slug)
        total = (await self._read(slug, _READ_S)).total
        # A slug is public speech too: it waits for approval as the texts do.
        shown = total if campaign.approved else None
        await self._store.rank(slug, shown, campaign.members, looks=skeleton(slug))


def _write_cursor(row: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(row)).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, str]:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        row = base64.b64decode(padded, b"-_", validate=True)
        slug, score = msgspec.json.decode(row, type=tuple[str, str])
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        slug = score = ""
    if len(slug) > _LONGEST_SLUG or not _SCORE.fullmatch(score):
        raise InvalidField("cursor is not one that this service gave; begin without it", field="cursor")
    return slug, score
