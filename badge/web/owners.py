"""What a campaign's owner does over HTTP, with the key in `Authorization` and never in an address."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from badge.campaigns import Campaign, Role
from badge.campaigns.crest import MAX_UPLOAD_BYTES, MEDIA_TYPES
from badge.errors import NotFound, ProofRefused, Unauthorized, UnsupportedMedia
from badge.web.admission import admit, admit_opening
from badge.web.bodies import media_type_of, read_bytes, read_json
from badge.web.models import CampaignChanges, NewCampaign, values_of
from badge.web.responses import CROSS_ORIGIN, etag_matches, json_answer, not_modified
from badge.web.state import AppState, state_of
from badge.web.views import CampaignView, Made, NewKey

MAX_CAMPAIGN_BYTES = 128 * 1024
_CREST_CACHE = "public, max-age=60"
_CREST_POLICY = "default-src 'none'; sandbox"


async def create(request: Request) -> Response:
    """Answers `POST /api/v1/campaigns`: 201 with the owner key, which is shown only here."""
    state = state_of(request)
    role = _may_create(request, state)
    body = await read_json(request, NewCampaign, MAX_CAMPAIGN_BYTES)
    draft = Campaign(**values_of(body))
    if role is not Role.ADMINISTRATOR:
        await admit(request, state.pledge_limit)
        if body.solution is None:
            raise ProofRefused(
                "solution is missing: solve a challenge of /api/v1/challenge?campaign=world", field="solution"
            )
        await state.challenges.spend("world", body.solution, f"campaign:{body.slug}")
        await admit_opening(request)
        draft = Campaign(**values_of(body), self_served=True, approved=False)
    made, key = await state.campaigns.create(draft)
    state.board.touch(made.slug)
    view = _view(made, state)
    location = f"{state.origin}/api/v1/campaigns/{made.slug}"
    return json_answer(Made(campaign=view, owner_key=key), 201, {"Location": location})


async def edit(request: Request) -> Response:
    """Answers `PATCH /api/v1/campaigns/{slug}`."""
    state, slug = state_of(request), request.path_params["slug"]
    await _admit_change(request)
    await state.campaigns.owned(slug, bearer(request))  # before its body is read
    body = await read_json(request, CampaignChanges, MAX_CAMPAIGN_BYTES)
    edited = await state.campaigns.edit(slug, bearer(request), values_of(body))
    state.board.touch(slug)
    return json_answer(_view(edited, state))


async def close(request: Request) -> Response:
    """Answers `DELETE /api/v1/campaigns/{slug}`: it takes no more pledges, its count stays."""
    state = state_of(request)
    await _admit_change(request)
    closed = await state.campaigns.close(request.path_params["slug"], bearer(request))
    return json_answer(_view(closed, state))


async def rotate(request: Request) -> Response:
    """Answers `POST /api/v1/campaigns/{slug}/key`: a new owner key, the old one opens nothing any more."""
    state, slug = state_of(request), request.path_params["slug"]
    await _admit_change(request)
    key = await state.campaigns.rotate_key(slug, bearer(request))
    return json_answer(NewKey(campaign=slug, owner_key=key))


async def crest(request: Request) -> Response:
    """Answers `GET /api/v1/campaigns/{slug}/crest` with the crest, a PNG."""
    state = state_of(request)
    campaign = (await state.campaigns.get(request.path_params["slug"])).shown
    headers = {**CROSS_ORIGIN, "ETag": f'"{campaign.crest}"', "Cache-Control": _CREST_CACHE}
    if (seen := request.headers.get("if-none-match")) and etag_matches(seen, headers["ETag"]):
        return not_modified(headers)
    body = await state.campaigns.crest(campaign)
    if body is None:
        raise NotFound(f"{campaign.slug} shows no crest")
    return Response(body, 200, {**headers, "Content-Security-Policy": _CREST_POLICY}, "image/png")


async def put_crest(request: Request) -> Response:
    """Answers `PUT /api/v1/campaigns/{slug}/crest`: the picture is drawn anew, and kept in 256 KB."""
    state, slug = state_of(request), request.path_params["slug"]
    await _admit_change(request)
    await state.campaigns.owned(slug, bearer(request))  # a stranger's bytes are not even read
    if media_type_of(request) not in MEDIA_TYPES:
        raise UnsupportedMedia(f"send the crest as {', '.join(MEDIA_TYPES)}")
    body = await read_bytes(request, MAX_UPLOAD_BYTES)
    drawn = await state.crests.redrawn(body)
    return json_answer(_view(await state.campaigns.set_crest(slug, bearer(request), drawn), state))


async def drop_crest(request: Request) -> Response:
    """Answers `DELETE /api/v1/campaigns/{slug}/crest`."""
    state = state_of(request)
    await _admit_change(request)
    bare = await state.campaigns.set_crest(request.path_params["slug"], bearer(request), b"")
    return json_answer(_view(bare, state))


async def _admit_change(request: Request) -> None:
    """Counts a change against the limit of its network, the administrator's never; raises TooManyRequests."""
    state = state_of(request)
    if not state.campaigns.doorkeeper.is_administrator(bearer(request)):
        await admit(request, state.edit_limit)


def bearer(request: Request) -> str | None:
    """Returns the token of `Authorization: Bearer` (RFC 6750, 2.1), None where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _may_create(request: Request, state: AppState) -> Role:
    token = bearer(request)
    if state.campaigns.doorkeeper.is_administrator(token):
        return Role.ADMINISTRATOR
    if token is not None or not state.open_campaigns:
        raise Unauthorized("campaigns are made here with the administrator's token: Authorization: Bearer …")
    return Role.OWNER


def _view(campaign: Campaign, state: AppState) -> CampaignView:
    return CampaignView.of(campaign, state.origin, datetime.now(UTC).date())
