"""The short way: one address whose work is so little that compression and routing would double it."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from badge.web.middleware import Boundary, RequestLog


class ShortWay:
    """Takes a POST to one route's address to its endpoint at once, with the same log, bounds and errors.

    Its endpoint is an ASGI application, and answers less than what would be compressed. Every other method of
    the address, and every other spelling of it, takes the long way.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], path: str) -> None:
        self._app = app
        self._route = next(route for route in routes if isinstance(route, Route) and route.path == path)
        self._short = RequestLog(Boundary(self._route.endpoint))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one request."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == self._route.path:
            scope["route"] = self._route
            await self._short(scope, receive, send)
        else:
            await self._app(scope, receive, send)
