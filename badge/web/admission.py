"""Who may act now: limits asked for a request's network, and what is left told in the answer's headers.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` and `RateLimit`.
"""

from starlette.requests import Request

from badge.catalogue import PictureRequest
from badge.errors import SignatureRefused, TooManyRequests
from badge.limits import Allowance, Limit
from badge.web.state import state_of

_ACTS = {
    "pledges": "pledges",
    "challenges": "challenges",
    "forms": "pledges by form",
    "receipts": "withdrawals and looks at receipts",
    "misses": "pictures that had to be drawn anew",
    "openings": "campaigns",
    "edits": "changes of campaigns",
}


async def admit(request: Request, limit: Limit) -> None:
    """Counts one act of the client's network against a limit; raises TooManyRequests."""
    allowance = await limit.take(state_of(request).proxies.client_address(request))
    if allowance is None:
        return
    request.scope["allowance"] = allowance
    if not allowance.admits:
        raise TooManyRequests(
            f"your network asked for more than {allowance.rate} of {_ACTS[allowance.limit]}; "
            f"ask again in {allowance.reset_s} s",
            retry_after_s=allowance.reset_s,
        )


async def admit_pledge(request: Request, campaign: str, limit: Limit) -> None:
    """Counts one pledge against a limit of its network and those of its campaign; raises TooManyRequests."""
    await admit(request, limit)
    for shared in state_of(request).campaign_limits:
        allowance = await shared.take_of(campaign)
        if allowance is not None and not allowance.admits:
            raise TooManyRequests(
                f"more than {allowance.rate} of pledges come in for {campaign}; "
                f"send yours again, with the same key, in {allowance.reset_s} s",
                retry_after_s=allowance.reset_s,
            )


async def admit_opening(request: Request) -> None:
    """Counts a campaign that a stranger makes, which stays for good; raises TooManyRequests."""
    own, everyone = state_of(request).open_limits
    await admit(request, own)
    allowance = await everyone.take_of("")
    if allowance is not None and not allowance.admits:
        raise TooManyRequests(
            f"more than {allowance.rate} of campaigns are made here; make yours in {allowance.reset_s} s, or "
            "ask the administrator",
            retry_after_s=allowance.reset_s,
        )


async def admit_drawing(request: Request, asked: PictureRequest) -> None:
    """Lets a picture be drawn that no cache has: for a signed URL, or where no keys are set within the limit.

    Raises SignatureRefused or TooManyRequests.
    """
    state = state_of(request)
    if state.signatures is None:
        await admit(request, state.miss_limit)
    elif not state.signatures.hold(asked.spec.canonical, asked.signature):
        fault = "is not ours for this picture" if asked.signature else "is missing"
        raise SignatureRefused(
            f"new pictures are drawn here for signed URLs alone, and sig {fault}; ask whoever runs this site",
            field="sig",
        )


def limit_headers(allowance: Allowance) -> dict[str, str]:
    """Returns what is left of a limit; `t` is the moment that Retry-After names, where there is one."""
    name, rate = allowance.limit, allowance.rate
    return {
        "RateLimit-Policy": f'"{name}";q={rate.most};w={rate.window_s}',
        "RateLimit": f'"{name}";r={allowance.remaining};t={allowance.reset_s}',
    }
