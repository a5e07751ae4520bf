"""Drawing off the loop: a vector is drawn at once, a raster by the one render thread, bounded queue."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from badge.catalogue import RenderSpec
from badge.errors import BlueHeartError, Unavailable
from badge.render import Kit, Picture, render, render_notice

_INLINE = "svg"


class Renderer:
    """Draws specs and notices; at most `queue` rasters wait for the thread, one more raises Unavailable."""

    def __init__(self, kit: Kit, queue: int) -> None:
        self.drawn = 0
        self._kit = kit
        self._bound = queue + 1
        self._waiting = 0
        # One thread: under the GIL a second makes both slower (docs/decisions/0004-server.md).
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="render")

    async def picture(self, spec: RenderSpec) -> Picture:
        """Draws a spec; raises Unavailable at once where the queue is full."""
        return await self._draw(spec.format, lambda: render(spec, self._kit))

    async def notice(self, error: BlueHeartError, format_: str) -> Picture:
        """Draws the small picture that says what is wrong; raises Unavailable where the queue is full."""
        return await self._draw(format_, lambda: render_notice(error, format_, self._kit))

    def close(self) -> None:
        """Drops what waits and returns when the picture being drawn is done."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _draw(self, format_: str, draw: Callable[[], Picture]) -> Picture:
        if format_ == _INLINE:
            self.drawn += 1
            return draw()
        if self._waiting >= self._bound:
            raise Unavailable("too many pictures wait to be drawn; ask again in a moment", retry_after_s=1)
        self._waiting += 1
        # Counted down when the thread is done, not when a visitor has left: only then is there room again.
        future = self._thread.submit(draw)
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave))
        return await asyncio.wrap_future(future)

    def _leave(self) -> None:
        self._waiting -= 1
        self.drawn += 1
