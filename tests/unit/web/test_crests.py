"""Crests of strangers cannot fill a worker's memory."""

import asyncio
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PIL import Image

from badge.web.crests import Crests


async def test_crests_that_come_at_once_are_drawn_one_after_the_other() -> None:
    upload = io.BytesIO()
    Image.new("RGB", (1200, 1200), "red").save(upload, "PNG")
    unasked: Any = None
    crests = Crests(unasked)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(8, thread_name_prefix="crests"))
    drawn = await asyncio.gather(*(crests.redrawn(upload.getvalue()) for _ in range(8)))
    assert len(set(drawn)) == 1
    # An executor starts a thread only where none is idle.
    assert sum(thread.name.startswith("crests") for thread in threading.enumerate()) == 1
