"""A campaign's total as a stream of events (HTML Standard, 9.2), in raw ASGI messages: thousands are open."""

import asyncio
import time
from functools import lru_cache

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from badge.pledges.live import BEAT_S, Listener, Moment
from badge.web.responses import CROSS_ORIGIN
from badge.web.state import state_of

_RETRY_MS = 3000
_LONGEST_ID = 18
_HEADERS = [
    (name.lower().encode(), value.encode())
    for name, value in {
        **CROSS_ORIGIN,
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",  # nginx would keep events back until its buffer is full
    }.items()
]


class Stream:
    """Answers `GET /api/v1/campaigns/{slug}/stream`; an event's id is the length of the campaign's log."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the latest total whenever it changes, and a comment where it did not, until either leaves."""
        request = Request(scope, receive)
        state, slug = state_of(request), request.path_params["slug"]
        await state.campaigns.get(slug)
        seen = _last_seen(request.headers.get("last-event-id", ""))
        address = state.proxies.client_address(request)
        del request  # thousands of these wait here, each with all that it can reach
        if scope["method"] == "HEAD":
            await send(_start())
            await send({"type": "http.response.body", "body": b""})
            return
        async with state.live.listen(slug, address) as listener:
            scope["deadline"].reschedule(None)  # of this request alone
            leaving = asyncio.create_task(_leave(receive, listener))
            streams = state.metrics.streams.cell()
            streams.add(+1)
            try:
                await send(_start())
                await send(_chunk(b"retry: %d\n\n" % _RETRY_MS))
                await _tell(send, listener, seen)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                streams.add(-1)
                leaving.cancel()


def _start() -> Message:
    return {"type": "http.response.start", "status": 200, "headers": list(_HEADERS)}


async def _tell(send: Send, listener: Listener, seen: int | None) -> None:
    # A slow reader makes send() wait, and the total goes on changing meanwhile: the next event is the latest.
    # One that reads nothing at all is dropped by the system (badge/server.py).
    beaten_at = time.monotonic()
    while not listener.is_over:
        latest = listener.latest
        if latest is not None and latest.sequence != seen:
            seen = latest.sequence
            await send(event_of(latest))
            beaten_at = time.monotonic()
        elif time.monotonic() - beaten_at > BEAT_S / 2:
            await send(_BEAT)
            beaten_at = time.monotonic()
        await listener.wait()


async def _leave(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.leave()


@lru_cache(maxsize=256)
def event_of(moment: Moment) -> Message:
    """Returns one event, made once for all: the length of the log as its id, the total as its data."""
    return _chunk(b'id: %d\ndata: {"total":%d}\n\n' % (moment.sequence, moment.total))


def _chunk(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


_BEAT = _chunk(b": still here\n\n")


def _last_seen(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= _LONGEST_ID else None
