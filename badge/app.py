"""The composition root: settings become open parts, the parts one ASGI application, and workers serve it."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from badge.assets import asset_dir
from badge.cache import MemoryCache, RedisCache, RenderCache
from badge.campaigns import Board, Campaigns, Doorkeeper
from badge.catalogue import FORMATS
from badge.catalogue.signature import Signatures
from badge.limits import Limit, Networks, Rate
from badge.pledges import (
    Archive,
    Challenges,
    Ledger,
    Pace,
    PublicLog,
    SigningKey,
    Trail,
    flushing,
    read_keys,
)
from badge.pledges.live import Live
from badge.render import Kit
from badge.server import Bind, Stop, check_bind, run_workers, stop_signals
from badge.settings import Settings, SettingsError
from badge.store import EmbeddedStore, Errors, Stores, open_stores
from badge.store.blocks import Blocks
from badge.store.bucket import open_blocks
from badge.telemetry import Metrics, Tallies, configure_logs
from badge.web.access import AccessLog
from badge.web.compression import Compression
from badge.web.control import Watch
from badge.web.crests import Crests
from badge.web.hot import HotAnswers, HotPath
from badge.web.middleware import Boundary, Options, RequestLog, http_errors
from badge.web.origin import Proxies
from badge.web.pages import Pages
from badge.web.renderer import Renderer
from badge.web.routes import PICTURES, PLEDGES, all_routes
from badge.web.short import ShortWay
from badge.web.state import AppState, lifespan_state

_NOTICE_BYTES = 4 * 2**20

T = TypeVar("T")

_RATES = {
    "pledges": "pledge_limit",
    "challenges": "challenge_limit",
    "forms": "form_limit",
    "receipts": "receipt_limit",
    "campaign": "campaign_burst",
    "campaign-day": "campaign_limit",
    "misses": "miss_limit",
    "openings": "open_limit",
    "openings-all": "open_total",
    "edits": "edit_limit",
}


@dataclass(frozen=True, slots=True)
class Gates:
    """What is asked of a request before it may act, read from the settings."""

    proxies: Proxies
    rates: Mapping[str, Rate | None]
    signatures: Signatures | None


def create_app(
    settings: Settings, tallies: Tallies | None = None, worker: int = 0, stop: Stop | None = None
) -> Starlette:
    """Builds the application; stores, fonts and templates are opened by its lifespan.

    `tallies` are the numbers that all workers share, `worker` is the row of this one, `stop` tells when it
    begins to end. Raises SettingsError where a setting cannot be read.
    """
    gates = Gates(
        _read("trusted_proxies", Proxies.read, settings),
        {name: _read(setting, Rate.read, settings) for name, setting in _RATES.items()},
        _read("url_keys", Signatures.read, settings),
    )
    _log_keys(settings)
    _archive_files(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        async with open_state(settings, gates, metrics) as state:
            if stop is not None:
                stop.then(state.live.close)
            yield lifespan_state(state)

    pages = Pages.load()
    app = Starlette(
        routes=all_routes(asset_dir("widgets"), pages),
        exception_handlers={HTTPException: http_errors(pages.failure)},
        lifespan=lifespan,
    )
    templates = [getattr(route, "path", "") for route in app.routes]
    metrics = Metrics((tallies or Tallies()).row(worker), templates, FORMATS)
    # A redirect to the other spelling would be built from the Host header.
    app.router.redirect_slashes = False
    app.user_middleware = [
        Middleware(RequestLog),
        Middleware(Compression),
        Middleware(Boundary),
        Middleware(Options, router=app.router),
    ]
    app.middleware_stack = HotPath(ShortWay(app.build_middleware_stack(), app.routes, PLEDGES), PICTURES)
    return app


@contextlib.asynccontextmanager
async def open_state(settings: Settings, gates: Gates, metrics: Metrics) -> AsyncIterator[AppState]:
    """Opens everything that requests use, and closes it in the opposite order; raises StoreSetupError."""
    async with contextlib.AsyncExitStack() as stack:
        kit = Kit.load(_font_dirs(settings))
        # What must not start was refused by serve(); a worker that comes back hands out pictures.
        stores = await open_stores(
            settings.redis_url,
            settings.cache_url,
            settings.data_dir,
            refuses=False,
            errors=Errors(*(metrics.store_errors.cell(store) for store in ("data", "cache"))),
        )
        stack.push_async_callback(stores.aclose)
        renderer = Renderer(kit, settings.render_queue, metrics)
        stack.callback(renderer.close)
        shared = RedisCache(stores.blobs)
        cache = RenderCache(MemoryCache(settings.memory_cache_bytes, metrics.memory_bytes.cell()), shared)
        stack.push_async_callback(cache.aclose)
        notices = RenderCache(MemoryCache(_NOTICE_BYTES), shared)
        stack.push_async_callback(notices.aclose)
        networks = Networks(stores.blobs)
        pace = Pace(stores.blobs, settings.pledge_surge, metrics.pledge_spikes.cell())
        trail = Trail(stores.blobs, networks)
        await stack.enter_async_context(running(flushing(pace, trail)))
        limits = {
            name: Limit(name, rate, stores.blobs, networks, metrics) for name, rate in gates.rates.items()
        }
        live = Live(stores.live, stores.pledges.tally, settings.stream_limit)
        await stack.enter_async_context(running(live.run()))
        hot = HotAnswers()
        control = Watch(stores.control, cache, hot)
        await control.look()
        await stack.enter_async_context(running(control.follow()))
        access = AccessLog(metrics)
        stack.callback(access.write)
        metrics.worker_starts.add()
        campaigns = Campaigns(stores.campaigns, kit.catalogue.rules.refused, Doorkeeper(settings.admin_token))
        board = Board(stores.campaigns, campaigns, stores.pledges.tally)
        await stack.enter_async_context(running(board.run(stores.blobs)))
        archive = open_archive(settings, stores)
        log = PublicLog(
            *(stores.pledges, stores.log),
            origin=settings.origin,
            keys=_log_keys(settings),
            archive=archive,
        )
        await stack.enter_async_context(running(log.sweep(campaigns.ledgers)))
        yield AppState(
            metrics=metrics,
            origin=settings.origin,
            kit=kit,
            renderer=renderer,
            cache=cache,
            notices=notices,
            stores=stores,
            campaigns=campaigns,
            board=board,
            crests=Crests(campaigns),
            ledger=Ledger(stores.pledges, log, archive),
            log=log,
            live=live,
            challenges=Challenges(
                stores.pledges, cost=settings.pledge_cost, attempts=settings.pledge_attempts, pace=pace
            ),
            pledge_limit=limits["pledges"],
            challenge_limit=limits["challenges"],
            form_limit=limits["forms"],
            receipt_limit=limits["receipts"],
            campaign_limits=(limits["campaign"], limits["campaign-day"]),
            miss_limit=limits["misses"],
            open_limits=(limits["openings"], limits["openings-all"]),
            edit_limit=limits["edits"],
            pace=pace,
            trail=trail,
            signatures=gates.signatures,
            proxies=gates.proxies,
            open_campaigns=bool(settings.open_campaigns),
            report_to=settings.report_address,
            access=access,
            hot=hot,
            control=control,
            cache_ttl_s=settings.cache_ttl_s,
            deadline_s=settings.request_deadline_s,
        )


@contextlib.asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Has work done beside the block, and ends it there."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM, then ends every process that it started.

    Raises SettingsError or StoreSetupError where a setting cannot work, OSError where the port is taken: all
    before a worker is started.
    """
    configure_logs(settings.log_level)
    create_app(settings)
    bind = Bind(settings.host, settings.port)
    check_bind(bind)
    with stop_signals() as stop, _stores_kept(settings):
        asyncio.run(_try_stores(settings))
        run_workers(
            partial(create_app, settings, Tallies(settings.workers)),
            bind,
            stop,
            workers=settings.workers,
            says=_greeting(settings),
            header_s=2 * settings.request_deadline_s,
        )


@contextlib.contextmanager
def _stores_kept(settings: Settings) -> Iterator[None]:
    """Keeps our own stores running while workers come and go, and shuts them down after the last."""
    urls = {"data": settings.redis_url, "cache": settings.cache_url}
    roles = tuple(role for role, url in urls.items() if not url)
    if not roles:
        yield
        return
    keeper = EmbeddedStore(settings.data_dir, roles)
    asyncio.run(keeper.start())
    os.register_at_fork(after_in_child=keeper.forget)
    try:
        yield
    finally:
        asyncio.run(keeper.release())


async def _try_stores(settings: Settings) -> None:
    stores = await open_stores(settings.redis_url, settings.cache_url, settings.data_dir)
    await stores.aclose()


def _read(name: str, read: Callable[[str], T], settings: Settings) -> T:
    try:
        return read(getattr(settings, name))
    except ValueError as error:
        raise SettingsError(f"BLUEHEART_{name.upper()}: {error}") from None


def _font_dirs(settings: Settings) -> tuple[Path, ...]:
    return tuple(Path(part) for part in settings.font_dirs.split(os.pathsep) if part)


def open_archive(settings: Settings, stores: Stores) -> Archive:
    """Returns the door to entries, those in memory and those in the files of the archive."""
    return Archive(stores.pledges, stores.log, _archive_files(settings))


def _archive_files(settings: Settings) -> Blocks | None:
    opened = partial(
        open_blocks,
        endpoint=settings.archive_endpoint,
        region=settings.archive_region,
        key_id=settings.archive_key_id,
        secret=settings.archive_secret,
    )
    return _read("archive_dir", opened, settings)


def _log_keys(settings: Settings) -> tuple[SigningKey, ...]:
    return _read("log_key", lambda text: read_keys(text) if text else (), settings)


def _greeting(settings: Settings) -> str:
    here = Bind(settings.host, settings.port).url
    public = f" as {settings.origin}" if settings.public_url else ""
    return f"Blue Heart serves {here}{public} (Ctrl-C stops it)"
