"""Drawing off the loop: a vector is drawn at once, a raster by the one render thread, bounded queue."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter

from badge.catalogue import RenderSpec
from badge.errors import BlueHeartError, Unavailable
from badge.render import Kit, Picture, draw, finish, notice_spec
from badge.render.art import NO_ART, Art
from badge.telemetry import Metrics

_INLINE = "svg"


class Renderer:
    """Draws specs and notices; at most `queue` rasters wait for the thread, one more raises Unavailable."""

    def __init__(self, kit: Kit, queue: int, metrics: Metrics) -> None:
        self.drawn = 0
        self._kit = kit
        self._bound = queue + 1
        self._waiting = 0
        self._metrics = metrics
        # One thread: under the GIL a second makes both slower (docs/decisions/0004-server.md).
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="render")

    async def picture(self, spec: RenderSpec, art: Mapping[str, Art] = NO_ART) -> Picture:
        """Draws a spec and its pictures, in each coding; raises Unavailable where the queue is full."""
        if spec.format == _INLINE:
            return self._note(spec, *self._draw(spec, art))
        if self._waiting >= self._bound:
            self._metrics.render_refusals.add()
            raise Unavailable("too many pictures wait to be drawn; ask again in a moment", retry_after_s=1)
        self._enter(+1)
        # Counted down when the thread is done, not when a visitor has left: only then is there room again.
        future = self._thread.submit(self._draw, spec, art)
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._leave, spec, done))
        picture, _, _ = await asyncio.wrap_future(future)
        return picture

    async def notice(self, error: BlueHeartError, format_: str) -> Picture:
        """Draws the small picture that says what is wrong; raises Unavailable where the queue is full."""
        return await self.picture(notice_spec(error, format_))

    def close(self) -> None:
        """Drops what waits and returns when the picture being drawn is done."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _draw(self, spec: RenderSpec, art: Mapping[str, Art]) -> tuple[Picture, float, float]:
        """Returns the picture, and the seconds that its drawing and its encoding took."""
        began = perf_counter()
        drawing = draw(spec, self._kit, art)
        drawn = perf_counter()
        picture = finish(drawing).compressed()
        return picture, drawn - began, perf_counter() - drawn

    def _enter(self, change: int) -> None:
        self._waiting += change
        self._metrics.render_queue.set(self._waiting)

    def _leave(self, spec: RenderSpec, done: Future[tuple[Picture, float, float]]) -> None:
        self._enter(-1)
        if not done.cancelled() and done.exception() is None:
            self._note(spec, *done.result())

    def _note(self, spec: RenderSpec, picture: Picture, draw_s: float, encode_s: float) -> Picture:
        self.drawn += 1
        self._metrics.render_seconds.observe(draw_s, spec.format)
        self._metrics.encode_seconds.observe(encode_s, spec.format)
        return picture
