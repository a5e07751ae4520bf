"""Every operation of the API as data: what it reads, what it answers, how it refuses."""

from dataclasses import dataclass
from typing import Any

from badge.campaigns.slug import MAX_SLUG, MIN_SLUG, SLUG_PATTERN
from badge.content import LANGUAGES
from badge.pledges.key import KEY_PATTERN
from badge.web.models import CampaignChanges, NewCampaign, NewPledge, ReceiptOnly
from badge.web.views import (
    CampaignPage,
    CampaignView,
    CountView,
    Made,
    NewKey,
    OpenedReceipt,
    Receipted,
    Shield,
    StreamEvent,
    TotalsPage,
    WithdrawnView,
)

JSON = "application/json"
_ONE = "/api/v1/campaigns/{slug}"
SLUG = {"type": "string", "pattern": SLUG_PATTERN, "minLength": MIN_SLUG, "maxLength": MAX_SLUG}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "22 to 64 random characters, as a UUID: the same key is counted once and answered alike",
    "schema": {"type": "string", "pattern": KEY_PATTERN, "minLength": 22, "maxLength": 64},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address: what it reads and answers, and the statuses with which it refuses.

    `owner` asks for a key; `open` may go without one where the service says so.
    """

    method: str
    path: str
    summary: str
    answers: type | str
    body: type | tuple[str, ...] | None = None
    status: int = 200
    refuses: tuple[int, ...] = ()
    parameters: tuple[dict[str, Any], ...] = ()
    owner: bool = False
    open: bool = False
    media_type: str = JSON


def _query(name: str, schema: dict[str, Any], says: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": says, "schema": schema}


_LANG = _query("lang", {"type": "string", "enum": list(LANGUAGES)}, "the language of the message")
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get",
        "/api/v1/challenge",
        "Gives a proof-of-work challenge, as ALTCHA's own libraries solve it, for 10 minutes",
        JSON,
        refuses=(404, 409, 422),
        parameters=(_query("campaign", SLUG, "the campaign that the pledge is for", required=True),),
    ),
    Operation(
        "post",
        "/api/v1/pledges",
        "Counts a pledge once for its Idempotency-Key, on disk before the answer",
        Receipted,
        NewPledge,
        201,
        (404, 409, 413, 415, 422),
        (KEY,),
    ),
    Operation(
        "post",
        "/api/v1/withdrawals",
        "Withdraws the pledge of a receipt, however often sent",
        WithdrawnView,
        ReceiptOnly,
        refuses=(413, 415, 422),
    ),
    Operation(
        "post",
        "/api/v1/receipts",
        "Tells what a receipt says and whether its pledge stands, with its proof for the public log",
        OpenedReceipt,
        ReceiptOnly,
        refuses=(413, 415, 422),
    ),
    Operation(
        "get",
        "/api/v1/totals",
        "Lists all campaigns by their totals, or by pledges a member",
        TotalsPage,
        refuses=(422,),
        parameters=(
            _query("order", {"type": "string", "enum": ["total", "per_member"]}, "total unless said"),
            _query("limit", {"type": "integer", "minimum": 1, "maximum": 100}, "rows a page, 20 unless said"),
            _query("cursor", {"type": "string", "maxLength": 200}, "`next` of the page before"),
        ),
    ),
    Operation(
        "post",
        "/api/v1/campaigns",
        "Makes a campaign and answers its owner key, once. Needs the administrator's token, or a solution "
        "where the service lets anyone",
        Made,
        NewCampaign,
        201,
        (401, 409, 413, 415, 422),
        owner=True,
        open=True,
    ),
    Operation("get", _ONE, "Tells what a campaign is and all that it counts", CampaignPage, refuses=(404,)),
    Operation(
        "patch",
        _ONE,
        "Changes a campaign; what the body leaves out stays, null clears",
        CampaignView,
        CampaignChanges,
        refuses=(401, 404, 409, 413, 415, 422),
        owner=True,
    ),
    Operation(
        "delete",
        _ONE,
        "Closes a campaign: it takes no more pledges, its count stays",
        CampaignView,
        refuses=(401, 404, 409),
        owner=True,
    ),
    Operation("get", f"{_ONE}/count", "Tells the count alone; ask with its ETag", CountView, refuses=(404,)),
    Operation(
        "get",
        f"{_ONE}/stream",
        "Sends the total whenever it changes (server-sent events; the id is the length of the log)",
        StreamEvent,
        refuses=(404,),
        media_type="text/event-stream",
    ),
    Operation(
        "get",
        f"{_ONE}/shields.json",
        "Tells the count as shields.io's endpoint badge wants it",
        Shield,
        refuses=(404, 422),
        parameters=(_LANG,),
    ),
    Operation(
        "get",
        f"{_ONE}/export.csv",
        "Gives every public counter as a table",
        "text/csv",
        refuses=(401, 404),
        owner=True,
    ),
    Operation(
        "post",
        f"{_ONE}/key",
        "Makes a new owner key, shown once; the old one opens nothing any more",
        NewKey,
        refuses=(401, 404, 409),
        owner=True,
    ),
    Operation("get", f"{_ONE}/crest", "Gives the crest", "image/png", refuses=(404,)),
    Operation(
        "put",
        f"{_ONE}/crest",
        "Keeps a crest, drawn anew: at most 4 MB and 25 megapixels",
        CampaignView,
        ("image/png", "image/jpeg", "image/webp"),
        refuses=(401, 404, 409, 413, 415, 422),
        owner=True,
    ),
    Operation(
        "delete",
        f"{_ONE}/crest",
        "Takes the crest away",
        CampaignView,
        refuses=(401, 404, 409),
        owner=True,
    ),
)
