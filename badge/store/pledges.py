"""The ledger's door to the data store: each script as a typed operation on one campaign."""

import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from badge.store.entry import (
    DETAILS_BYTES,
    ENTRY_BYTES,
    Breakdown,
    Damaged,
    Entry,
    Kind,
    Proof,
    Tables,
    Tally,
    Undone,
    Written,
    unpacked,
)
from badge.store.lane import Argument, Commands, Script, StoreError
from badge.store.mac import Mac

_SCRIPTS = Path(__file__).parent / "scripts"
_ROOT_KEY = "bh:secret"
MOST_ENTRIES = 4096
_MOST_MACS = 1024


class PledgeStore:
    """Runs the ledger's scripts; each may be repeated, ends within timeout_s, raises StoreError."""

    def __init__(
        self, lane: Commands, *, guard: Callable[[], Awaitable[None]] | None = None, timeout_s: float = 3.0
    ) -> None:
        self._lane = lane
        self._guard = guard
        self._timeout_s = timeout_s
        self._root: bytes | None = None
        self._macs: dict[str, Mac] = {}
        shared = (_SCRIPTS / "ledger.lua").read_text()
        self._pledge, self._find, self._undo, self._entries, self._breakdown, self._tables, self._forget = (
            Script(shared + (_SCRIPTS / f"{name}.lua").read_text())
            for name in ("pledge", "find", "undo", "entries", "breakdown", "tables", "forget")
        )
        self._claim = Script((_SCRIPTS / "claim.lua").read_text())

    async def subkey(self, purpose: str) -> bytes:
        """Returns 32 secret bytes for one purpose, the same on every replica of this data store.

        They come from one random secret that the store holds (the first replica makes it), after the store
        proved fit to hold pledges: no mark can be made before that, so none is written before.
        """
        if self._root is None:
            if self._guard is not None:
                await self._guard()
            await self._call("SET", _ROOT_KEY, secrets.token_bytes(32), "NX")
            self._root = await self._call("GET", _ROOT_KEY)
        root: bytes | None = self._root
        if root is None:
            raise StoreError("the store lost its secret a moment after taking it")
        return hmac.digest(root, purpose.encode(), hashlib.sha256)

    async def mac(self, purpose: str) -> Mac:
        """Returns what seals with the subkey of a purpose, made once for those in use; raises StoreError."""
        mac = self._macs.get(purpose)
        if mac is None:
            mac = self._macs[purpose] = Mac(await self.subkey(purpose))
            if len(self._macs) > _MOST_MACS:
                del self._macs[next(iter(self._macs))]
        return mac

    async def append(
        self, slug: str, mark: bytes, commitment: bytes, details: bytes, proof: Proof | None = None
    ) -> Written | None:
        """Counts a pledge once; a mark that was seen in the last 7 days finds the pledge it made.

        Spends the proof of a new one in the same step: None, and nothing counted, where it is another's.
        """
        spent = (proof.nonce, proof.owner, proof.keep_s) if proof else ()
        reply = await self._run(self._pledge, slug, mark, commitment, details, *spent)
        return None if reply[0] < 0 else _written(reply)

    async def find(self, slug: str, mark: bytes) -> Written | None:
        """Returns the pledge that a mark made in the last 7 days."""
        reply = await self._run(self._find, slug, mark)
        return None if reply is None else _written(reply)

    async def undo(
        self,
        slug: str,
        kind: Kind,
        position: int,
        entry: Entry,
        details: bytes,
        *,
        vouched: bool = False,
    ) -> Undone:
        """Withdraws ("-") or invalidates ("x") the pledge at a position, where the log holds this entry.

        Of an entry in the archive the caller vouches that it is this one.
        """
        status, pledged, undone = await self._run(
            self._undo, slug, kind, position, entry.pack(), details, int(vouched)
        )
        return Undone(status >= 0, status == 0, Tally(pledged, undone), status == -2)

    async def archived(self, slug: str) -> int:
        """Returns how many blocks of 4,096 entries have left memory."""
        found = await self._lane.call("HGET", _key(slug), "a", timeout_s=self._timeout_s, lasting=False)
        return int(found or 0)

    async def forget(self, slug: str, block: int, digest: str) -> bool:
        """Lets the next block leave memory, where its bytes have this SHA-1; raises StoreError where not."""
        status = await self._run(self._forget, slug, block, digest)
        if status < 0:
            raise StoreError(f"block {block} of {slug} is not what its file holds; run blueheart audit")
        return bool(status)

    async def is_undone(self, slug: str, sequence: int) -> bool:
        """Tells whether a pledge was withdrawn or invalidated."""
        bit = await self._lane.call(
            "GETBIT", f"bh:{{{slug}}}:w", sequence, timeout_s=self._timeout_s, lasting=False
        )
        return bool(bit)

    async def tally(self, slug: str, timeout_s: float | None = None) -> Tally:
        """Returns the two counters that make the total."""
        pledged, undone = await self._lane.call(
            "HMGET", _key(slug), "p", "u", timeout_s=timeout_s or self._timeout_s, lasting=False
        )
        with _whole():
            return Tally(int(pledged or 0), int(undone or 0))

    async def breakdown(self, slug: str, timeout_s: float | None = None) -> Breakdown:
        """Returns every counter, all read at one moment."""
        reply = await self._run(self._breakdown, slug, timeout_s=timeout_s, lasting=False)
        n, countries, days, languages = (dict(zip(flat[::2], flat[1::2], strict=True)) for flat in reply)
        with _whole():
            return Breakdown(
                Tally(int(n.get(b"p", 0)), int(n.get(b"u", 0))),
                int(n.get(b"x", 0)),
                {field.decode(): int(count) for field, count in countries.items()},
                {int(field[1:]): int(count) for field, count in n.items() if field.startswith(b"s")},
                {int(field): int(count) for field, count in days.items()},
                {field.decode(): int(count) for field, count in languages.items()},
            )

    async def tables(self, slug: str, timeout_s: float | None = None) -> Tables:
        """Returns the counters by country and by language, as they were when first asked for today."""
        kept = await self._run(self._tables, slug, timeout_s=timeout_s, lasting=False)
        day, *flats = msgspec.json.decode(kept, type=tuple[int, Any, Any])
        # An empty list is {} to Lua.
        countries, languages = (dict(zip(f[::2], map(int, f[1::2]), strict=True)) if f else {} for f in flats)
        return Tables(day, countries, languages)

    async def read(self, slug: str, first: int, count: int) -> tuple[bytes, bytes]:
        """Returns up to count (at most 4,096) entries from a position on and their details, both packed."""
        log, details = await self._run(self._entries, slug, first, min(count, MOST_ENTRIES), lasting=False)
        length = len(log) // ENTRY_BYTES
        if (end := log[::ENTRY_BYTES].find(0)) >= 0:  # chunks are made whole, places not taken are zero
            length = end
        return log[: length * ENTRY_BYTES], details[: length * DETAILS_BYTES]

    async def entries(self, slug: str, first: int, count: int) -> list[tuple[Entry, bytes]]:
        """Returns what read() does as values, each entry with its private details."""
        return unpacked(*await self.read(slug, first, count))

    async def claim(self, slug: str, nonce: str, owner: bytes, keep_s: int) -> bool:
        """Spends a nonce for an owner for keep_s seconds; True again for the same one, False for another."""
        key = f"bh:{{{slug}}}:x:{nonce}"
        reply = await self._lane.run(self._claim, key, owner, keep_s, timeout_s=self._timeout_s)
        return bool(reply)

    async def ping(self) -> None:
        """Asks for a sign of life."""
        await self._lane.each("PING", timeout_s=1.0)

    async def _run(
        self,
        script: Script,
        slug: str,
        *arguments: Argument,
        timeout_s: float | None = None,
        lasting: bool = True,
    ) -> Any:
        within_s = timeout_s or self._timeout_s
        return await self._lane.run(script, _key(slug), *arguments, timeout_s=within_s, lasting=lasting)

    async def _call(self, *command: Argument) -> Any:
        return await self._lane.call(*command, timeout_s=self._timeout_s)


@contextlib.contextmanager
def _whole() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise Damaged("a counter of the ledger is no number; run blueheart audit") from error


def _key(slug: str) -> str:
    return f"bh:{{{slug}}}:n"


def _written(reply: Any) -> Written:
    fresh, position, entry = reply
    return Written(position, Entry.unpack(entry) if entry else None, bool(fresh))
