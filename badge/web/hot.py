"""The hot path: a picture that this worker has just handed out goes out again before any routing.

`images.py` decides everything once; what it answered for an address and a coding is kept here as headers and
the key of the bytes. The bytes stay in the memory cache alone, so they are bounded there, and an address
whose picture has left it takes the long way again.
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from badge.cache import RenderCache
from badge.coding import Coding, choose
from badge.telemetry import Source
from badge.web.access import AccessLog, new_id
from badge.web.responses import etag_matches

Header = tuple[bytes, bytes]

_MAX_ADDRESSES = 16_384
_MAX_ADDRESS_BYTES = 512
_MAX_HEADERS_BYTES = 2048
_MAX_SHARED = 256
# What a 304 leaves out: it describes no body (RFC 9110, 15.4.5).
_OF_THE_BODY = frozenset(
    (
        *(b"content-type", b"content-length", b"content-encoding", b"content-disposition"),
        *(b"content-security-policy", b"blue-heart-cache", b"blue-heart-missing"),
    )
)


@dataclass(frozen=True, slots=True)
class Answer:
    """How one address is answered: `key` names the picture, `until` (monotonic) bounds what is live."""

    key: str
    etag: bytes
    headers: list[Header]
    headers_304: list[Header]
    drew: str
    until: float | None


class HotAnswers:
    """The answers of one worker by address and coding, the oldest leaves first and is soon back if used."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[bytes, bytes, Coding], Answer] = OrderedDict()
        self._shared: dict[Header, Header] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: bytes, query: bytes, coding: Coding) -> Answer | None:
        """Returns the answer for an address as it was sent, while it holds."""
        at = (path, query, coding)
        answer = self._answers.get(at)
        if answer is not None and answer.until is not None and answer.until < time.monotonic():
            del self._answers[at]
            return None
        return answer

    def remember(
        self, scope: Scope, key: str, headers: Sequence[Header], fresh_s: float | None = None
    ) -> None:
        """Keeps how a good picture was answered, for `fresh_s` seconds where it is live."""
        path, query = scope.get("raw_path") or b"", scope["query_string"]
        size_bytes = sum(len(name) + len(value) for name, value in headers)
        if not path or len(path) + len(query) > _MAX_ADDRESS_BYTES or size_bytes > _MAX_HEADERS_BYTES:
            return
        coding, _ = _conditions(scope)
        kept = [self._share(header) for header in headers]
        self._answers[path, query, coding] = Answer(
            key=key,
            etag=dict(kept)[b"etag"],
            headers=kept,
            headers_304=[header for header in kept if header[0] not in _OF_THE_BODY],
            drew=scope["drew"],
            until=None if fresh_s is None else time.monotonic() + fresh_s,
        )
        if len(self._answers) > _MAX_ADDRESSES:
            self._answers.popitem(last=False)

    def clear(self) -> None:
        """Forgets everything: what may be answered has changed."""
        self._answers.clear()

    def _share(self, header: Header) -> Header:
        # Most headers are the same for all pictures, and are kept once.
        if len(self._shared) < _MAX_SHARED:
            return self._shared.setdefault(header, header)
        return self._shared.get(header, header)


class HotPath:
    """Answers GET and HEAD of a hot address itself, and hands everything else on."""

    def __init__(self, app: ASGIApp, route: str) -> None:
        self._app = app
        self._route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one request."""
        if scope["type"] != "http" or (method := scope["method"]) not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        state = scope["state"]
        hot: HotAnswers = state["hot"]
        coding, seen = _conditions(scope)
        answer = hot.get(scope.get("raw_path") or b"", scope["query_string"], coding)
        if answer is None:
            await self._app(scope, receive, send)
            return
        status, body = 304, b""
        source: Source | None = None
        if not seen or not (
            seen == answer.etag or etag_matches(seen.decode("latin-1"), answer.etag.decode())
        ):
            cache: RenderCache = state["cache"]
            picture = cache.peek(answer.key)
            if picture is None:
                await self._app(scope, receive, send)
                return
            status, source = 200, "memory"
            if method == "GET":
                body, _ = picture.coded(coding)
        id_ = new_id()
        headers = answer.headers if status == 200 else answer.headers_304
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*headers, (b"x-request-id", id_.encode())],
            }
        )
        await send({"type": "http.response.body", "body": body})
        access: AccessLog = state["access"]
        access.note(
            request=id_,
            method=method,
            route=self._route,
            status=status,
            seconds=time.perf_counter() - began,
            sent_bytes=len(body),
            drew=answer.drew,
            source=source,
        )


def _conditions(scope: Scope) -> tuple[Coding, bytes]:
    """Returns the coding that the client takes, and its If-None-Match."""
    accepts = seen = b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepts = accepts + b"," + value if accepts else value
        elif name == b"if-none-match":
            seen = seen + b"," + value if seen else value
    return choose(accepts), seen
