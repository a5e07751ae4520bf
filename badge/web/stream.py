"""A campaign's total as a stream of events (HTML Standard, 9.2), in raw ASGI messages: thousands are open."""

import asyncio
import time

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from badge.pledges.live import BEAT_S, Listener, Moment
from badge.web.responses import CROSS_ORIGIN
from badge.web.state import state_of

_RETRY_MS = 3000
_SEND_S = 20.0
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
_BEAT = b": still here\n\n"


class Stream:
    """Answers `GET /api/v1/campaigns/{slug}/stream`; an event's id is the length of the campaign's log."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the latest total whenever it changes, and a comment where it did not, until either leaves."""
        request = Request(scope, receive)
        state, slug = state_of(request), request.path_params["slug"]
        await state.campaigns.get(slug)
        seen = _last_seen(request.headers.get("last-event-id", ""))
        start = {"type": "http.response.start", "status": 200, "headers": list(_HEADERS)}
        if scope["method"] == "HEAD":
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return
        async with state.live.listen(slug, state.proxies.client_address(request)) as listener:
            request.scope["deadline"].reschedule(None)  # of this request alone
            leaving = asyncio.create_task(_leave(receive, listener))
            streams = state.metrics.streams.cell()
            streams.add(+1)
            try:
                await send(start)
                await _send(send, f"retry: {_RETRY_MS}\n\n".encode())
                await _tell(send, listener, seen)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            except TimeoutError:
                return  # it reads nothing any more: the server drops what is left
            finally:
                streams.add(-1)
                leaving.cancel()


async def _tell(send: Send, listener: Listener, seen: int | None) -> None:
    beaten_at = time.monotonic()
    while not listener.is_over:
        latest = listener.latest
        if latest is not None and latest.sequence != seen:
            seen = latest.sequence
            await _send(send, event_of(latest))
            beaten_at = time.monotonic()
        elif time.monotonic() - beaten_at > BEAT_S / 2:
            await _send(send, _BEAT)
            beaten_at = time.monotonic()
        await listener.wait()


async def _send(send: Send, chunk: bytes) -> None:
    # While it waits for a slow reader the total goes on changing; the next event is the latest.
    async with asyncio.timeout(_SEND_S):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _leave(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.leave()


def event_of(moment: Moment) -> bytes:
    """Returns one event: the length of the log as its id, the total as its data."""
    return b'id: %d\ndata: {"total":%d}\n\n' % (moment.sequence, moment.total)


def _last_seen(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= _LONGEST_ID else None
