"""Crests of strangers cannot fill a worker's memory."""

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PIL import Image

from badge.web.crests import Crests


class Watched(ThreadPoolExecutor):
    """Threads that note how many of them worked at once."""

    working = most = 0

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        def watched() -> Any:
            self.working += 1
            self.most = max(self.most, self.working)
            try:
                return work(*args, **kwargs)
            finally:
                self.working -= 1

        return super().submit(watched)


async def test_crests_that_come_at_once_are_drawn_one_after_the_other() -> None:
    upload = io.BytesIO()
    Image.new("RGB", (1200, 1200), "red").save(upload, "PNG")
    unasked: Any = None
    crests = Crests(unasked)
    threads = Watched(8)
    asyncio.get_running_loop().set_default_executor(threads)
    drawn = await asyncio.gather(*(crests.redrawn(upload.getvalue()) for _ in range(8)))
    assert len(set(drawn)) == 1
    assert threads.most == 1
