"""The pledge API: a challenge, a pledge that counts exactly once, its withdrawal."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from badge.catalogue.query import read_query
from badge.errors import InvalidField, NotOpen, ProofRefused, TooManyRequests
from badge.pledges import Acknowledged, Pledge, Source, check_key
from badge.store.entry import Proof
from badge.web.admission import admit, admit_pledge
from badge.web.bodies import read_json
from badge.web.models import NewPledge, ReceiptOnly
from badge.web.responses import json_answer
from badge.web.state import state_of
from badge.web.views import Receipted, WithdrawnView

MAX_PLEDGE_BYTES = 16 * 1024
MAX_WITHDRAWAL_BYTES = 4 * 1024


async def challenge(request: Request) -> Response:
    """Answers `GET /api/v1/challenge?campaign=` with a fresh proof-of-work challenge in ALTCHA's own JSON."""
    campaign = read_query(request.scope["query_string"]).get("campaign", "")
    if not campaign:
        raise InvalidField("campaign is missing; say campaign=world", field="campaign")
    state = state_of(request)
    await state.campaigns.taking(campaign)
    await admit(request, state.challenge_limit)
    return json_answer(await state.challenges.issue(campaign))


class Pledging:
    """Answers `POST /api/v1/pledges`: 201, and the same 201 again for the same Idempotency-Key.

    A repeated key is answered whatever the campaign's days, the limit and the proof say by now: all held the
    first time. It is looked for where one of them does not; else the ledger finds it as it counts.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one request."""
        request = Request(scope, receive)
        state = state_of(request)
        key = check_key(request.headers.get("idempotency-key"))
        body = await read_json(request, NewPledge, MAX_PLEDGE_BYTES)
        await state.campaigns.get(body.campaign)
        act = Pledge(body.campaign, Source(body.source), body.country, body.language)
        try:
            await state.campaigns.taking(body.campaign)
            await admit_pledge(request, body.campaign, state.pledge_limit)
            proof = await state.challenges.check(body.campaign, body.solution, key)
            done = await take(request, act, key, proof)
        except (NotOpen, TooManyRequests, ProofRefused):
            before = await state.ledger.find(act, key)
            if before is None:
                raise
            done = before
        await _created(done)(scope, receive, send)


async def withdrawal(request: Request) -> Response:
    """Answers `POST /api/v1/withdrawals`: the receipt's pledge no longer counts, however often sent."""
    body = await read_json(request, ReceiptOnly, MAX_WITHDRAWAL_BYTES)
    state = state_of(request)
    await admit(request, state.receipt_limit)
    gone = await state.ledger.withdraw(body.receipt)
    state.board.touch(gone.campaign)
    return json_answer(WithdrawnView(campaign=gone.campaign, total=gone.total))


async def take(request: Request, act: Pledge, key: str, proof: Proof | None = None) -> Acknowledged:
    """Counts a pledge, and tells those who look after boards and floods; raises as Ledger."""
    state = state_of(request)
    done = await state.ledger.pledge(act, key, proof)
    state.board.touch(act.campaign)
    if not done.replayed:
        address = state.proxies.client_address(request)
        state.pace.note(act.campaign)
        state.trail.note(act.campaign, address, done.ordinal)
    return done


def _created(done: Acknowledged) -> Response:
    return json_answer(
        Receipted(receipt=done.receipt, ordinal=done.ordinal, total=done.total),
        201,
        {"Idempotency-Replayed": "true"} if done.replayed else None,
    )
