"""Content coding of what is not a picture: pages, scripts, styles and JSON go out by Brotli or gzip."""

from collections import OrderedDict

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from badge.coding import MIN_BYTES, SUFFIXES, Coding, choose, compress, is_compressible

_MOST_KEPT = 64
_MOST_KEPT_BYTES = 2**18


class Compression:
    """Compresses whole bodies that shrink; those that a strong ETag names are compressed once and kept.

    Streams, and bodies that have a coding already, pass as they are. A page may hold what a visitor typed
    beside a token, which compression could betray (BREACH); ours are new in every answer, and tell nothing.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[tuple[str, Coding], bytes] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Headers(scope=scope)
        coding = choose(",".join(request.getlist("accept-encoding")).encode("latin-1"))
        start: Message | None = None

        async def coded(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if message["status"] == 304:
                    _tag_as_known(headers, coding, request.get("if-none-match", ""))
                elif _shrinks(headers):
                    _vary(headers)
                    if coding:
                        start = message
                        return
            elif start is not None:
                message = {**message, "body": self._compress(start, message["body"], coding)}
                await send(start)
                start = None
            await send(message)

        await self._app(scope, receive, coded)

    def _compress(self, start: Message, body: bytes, coding: Coding) -> bytes:
        headers = MutableHeaders(scope=start)
        etag = headers.get("etag", "")
        at = (etag, coding)
        made = self._kept.get(at)
        if made is None:
            made = compress(body, coding)
            if etag.startswith('"') and len(made) <= _MOST_KEPT_BYTES:
                self._kept[at] = made
                if len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
        headers["Content-Encoding"] = coding
        headers["Content-Length"] = str(len(made))
        if etag:
            headers["ETag"] = _coded_tag(etag, coding)
        return made


def _shrinks(headers: Headers) -> bool:
    # A length is known only of what is whole: a stream must not be held back.
    length = headers.get("content-length", "")
    return (
        length.isdigit()
        and int(length) >= MIN_BYTES
        and "content-encoding" not in headers
        and is_compressible(headers.get("content-type", ""))
    )


def _tag_as_known(headers: MutableHeaders, coding: Coding, if_none_match: str) -> None:
    """Gives a 304 the tag of the coded bytes, where these are what the client has."""
    tag = headers.get("etag", "")
    if tag and coding and _coded_tag(tag, coding) in if_none_match:
        headers["ETag"] = _coded_tag(tag, coding)
        _vary(headers)


def _vary(headers: MutableHeaders) -> None:
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")


def _coded_tag(etag: str, coding: Coding) -> str:
    return etag.removesuffix('"') + SUFFIXES[coding] + '"'
