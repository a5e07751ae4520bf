"""What the ledger publishes: one connection a process hears the totals of the campaigns it follows."""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable

from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from badge.store.address import Address
from badge.store.client import connect
from badge.store.setup import reason

_log = logging.getLogger(__name__)

_TIMEOUT_S = 2.0
_SILENCE_S = 10.0
_PAUSE_S = 1.0
_ALWAYS = "bh:live"  # a connection must be subscribed to something before it can be read
_PREFIX, _SUFFIX = "bh:{", "}:live"

Heard = Callable[[str, int, int], None]
Joined = Callable[[str], None]


class LiveFeed:
    """Follows campaigns, across lost connections and a Cluster's servers (each hears what any publishes).

    `heard` gets slug, length of the log and total; `joined` a slug from whose next change on all is heard, so
    that what was missed before can be read.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._followed: set[str] = set()
        self._pubsub: PubSub | None = None

    async def follow(self, slug: str) -> None:
        """Hears of a campaign from now on."""
        self._followed.add(slug)
        await self._say("subscribe", slug)

    async def unfollow(self, slug: str) -> None:
        """Hears of a campaign no more."""
        self._followed.discard(slug)
        await self._say("unsubscribe", slug)

    async def run(self, heard: Heard, joined: Joined) -> None:
        """Hears until it is cancelled; connects again where the connection is lost."""
        nodes = itertools.cycle(self._address.nodes or (None,))
        is_away = False
        while True:
            _end_where_cancelled()
            client = connect(self._address, _TIMEOUT_S, next(nodes))
            try:
                async with client.pubsub() as pubsub:
                    await pubsub.subscribe(_ALWAYS)
                    self._pubsub = pubsub  # from here on follow() may speak, too
                    if self._followed:
                        await pubsub.subscribe(*map(_channel, self._followed))
                    if is_away:
                        _log.warning("live counts are heard again")
                    is_away = False
                    await self._hear(pubsub, heard, joined)
            except (RedisError, OSError) as error:
                if not is_away:
                    _log.warning("live counts are not heard: %s", reason(error))
                is_away = True
            finally:
                self._pubsub = None
                await client.aclose()
            await asyncio.sleep(_PAUSE_S)

    async def _hear(self, pubsub: PubSub, heard: Heard, joined: Joined) -> None:
        is_asked = False
        while True:
            _end_where_cancelled()
            message = await pubsub.get_message(timeout=_SILENCE_S)
            if message is None:  # silence, or a connection that died without a word
                if is_asked:
                    raise OSError("the connection is dead")
                await pubsub.ping()
            is_asked = message is None
            if message is None or (slug := _slug(message["channel"])) is None:
                continue
            if message["type"] == "subscribe":
                joined(slug)
            elif message["type"] == "message":
                length, _, total = message["data"].partition(b" ")
                heard(slug, int(length), int(total))

    async def _say(self, verb: str, slug: str) -> None:
        # A connection that is lost meanwhile is made anew by run(), with all that is followed by then.
        if self._pubsub is not None:
            with contextlib.suppress(RedisError, OSError):
                await getattr(self._pubsub, verb)(_channel(slug))


def _end_where_cancelled() -> None:
    # The library takes a cancellation that comes while it connects for itself.
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _channel(slug: str) -> str:
    return _PREFIX + slug + _SUFFIX


def _slug(channel: bytes | None) -> str | None:
    name = (channel or b"").decode()
    if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
        return name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    return None
