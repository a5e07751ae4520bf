"""What happens around every request: its id and log line, the bounds of its address, each error's answer."""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Router
from starlette.types import ASGIApp, ExceptionHandler, Message, Receive, Scope, Send

from badge.errors import BadRequest, BlueHeartError, MethodNotAllowed, NotFound, Unavailable
from badge.telemetry import request_id
from badge.web.access import AccessLog, new_id
from badge.web.admission import limit_headers
from badge.web.images import refuse
from badge.web.responses import CROSS_ORIGIN, problem
from badge.web.state import state_of

MAX_ADDRESS_BYTES = 8192
_CONTROLS = re.compile(rb"[\x00-\x1f\x7f]")
_PLAIN = re.compile(rb"[!-$&-~]*")
_NOSNIFF = (b"x-content-type-options", b"nosniff")
_PREFLIGHT_S = 86_400
_NOWHERE = "nothing lives at this address; / shows what there is"

_log = logging.getLogger(__name__)


class AddressTooLong(BlueHeartError):
    """The address is longer than any that we hand out."""

    status = 414
    code = "address-too-long"


class RequestLog:
    """Gives each request an id, sends no body to HEAD, and notes how it went."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id_ = new_id()
        token = request_id.set(id_)
        began = time.perf_counter()
        status = sent_bytes = 0
        is_head = scope["method"] == "HEAD"

        async def noted(message: Message) -> None:
            nonlocal status, sent_bytes
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"] = [*message.get("headers", ()), (b"x-request-id", id_.encode())]
                if _NOSNIFF not in headers:
                    headers.append(_NOSNIFF)
                if (allowance := scope.get("allowance")) is not None:
                    MutableHeaders(raw=headers).update(limit_headers(allowance))
            elif message["type"] == "http.response.body":
                if is_head:
                    message = {**message, "body": b""}
                sent_bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            access: AccessLog = scope["state"]["access"]
            access.note(
                request=id_,
                method=scope["method"][:16],
                route=getattr(scope.get("route"), "path", ""),
                status=status,
                seconds=time.perf_counter() - began,
                sent_bytes=sent_bytes,
                drew=scope.get("drew"),
                source=scope.get("from"),
            )
            request_id.reset(token)


class Boundary:
    """Refuses what cannot be an address of ours, ends what takes too long, answers every error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            async with asyncio.timeout(state_of(Request(scope)).deadline_s) as scope["deadline"]:
                check_address(scope)
                await self._app(scope, receive, noted)
            return
        except ClientDisconnect:
            # Also raised where the client is still there to read: its chunks or its length are wrong.
            response = problem(BadRequest("the body broke off before its end"))
        except Exception as error:
            response = await _answer(Request(scope, receive), error)
        if not has_begun:
            await response(scope, receive, send)


class Options:
    """Answers OPTIONS, a preflight or not, with the address's methods (Fetch, 3.2.2; RFC 9110, 9.3.7)."""

    def __init__(self, app: ASGIApp, router: Router) -> None:
        self._app = app
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one request."""
        if scope["type"] != "http" or scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        methods = allowed_methods(self._router, scope)
        if not methods:
            raise NotFound("nothing lives at this address")
        allow = ", ".join(methods)
        headers = {
            **CROSS_ORIGIN,
            "Allow": allow,
            "Access-Control-Allow-Methods": allow,
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-None-Match",
            "Access-Control-Max-Age": str(_PREFLIGHT_S),
            "Cache-Control": f"public, max-age={_PREFLIGHT_S}",
        }
        await Response(status_code=204, headers=headers)(scope, receive, send)


def check_address(scope: Scope) -> None:
    """Raises AddressTooLong over 8 KB, BadRequest where the path is not UTF-8 or has control characters."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
    length_bytes = len(raw) + len(scope["query_string"])
    if length_bytes > MAX_ADDRESS_BYTES:
        raise AddressTooLong(
            f"the address is {length_bytes} bytes long; at most {MAX_ADDRESS_BYTES} are read"
        )
    if _PLAIN.fullmatch(raw):
        return
    path = unquote_to_bytes(raw)
    if _CONTROLS.search(path):
        raise BadRequest("the path has control characters; leave them out")
    try:
        path.decode()
    except UnicodeDecodeError:
        raise BadRequest("the path is not UTF-8 (percent-encode it as UTF-8)") from None


def allowed_methods(router: Router, scope: Scope) -> tuple[str, ...]:
    """Returns the methods that this address answers, sorted; none where it is not ours."""
    found: set[str] = set()
    for route in router.routes:
        match, _ = route.matches(scope)
        if match is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
            break
    return (*sorted(found), "OPTIONS") if found else ()


def http_errors(page: Callable[[Request, BlueHeartError], Response]) -> ExceptionHandler:
    """Returns the answer to what the router refuses itself; a reader without an address gets the `page`."""

    async def answer(request: Request, error: Exception) -> Response:
        nowhere = isinstance(error, HTTPException) and error.status_code == 404
        if nowhere and "text/html" in request.headers.get("accept", ""):
            return page(request, NotFound(_NOWHERE))
        return await _http_error(request, error)

    return answer


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        router: Router = request.scope["router"]
        allow = ", ".join(allowed_methods(router, request.scope))
        refused = MethodNotAllowed(f"this address answers {allow}, not {request.method[:16]}")
        return problem(refused, {"Allow": allow})
    if status == 404:
        return await refuse(request, NotFound(_NOWHERE))
    return problem(BadRequest("the request cannot be read"))


async def _answer(request: Request, error: Exception) -> Response:
    if isinstance(error, TimeoutError):
        error = Unavailable("this took too long; ask again in a moment", retry_after_s=2)
    try:
        if isinstance(error, BlueHeartError):
            return await refuse(request, error)
    except Exception as second:
        if isinstance(second, BlueHeartError):
            return problem(second)
        error = second
    state_of(request).metrics.unexpected_errors.add()
    _log.error("unexpected error", exc_info=error)
    return problem(BlueHeartError("something went wrong here; the request's id is in X-Request-Id"))
