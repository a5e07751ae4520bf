"""The pages' own files (style, scripts, icon): read once into memory, so no path can leave the folder."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from badge.errors import NotFound
from badge.web.responses import etag_matches, etag_of, not_modified

STATIC_DIR = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_YEAR_S = 31_536_000
_DAY = "public, max-age=86400"
# Pages that must not be indexed say so themselves, so they stay readable.
_ROBOTS = "User-agent: *\nDisallow: /api/\n"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: its bytes, its media type and its strong ETag."""

    body: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Statics:
    """Every static file by name, and the digest of all of them, which is in their URLs."""

    files: Mapping[str, StaticFile]
    digest: str

    @classmethod
    def load(cls, folder: Path = STATIC_DIR) -> Self:
        """Reads every file of a known type in `folder`."""
        whole = hashlib.blake2b(digest_size=6)
        files: dict[str, StaticFile] = {}
        for path in sorted(p for p in folder.iterdir() if p.suffix in _TYPES):
            body = path.read_bytes()
            whole.update(path.name.encode() + b"\0" + body)
            files[path.name] = StaticFile(body, _TYPES[path.suffix], etag_of(body))
        return cls(MappingProxyType(files), whole.hexdigest())

    async def file(self, request: Request) -> Response:
        """Answers `GET /static/{digest}/{name}`, for a year where the digest is today's; raises NotFound."""
        digest, name = request.path_params["digest"], request.path_params["name"]
        # A page and a server of another version meet while one is being deployed: never pin those bytes.
        pinned = digest == self.digest
        return self._answer(request, name, f"public, max-age={_YEAR_S}, immutable" if pinned else "no-cache")

    async def icon(self, request: Request) -> Response:
        """Answers `GET /favicon.svg`."""
        return self._answer(request, "heart.svg", _DAY)

    def _answer(self, request: Request, name: str, caching: str) -> Response:
        file = self.files.get(name)
        if file is None:
            raise NotFound("there is no such file here")
        headers = {
            "Cache-Control": caching,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "ETag": file.etag,
            "X-Content-Type-Options": "nosniff",
        }
        if etag_matches(request.headers.get("If-None-Match", ""), file.etag):
            return not_modified(headers)
        return Response(file.body, 200, headers, file.media_type)


def static_routes(statics: Statics) -> list[Route]:
    """Returns the routes of the pages' files, and of those that browsers and robots ask for unasked."""
    ico = RedirectResponse("/favicon.svg", 301, {"Cache-Control": _DAY})
    robots = PlainTextResponse(_ROBOTS, headers={"Cache-Control": _DAY, "X-Content-Type-Options": "nosniff"})

    async def old_icon(_: Request) -> Response:
        return ico

    async def rules(_: Request) -> Response:
        return robots

    return [
        Route("/static/{digest}/{name}", statics.file, name="static"),
        Route("/favicon.svg", statics.icon),
        Route("/favicon.ico", old_icon),
        Route("/robots.txt", rules),
    ]
