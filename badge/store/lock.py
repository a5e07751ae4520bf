"""Locks on files that the kernel gives back when their holder dies (flock(2))."""

import os
from pathlib import Path

from badge.store.setup import StoreSetupError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module is never None to mypy


def lock_file(path: Path, *, shared: bool = False, waits: bool = True) -> int:
    """Opens and locks a file; closing the descriptor, or dying, unlocks it.

    Raises BlockingIOError where it would have to wait and must not, StoreSetupError on a system without such.
    """
    if fcntl is None:
        raise StoreSetupError(
            "a store of our own needs Linux, macOS or WSL: set BLUEHEART_REDIS_URL (pledges) and "
            "BLUEHEART_CACHE_URL (pictures) to servers that run elsewhere"
        )
    mode = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if waits else fcntl.LOCK_NB)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
