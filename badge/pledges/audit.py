"""An audit: the log counted anew and held against counters, tiles and checkpoint; each difference by name."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from badge.pledges.checkpoint import Checkpoint, is_signed
from badge.pledges.pledge import check_slug
from badge.pledges.recount import Recount
from badge.pledges.tiles import WIDTH, ReadEntries, Tiles
from badge.pledges.tree import HASH_BYTES, whole
from badge.store.audit import TABLES, AuditStore, Correction, tables
from badge.store.log import LogStore, Sealed
from badge.store.pledges import PledgeStore

_MOST_AT_ONCE = 4096
_ASIDE = re.compile(r"i[0-9]+|a")
_NAMES = {
    "p": "pledges made",
    "u": "pledges undone",
    "x": "pledges removed",
    "c": "country",
    "d": "day",
    "l": "language",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What an audit of one campaign came to.

    Counters and tiles that differ can be made anew from the log; what is wrong with the log itself cannot.
    """

    campaign: str
    entries: int
    total: int
    log: tuple[str, ...]
    tiles: tuple[str, ...]
    counters: tuple[str, ...]
    repaired: bool = False

    @property
    def differences(self) -> tuple[str, ...]:
        """Returns all of them, the worst first."""
        return self.log + self.tiles + self.counters


class Auditor:
    """Audits campaigns, also while pledges are being made; raises StoreError."""

    def __init__(
        self, pledges: PledgeStore, log: LogStore, audit: AuditStore, *, read: ReadEntries | None = None
    ) -> None:
        self._log = log
        self._audit = audit
        self._read = read or pledges.read

    async def audit(self, slug: str, *, repair: bool = False) -> Finding:
        """Counts a campaign's log and names every difference; `repair` corrects counters and tiles.

        Nothing is repaired where the log itself is damaged: a backup is the only cure of that.
        """
        check_slug(slug)
        sealed = await self._log.sealed(slug)
        recount = Recount(slug, self._read, sealed.size if sealed else 0)
        corrections, undone = await self._check_counters(slug, recount)
        tiles = await self._check_tiles(slug, recount, sealed.size if sealed else 0)
        finding = Finding(
            slug,
            recount.length,
            recount.counters.tally.total,
            (*recount.damages, *await self._check_checkpoint(sealed, recount)),
            tuple(tiles),
            (*map(_told, corrections), *(_told_bit(sequence, bit) for sequence, bit in undone.items())),
        )
        if not repair or finding.log or not finding.differences:
            return finding
        if tiles:
            await self._remake_tiles(slug, sealed.size if sealed else 0)
        if corrections or undone:
            await self._audit.correct(slug, secrets.token_hex(8), corrections, undone)
        return replace(finding, repaired=True)

    async def _check_counters(self, slug: str, recount: Recount) -> tuple[list[Correction], dict[int, bool]]:
        """Returns counters that are wrong, and sequences whose mark of being undone is, with the right one.

        Pledges may come meanwhile: counters are held against the log as long as it was at their moment, and
        marks against what it was before and after.
        """
        marked_before = await self._audit.undone(slug)
        said = await self._audit.counters(slug)
        then = _length(said)
        await recount.upto(then)
        has_more = bool((await self._read(slug, then, 1))[0])
        now = _length(await self._audit.counters(slug))
        if recount.length < then or (has_more and now <= then):
            # They do not end where the log does, so nothing can be written and it stands still.
            await recount.upto(None)
        marked_after = await self._audit.undone(slug)
        corrections = _compare(said, tables(recount.counters))
        for week, (counted, held) in (await self._audit.marks(slug)).items():
            if counted != str(held):
                corrections.append(Correction("n", f"i{week}", counted, held))
        undone = dict.fromkeys(_bits(marked_before, recount.undone), False)
        return corrections, undone | dict.fromkeys(_bits(recount.undone, marked_after), True)

    async def _check_checkpoint(self, sealed: Sealed | None, recount: Recount) -> list[str]:
        if sealed is None:
            return []
        try:
            said = Checkpoint.read(sealed.note)
        except ValueError:
            return ["the checkpoint cannot be read"]
        if said.size != sealed.size:
            return [f"the checkpoint is of {said.size} entries, not of {sealed.size}"]
        keys = await self._log.keys()
        if not any(is_signed(sealed.note, said.origin, public) for public in keys):
            return ["the checkpoint is not signed by a key of ours"]
        if recount.length < said.size:
            return [f"the checkpoint covers {said.size} entries, the log has {recount.length}"]
        if recount.checkpoint_root() != said.root:
            return [f"the first {said.size} entries are not those that the checkpoint signed"]
        return []

    async def _check_tiles(self, slug: str, recount: Recount, checkpoint: int) -> list[str]:
        found, level, right = [], 1, bytes(recount.roots)
        while held := await self._log.width(slug, level):
            for first in range(0, held, _MOST_AT_ONCE):
                hashes = await self._log.hashes(slug, level, first, _MOST_AT_ONCE)
                wrong = _unequal(hashes, right[first * HASH_BYTES :][: len(hashes)])
                found += [f"tile level {level}: hash {first + n} is not of its entries" for n in wrong]
            if held < checkpoint // WIDTH**level:
                found.append(f"tile level {level}: {held} hashes, not {checkpoint // WIDTH**level}")
            size = WIDTH * HASH_BYTES
            right = b"".join([whole(right[at : at + size]) for at in range(0, len(right) - size + 1, size)])
            level += 1
        if checkpoint // WIDTH**level:
            found.append(f"tile level {level}: nothing, not {checkpoint // WIDTH**level} hashes")
        return found

    async def _remake_tiles(self, slug: str, size: int) -> None:
        level = 1
        while await self._log.width(slug, level):
            await self._log.drop(slug, level)
            level += 1
        await Tiles(slug, self._read, self._log).grow(size)


def _length(said: Mapping[str, Mapping[str, str]]) -> int:
    """Returns how many entries the counters tell of, 0 where they are no numbers."""
    try:
        return int(said["n"].get("p", 0)) + int(said["n"].get("u", 0))
    except ValueError:
        return 0


def _compare(
    said: Mapping[str, Mapping[str, str]], right: Mapping[str, Mapping[str, int]]
) -> list[Correction]:
    found = []
    for table in TABLES:
        fields = {field for field in said[table] if table != "n" or not _ASIDE.fullmatch(field)}
        for field in sorted(fields | right[table].keys()):
            one = Correction(table, field, said[table].get(field, "0"), right[table].get(field, 0))
            if one.said != str(one.right):
                found.append(one)
    return found


def _told(one: Correction) -> str:
    name = _NAMES.get(one.field, one.field) if one.table == "n" else f"{_NAMES[one.table]} {one.field}"
    return f"{name}: the counter says {one.said[:20]}, the log {one.right}"


def _told_bit(sequence: int, is_undone: bool) -> str:
    return f"pledge {sequence}: {'undone, and not marked so' if is_undone else 'marked undone, and is not'}"


def _bits(bitmap: bytes, without: bytes) -> list[int]:
    """Returns the first bits that are set in the one and not in the other."""
    size = max(len(bitmap), len(without))
    left = int.from_bytes(bitmap.ljust(size, b"\0")) & ~int.from_bytes(without.ljust(size, b"\0"))
    found: list[int] = []
    while left and len(found) < 100:
        bit = left.bit_length() - 1
        found.append(size * 8 - 1 - bit)
        left ^= 1 << bit
    return found


def _unequal(hashes: bytes, right: bytes) -> list[int]:
    """Returns which hashes differ; tiles that were made since the recount are none of its business."""
    if hashes == right:
        return []
    starts = range(0, min(len(hashes), len(right)), HASH_BYTES)
    return [at // HASH_BYTES for at in starts if hashes[at : at + HASH_BYTES] != right[at : at + HASH_BYTES]]
