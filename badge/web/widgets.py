"""The widgets' built files at /widgets/v1/…: read once, so no path leaves the folder; for every origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

from starlette.requests import Request
from starlette.responses import Response

from badge.errors import NotFound
from badge.web.responses import CROSS_ORIGIN, etag_matches, etag_of, not_modified

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
# Not `immutable`: /v1/ keeps its meaning, not its bytes; who pins those does so with an integrity hash.
_CACHE = "public, max-age=86400, stale-while-revalidate=604800"


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Widgets:
    """Every built file by its path below the folder."""

    files: Mapping[str, _File]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads every file of a known type below `folder`."""
        files: dict[str, _File] = {}
        for path in sorted(p for p in folder.rglob("*") if p.suffix in _TYPES and p.is_file()):
            body = path.read_bytes()
            headers = CROSS_ORIGIN | {
                "Content-Type": _TYPES[path.suffix],
                "Cache-Control": _CACHE,
                "ETag": etag_of(body),
            }
            files[path.relative_to(folder).as_posix()] = _File(body, MappingProxyType(headers))
        return cls(MappingProxyType(files))

    async def answer(self, request: Request) -> Response:
        """Answers `GET /widgets/v1/{file}`; raises NotFound with the files that there are."""
        file = self.files.get(request.path_params["file"])
        if file is None:
            raise NotFound(f"there is no such file here; there are {', '.join(self.files)}"[:400])
        if (seen := request.headers.get("if-none-match")) and etag_matches(seen, file.headers["ETag"]):
            return not_modified(file.headers)
        return Response(file.body, 200, file.headers)
