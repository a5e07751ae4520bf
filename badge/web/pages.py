"""The pages: the studio, the pledge and its withdrawal as plain forms, and privacy.

There is nothing to forge across sites (CSRF): we set no cookie and know no visitor, so the form of another
site can do no more than anyone may do from anywhere. A pledge still needs a token that only our page hands
out, a withdrawal the receipt itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from badge.campaigns import Status
from badge.catalogue import CANVASES
from badge.content import Helpline, load_helplines
from badge.content.disclaimer import DISCLAIMER
from badge.errors import BlueHeartError, ProofRefused, Unavailable
from badge.pledges import Pledge, Source
from badge.web.admission import admit, admit_pledge
from badge.web.embed import Embedded, embed_codes
from badge.web.forms import read_form
from badge.web.pledges import take
from badge.web.reference import entries
from badge.web.responses import retry_header
from badge.web.space import space_of
from badge.web.state import AppState, state_of
from badge.web.statics import Statics, static_routes
from badge.web.studio import SIZES, THEMES, read_choice, set_up
from badge.web.wording import PAGES_DIR, Wording, Wordings, load_wordings

CAMPAIGN = "world"
CAMPAIGN_PAGE = "/c/{slug}"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages' endpoints, with all that they need and no request changes."""

    templates: Environment
    wordings: Wordings
    helplines: tuple[Helpline, ...]
    statics: Statics

    @classmethod
    def load(cls, folder: Path = PAGES_DIR) -> Self:
        """Reads templates, sentences, helplines and files; raises ValueError where one is not whole."""
        templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.globals["DISCLAIMER"] = DISCLAIMER
        return cls(templates, load_wordings(folder), load_helplines(), Statics.load())

    async def home(self, request: Request) -> Response:
        """Answers `GET /`: the studio, drawn for the query's name, language, theme and size."""
        state = state_of(request)
        query, blocks = request.scope["query_string"], state.control.blocks
        choice = read_choice(query, state.kit.catalogue, self.wordings, blocks)
        studio = set_up(choice, state.kit)
        shared, badge = choice.wording.shared, studio.badge
        total, token = await asyncio.gather(_total(state), _token(state))
        embedded = Embedded(
            choice.drawn_name,
            choice.alt,
            choice.theme,
            state.origin + badge.address,
            badge.width_px,
            badge.height_px,
        )
        return self._page(
            request,
            "home.html",
            choice.wording,
            status=choice.error.status if choice.error else 200,
            # A shared computer's disk is no place for a name.
            caching="no-store" if choice.name else "private, no-cache",
            noindex=bool(choice.name),
            choice=choice,
            studio=studio,
            themes=THEMES,
            sizes=SIZES,
            canvases=CANVASES,
            total=total,
            token=token,
            embeds=embed_codes(
                embedded,
                origin=state.origin,
                home=f"{state.origin}/?lang={shared.lang}",
                lang=shared.lang,
                pledge=shared.i_pledge,
            ),
            helplines=self.helplines,
            today=datetime.now(UTC).date(),
        )

    async def campaign(self, request: Request) -> Response:
        """Answers `GET /c/{slug}`: a campaign's own page, with its count and its pledge."""
        state = state_of(request)
        campaign = (await state.campaigns.get(request.path_params["slug"])).shown
        wording = self.wordings.lang(request.query_params.get("lang", campaign.languages[0]))
        phase = campaign.status(datetime.now(UTC).date())
        total, token = await asyncio.gather(
            _total(state, campaign.slug), _token(state, campaign.slug, phase is Status.OPEN)
        )
        return self._page(
            request,
            "campaign.html",
            wording,
            caching="private, no-cache",
            noindex=not campaign.approved,
            framed_by=campaign.origins,
            **space_of(campaign, wording, state),
            phase=phase.value,
            total=total,
            token=token,
        )

    async def pledge(self, request: Request) -> Response:
        """Answers `POST /pledge`: counts a pledge once, however often it is sent, and shows its receipt."""
        state = state_of(request)
        form = await read_form(request)
        wording, slug = self.wordings.lang(form.get("lang", "en")), form.get("campaign", CAMPAIGN)
        await state.campaigns.taking(slug)
        await admit_pledge(request, slug, state.form_limit)
        try:
            key = await state.challenges.spend_form_token(slug, form.get("token", ""))
        except ProofRefused as error:
            # Too quick, or open since yesterday: a person needs only to press again.
            token = await _token(state, slug)
            return self._page(request, "again.html", wording, status=error.status, token=token, campaign=slug)
        done = await take(request, Pledge(slug, Source.FORM, None, wording.lang), key)
        # Shown here and not after a redirect: a receipt must not be in a URL, and so in a history or a log.
        # To load the page again sends the same token, which the ledger answers as it did the first time.
        return self._page(request, "thanks.html", wording, done=done)

    async def withdraw(self, request: Request) -> Response:
        """Answers `POST /withdraw`: takes back the pledge of a receipt."""
        state = state_of(request)
        form = await read_form(request)
        wording = self.wordings.lang(form.get("lang", "en"))
        await admit(request, state.receipt_limit)
        gone = await state.ledger.withdraw(form.get("receipt", "").strip())
        state.board.touch(gone.campaign)
        return self._page(request, "withdrawn.html", wording, total=gone.total)

    async def privacy(self, request: Request) -> Response:
        """Answers `GET /privacy`."""
        wording = self.wordings.lang(_lang(request))
        return self._page(request, "privacy.html", wording, caching="public, max-age=3600", noindex=False)

    async def transparency(self, request: Request) -> Response:
        """Answers `GET /transparency`: how the count can be checked, with the last checkpoint."""
        state = state_of(request)
        try:
            sealed = await state.log.checkpoint(CAMPAIGN)
            key = (await state.log.keys(CAMPAIGN))[0]
        except Unavailable:
            sealed, key = None, ""
        wording = self.wordings.lang(_lang(request))
        return self._page(
            request,
            "transparency.html",
            wording,
            caching="public, max-age=60",
            noindex=False,
            sealed=sealed,
            key=key,
            log=f"{state.origin}/log/{CAMPAIGN}",
            opened=None,
        )

    async def receipt(self, request: Request) -> Response:
        """Answers `POST /transparency`: what a receipt says, whether its pledge stands, and its proof."""
        state = state_of(request)
        form = await read_form(request)
        wording = self.wordings.lang(form.get("lang", "en"))
        await admit(request, state.receipt_limit)
        opened = await state.ledger.open(form.get("receipt", "").strip())
        proof = await state.log.proof(opened.pledge.campaign, opened.position)
        return self._page(request, "transparency.html", wording, sealed=None, opened=opened, proof=proof)

    async def docs(self, request: Request) -> Response:
        """Answers `GET /docs`: the API, for people."""
        wording = self.wordings.lang(_lang(request))
        shown = entries(state_of(request).origin)
        return self._page(
            request, "docs.html", wording, caching="public, max-age=3600", noindex=False, entries=shown
        )

    def failure(self, request: Request, error: BlueHeartError) -> Response:
        """Answers with the page that says what went wrong, in the language that the address names."""
        known = self.wordings.languages
        wording = known.get(_lang(request), known["en"])
        answer = self._page(request, "error.html", wording, status=error.status, error=error)
        answer.headers.update(retry_header(error))
        return answer

    def _page(
        self,
        request: Request,
        template: str,
        wording: Wording,
        *,
        status: int = 200,
        caching: str = "no-store",
        noindex: bool = True,
        framed_by: tuple[str, ...] = (),
        **values: Any,
    ) -> Response:
        body = self.templates.get_template(template).render(
            w=wording,
            t=wording.page,
            ui=wording.shared.ui,
            languages=tuple(self.wordings.languages.values()),
            origin=state_of(request).origin,
            static=f"/static/{self.statics.digest}",
            noindex=noindex,
            **values,
        )
        headers = _HEADERS | {"Cache-Control": caching, "Content-Language": wording.lang}
        if framed_by:
            allowed = " ".join(("frame-ancestors", *framed_by))
            headers["Content-Security-Policy"] = _POLICY.replace("frame-ancestors 'none'", allowed)
        if noindex:
            headers["X-Robots-Tag"] = "noindex"
        return Response(body, status, headers, "text/html; charset=utf-8")


def page_routes(pages: Pages | None = None) -> list[Route]:
    """Returns the routes of every page; an error in one is answered with a page, under its true status."""
    served = pages or Pages.load()

    def kindly(endpoint: Endpoint) -> Endpoint:
        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except BlueHeartError as error:
                return served.failure(request, error)

        return answer

    return [
        Route("/", kindly(served.home), name="home"),
        Route("/pledge", kindly(served.pledge), methods=["POST"], name="pledge_form"),
        Route("/withdraw", kindly(served.withdraw), methods=["POST"], name="withdraw_form"),
        Route(CAMPAIGN_PAGE, kindly(served.campaign), name="campaign"),
        Route("/docs", kindly(served.docs), name="docs"),
        Route("/privacy", kindly(served.privacy), name="privacy"),
        Route("/transparency", kindly(served.transparency), name="transparency"),
        Route("/transparency", kindly(served.receipt), methods=["POST"], name="receipt"),
        *static_routes(served.statics),
    ]


async def _total(state: AppState, slug: str = CAMPAIGN) -> int | None:
    """Returns a campaign's count, None where it is not known: the page is useful without it."""
    try:
        return (await state.ledger.count(slug)).total
    except Unavailable:
        return None


async def _token(state: AppState, slug: str = CAMPAIGN, is_open: bool = True) -> str | None:
    """Returns a fresh token for the pledge form, None where pledges cannot be taken now."""
    try:
        return await state.challenges.issue_form_token(slug) if is_open else None
    except Unavailable:
        return None


def _lang(request: Request) -> str:
    return request.query_params.get("lang", "en")
