"""What an operator may do about pictures of a running service: purge them, and block them."""

from collections.abc import Iterator
from contextlib import contextmanager

from badge.cache.redis import RedisCache
from badge.content import RefusedWords
from badge.errors import InvalidField, Unavailable
from badge.store import Control, ControlStore, Kind, StoreError
from badge.text import is_visible

_MAX_CHARACTERS = 200


@contextmanager
def _unpurged() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise Unavailable(f"not everything could be purged, do it again: {error}") from error


def _folded(word: str) -> str | None:
    return RefusedWords.of([word]).find(word)


class Moderator:
    """Writes the control record, which every worker follows; raises Unavailable where a store is away."""

    def __init__(self, control: ControlStore, pictures: RedisCache) -> None:
        self._control = control
        self._pictures = pictures

    async def purge(self, prefix: str) -> int:
        """Deletes the pictures whose cache keys begin with `prefix`, "" for all; returns how many there were.

        Where the cache store is away, the workers still forget theirs.
        """
        with _unpurged():
            try:
                return await self._pictures.sweep(prefix)
            finally:
                # Last: a worker that forgot before could have taken the old bytes from the store again.
                await self._control.purge(prefix)

    async def block(self, kind: Kind, what: str, prefix: str | None = None) -> None:
        """Blocks a word, or a picture's digest; raises InvalidField.

        Of a picture the bytes are deleted too: what is under `prefix`, or where none is given its digest's.
        """
        if len(what) > _MAX_CHARACTERS or not is_visible(what) or not RefusedWords.of([what]).find(what):
            raise InvalidField(
                f"{what[:40]!r} cannot be blocked: give up to {_MAX_CHARACTERS} visible characters"
            )
        try:
            await self._control.block(kind, what)
        except StoreError as error:
            raise Unavailable(f"nothing was blocked: {error}") from error
        if prefix is not None:
            await self.purge(prefix)
        elif kind == "picture":
            with _unpurged():
                await self._pictures.drop(what)

    async def unblock(self, kind: Kind, what: str) -> None:
        """Takes a block back, a word in every spelling of it; raises InvalidField where there is none."""
        blocked = await self.blocked()
        if kind == "word":
            meant = [word for word in blocked.words if _folded(word) == _folded(what)]
        else:
            meant = [what] if what in blocked.pictures else []
        if not meant:
            raise InvalidField(f"the {kind} {what!r} is not blocked; `blueheart block list` shows what is")
        try:
            for one in meant:
                await self._control.unblock(kind, one)
        except StoreError as error:
            raise Unavailable(f"nothing was unblocked: {error}") from error

    async def blocked(self) -> Control:
        """Returns what is blocked now."""
        try:
            return await self._control.read() or Control()
        except StoreError as error:
            raise Unavailable(f"the store of blocks is away: {error}") from error
