"""Blocks of old entries outside of the store: one file each in a folder, whole or not there at all."""

import asyncio
import os
from pathlib import Path
from typing import Protocol


def block_name(slug: str, block: int) -> str:
    """Returns the path of a block below the archive's root, the same in every kind of archive."""
    return f"{slug}/{block:06d}.log"


class Blocks(Protocol):
    """Keeps blocks; raises StoreError or OSError where it cannot now: the same call may be repeated."""

    async def read(self, slug: str, block: int) -> bytes | None:
        """Returns a block, None where it is not there."""

    async def write(self, slug: str, block: int, content: bytes) -> bytes | None:
        """Keeps a block for good, and returns what is kept then, read anew."""


class Folder:
    """Blocks as files of a folder that all replicas share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def read(self, slug: str, block: int) -> bytes | None:
        """Returns a block, None where it is not there; raises OSError."""
        try:
            return await asyncio.to_thread((self._root / block_name(slug, block)).read_bytes)
        except FileNotFoundError:
            return None

    async def write(self, slug: str, block: int, content: bytes) -> bytes | None:
        """Syncs a block to the disk and reads it back; raises OSError."""
        return await asyncio.to_thread(_write, self._root / block_name(slug, block), content)


def _write(file: Path, content: bytes) -> bytes:
    """Writes a file so that it is there whole or not at all, and returns what is on disk then."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    for folder in (file.parent, file.parent.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    return file.read_bytes()
