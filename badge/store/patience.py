"""How long a store may take: its own slowness counts, that of this process does not."""

import asyncio
from typing import Any

_STEPS = 16


async def answers(reply: asyncio.Future[Any], timeout_s: float) -> bool:
    """Tells whether a reply comes within timeout_s, without the time in which nobody here could read it.

    The wait goes in steps, and the loop looks at its sockets in each. While it is busy, or has no core, a
    step takes longer and counts the same: a reply may lie there unread, and its store is not slow for that.
    """
    for _ in range(_STEPS):
        await asyncio.wait([reply], timeout=timeout_s / _STEPS)
        if reply.done():
            return True
    return False
