"""The end of an append-only file after a power cut, where a transaction may stand that was written by half.

Valkey cuts it off when it loads the file. Redis 7.0 does not where the cut went through a command: it keeps
the first commands, and runs them with the next transaction that is appended behind them.
"""

import os
from pathlib import Path

_MULTI, _EXEC = b"*1\r\n$5\r\nMULTI\r\n", b"*1\r\n$4\r\nEXEC\r\n"
_LONGEST = 64 * 2**20


def mend_tail(folder: Path) -> int:
    """Cuts an unfinished transaction off a server's newest append-only file; returns its bytes."""
    files = [(int(file.name.split(".")[-3]), file) for file in folder.glob("appendonlydir/*.incr.aof")]
    if not files:
        return 0
    _, newest = max(files)
    with newest.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - _LONGEST)
        file.seek(start)
        tail = file.read()
        begins = tail.rfind(_MULTI)
        if begins < 0 or _EXEC in tail[begins:]:
            return 0
        file.truncate(start + begins)
        os.fsync(file.fileno())
    return size - start - begins
