"""Pictures over HTTP: `/{kind}/{template}.{ext}?{fields}`, its sidecar, and bad input as a picture."""

import hashlib
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from badge.cache import cache_key
from badge.campaigns import Campaign
from badge.catalogue import FORMATS, Manifest, PictureRequest, RenderSpec
from badge.catalogue.filename import file_stem, words_of_file
from badge.catalogue.palette import Look
from badge.coding import SUFFIXES, Coding
from badge.content import days_in
from badge.errors import BlueHeartError, Unavailable
from badge.render import Picture, key_of
from badge.render.art import NO_ART
from badge.web.admission import admit, admit_drawing
from badge.web.crests import CrestAway, look_of
from badge.web.responses import (
    CROSS_ORIGIN,
    accepted_coding,
    etag_matches,
    json_answer,
    listed,
    not_modified,
    problem,
)
from badge.web.state import AppState, state_of

SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
_LIVE_TTL_S = 300
_NOTICE_TTL_S = 60
_LIVE_HOT_S = 1.0  # as long as a count is held
# A live picture may be stale for a minute in all: half of it fresh, half while a cache asks again.
_LIVE_CACHE = "public, max-age=30, stale-while-revalidate=30"
_STALE_S = 7 * 86400
# Both forms of an error: which one a client gets depends on these headers, and on nothing else.
_ASKED_BY = {"Vary": "Accept, Accept-Encoding, Sec-Fetch-Dest"}
_RESERVED = ("/api/", "/widgets/", "/static/")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a picture shows beside its address: its campaign as far as it is known, and numbers of now."""

    campaign: Campaign | None
    look: Look
    live: dict[str, int | None]


async def picture(request: Request) -> Response:
    """Answers GET and HEAD of a picture or its sidecar; 304 before any drawing, for the key is known.

    While the data store is away, what this worker never knew is left out: a count, a campaign's look.
    """
    shown = await _shown(request)
    try:
        return await _show(request, shown)
    except CrestAway:
        return await _show(request, replace(shown, look=replace(shown.look, crest="")))


async def _shown(request: Request) -> _Shown:
    state = state_of(request)
    path, query = request.scope["path"], request.scope["query_string"]
    catalogue = state.kit.catalogue
    campaign: Campaign | None = None
    live: dict[str, int | None] = {}
    if (slug := catalogue.campaign_of(path, query)) is not None:
        with suppress(Unavailable):
            campaign = await state.campaigns.get(slug)
        if catalogue.shows_count(path):
            live["count"] = None
            with suppress(Unavailable):
                live["count"] = (await state.ledger.count(slug)).total
    if zone := catalogue.live_zone(path, query):
        live["days"] = days_in(zone)
    return _Shown(campaign, look_of(campaign) if campaign else Look(), live)


async def _show(request: Request, shown: _Shown) -> Response:
    state = state_of(request)
    catalogue, campaign = state.kit.catalogue, shown.campaign
    asked = catalogue.parse(request.scope["path"], request.scope["query_string"], shown.live, look=shown.look)
    spec = asked.spec
    request.scope["drew"] = f"{spec.kind}/{spec.template}.{spec.format}"
    key = key_of(spec, state.kit)
    state.control.blocks.admit(spec, key)
    shrinks = spec.format == "svg" and not asked.sidecar
    coding = accepted_coding(request) if shrinks else ""
    etag = f'"{key}-json"' if asked.sidecar else f'"{key}{SUFFIXES[coding]}"'
    headers = {
        **CROSS_ORIGIN,
        "ETag": etag,
        "Cache-Control": _lifetime(asked, state),
    }
    if shrinks:
        headers["Vary"] = "Accept-Encoding"
    if asked.ignored:
        headers["Blue-Heart-Ignored"] = listed(asked.ignored)
    if (seen := request.headers.get("if-none-match")) and etag_matches(seen, etag):
        return not_modified(headers)
    ttl_s = _LIVE_TTL_S if spec.changes else state.cache_ttl_s
    place = cache_key(spec, key)

    async def make() -> Picture:
        art = await state.crests.art(campaign) if campaign and spec.images else NO_ART
        return await state.renderer.picture(spec, art)

    made, source = await state.cache.get_or_make(place, make, ttl_s, lambda: admit_drawing(request, asked))
    request.scope["from"] = headers["Blue-Heart-Cache"] = source
    if made.missing:
        headers["Blue-Heart-Missing"] = listed(made.missing)
    if asked.sidecar:
        return json_answer(
            _sidecar(made, spec, catalogue.get(spec.kind, spec.template).manifest, state.origin),
            200,
            headers,
            headers["Cache-Control"],
        )
    if asked.download:
        headers["Content-Disposition"] = disposition(spec)
    answer = _answer(made, headers, coding)
    if source == "memory":
        fresh_s = _LIVE_HOT_S if spec.changes else None
        state.hot.remember(request.scope, place, answer.raw_headers, fresh_s)
    return answer


async def refuse(request: Request, error: BlueHeartError) -> Response:
    """Answers bad input: a small picture with status 200 to who asked for an image, else the problem itself.

    Image proxies throw away what is not a 200. What passes by itself (429, 503) stays a true error, for a
    proxy must not keep it.
    """
    passes = error.status == 429 or error.status >= 500
    if passes or not (_is_picture(request) and wants_image(request)):
        return problem(error, _ASKED_BY if _is_picture(request) else None)
    state = state_of(request)
    ext = request.scope["path"].rpartition(".")[2]
    format_ = ext if ext in FORMATS else "svg"
    says = f"{format_}\n{error.status}\n{error.code}\n{error.field}\n{error.detail}"
    key = ":notice:" + hashlib.blake2b(says.encode("utf-8", "replace"), digest_size=16).hexdigest()
    made, source = await state.notices.get_or_make(
        key,
        lambda: state.renderer.notice(error, format_),
        _NOTICE_TTL_S,
        lambda: admit(request, state.miss_limit),
    )
    request.scope["from"] = source
    return _answer(
        made,
        {
            **CROSS_ORIGIN,
            **_ASKED_BY,
            "Cache-Control": f"public, max-age={_NOTICE_TTL_S}",
            "Blue-Heart-Error": f"{error.status} {listed((error.field or error.code,))}",
        },
        accepted_coding(request),
    )


def wants_image(request: Request) -> bool:
    """Tells whether the client wants an image: `Sec-Fetch-Dest: image`, or Accept with images and no HTML."""
    if request.headers.get("sec-fetch-dest") == "image":
        return True
    accept = ",".join(request.headers.getlist("accept")).lower()
    return "image/" in accept and "text/html" not in accept


def disposition(spec: RenderSpec) -> str:
    """Returns Content-Disposition with a readable file name, in ASCII and UTF-8 (RFC 6266, 4.3; RFC 8187)."""
    name = file_stem(f"blue-heart {words_of_file(spec)}")
    # Made safe again: NFKD turns a full-width quote or slash into the ASCII one.
    plain = file_stem(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    ext = spec.format
    return f"attachment; filename=\"{plain}.{ext}\"; filename*=UTF-8''{quote(f'{name}.{ext}', safe='')}"


def _answer(made: Picture, headers: dict[str, str], asked: Coding) -> Response:
    body, coding = made.coded(asked)
    if made.media_type.startswith("image/svg"):
        headers["Content-Security-Policy"] = SVG_POLICY
    if coding:
        headers["Content-Encoding"] = coding
    return Response(body, 200, headers, made.media_type)


def _lifetime(asked: PictureRequest, state: AppState) -> str:
    spec = asked.spec
    if spec.changes:
        return _LIVE_CACHE
    template = state.kit.catalogue.get(spec.kind, spec.template)
    max_age_s = template.manifest.max_age_s if asked.maxage_s is None else asked.maxage_s
    return f"public, max-age={max_age_s}, stale-while-revalidate={_STALE_S}"


def _sidecar(made: Picture, spec: RenderSpec, manifest: Manifest, origin: str) -> dict[str, object]:
    return {
        "url": origin + spec.canonical,
        "media_type": made.media_type,
        "width": made.width_px,
        "height": made.height_px,
        "bytes": len(made.body),
        "alt": made.alt,
        "alt_lang": manifest.alt_lang(spec.lang),
        "missing": made.missing,
    }


def _is_picture(request: Request) -> bool:
    path: str = request.scope["path"]
    return path.count("/") >= 2 and not path.startswith(_RESERVED) and not path.endswith(".json")
