"""What an operator decided, as this worker knows it: what it must not draw, and what it must forget."""

import asyncio
import logging
from dataclasses import dataclass

from badge.cache import RenderCache
from badge.catalogue import RenderSpec
from badge.content import RefusedWords
from badge.errors import BlockedPicture, BlockedWord
from badge.store import KEPT_PURGES, Control, ControlStore, StoreError
from badge.web.hot import HotAnswers

_EVERY_S = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocked words, and digests of blocked pictures: of what they say, of their bytes, of an upload."""

    words: RefusedWords
    pictures: frozenset[str]

    def admit(self, spec: RenderSpec, key: str = "") -> None:
        """Raises BlockedWord or BlockedPicture where this must not be drawn."""
        for name, text in spec.values:
            if found := self.words.find(text):
                raise BlockedWord(f"{name} says {found!r}, which is blocked here; leave it out", field=name)
        if self.pictures and not self.pictures.isdisjoint(
            (spec.subject, key, *(digest for _, digest in spec.images))
        ):
            raise BlockedPicture("this picture is blocked by those who run this service")


class Watch:
    """Follows the control record for one worker, whose memory and hot answers it clears as that says."""

    def __init__(self, store: ControlStore, cache: RenderCache, hot: HotAnswers) -> None:
        self.blocks = Blocks(RefusedWords.of(()), frozenset())
        self._store = store
        self._cache = cache
        self._hot = hot
        self._version = -1

    async def follow(self) -> None:
        """Looks every second, for ever; while the store is away what was known last holds."""
        while True:
            await asyncio.sleep(_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Takes over what has changed since the last look."""
        try:
            if (control := await self._store.read(self._version)) is not None:
                self._take_over(control)
        except (StoreError, ValueError) as error:
            _log.debug("the control record cannot be read: %s", error)

    def _take_over(self, control: Control) -> None:
        # Also where the version went back: the store was restored from a backup.
        is_behind = control.version - self._version >= KEPT_PURGES or control.version < self._version
        purged = [prefix for at, prefix in control.purges.items() if at > self._version]
        for prefix in [""] if is_behind else purged:
            self._cache.forget(prefix)
        self._cache.drop(control.pictures.keys() - self.blocks.pictures)
        self.blocks = Blocks(RefusedWords.of(control.words), frozenset(control.pictures))
        self._version = control.version
        self._hot.clear()
