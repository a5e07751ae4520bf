"""The ledger: a pledge counts once for its key, is on disk before its answer, and can be withdrawn."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from badge.errors import KeyReused, ReceiptRefused, Unavailable
from badge.pledges.archive import Archive
from badge.pledges.challenge import spent_before
from badge.pledges.counts import Counts
from badge.pledges.log import PublicLog
from badge.pledges.pledge import (
    Acknowledged,
    CampaignCounts,
    Count,
    Opened,
    Pledge,
    Withdrawn,
    check_slug,
)
from badge.pledges.receipts import SALT_BYTES, Receipt, commit
from badge.store.entry import Entry, Proof, Tally, Written
from badge.store.lane import StoreError
from badge.store.pledges import PledgeStore

_MARK_BYTES = 14


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A pledge under its key: the mark that finds it again, and the commitment to its details."""

    mark: bytes
    salt: bytes
    details: bytes
    commitment: bytes


class Ledger:
    """Counts, finds and withdraws pledges, of any campaign: which ones exist and are open is not known here.

    Raises Unavailable where the store is away; then the same call may be repeated, and counts once.
    """

    def __init__(
        self, store: PledgeStore, log: PublicLog | None = None, archive: Archive | None = None
    ) -> None:
        self._store = store
        self._undo = archive.undo if archive else store.undo
        self._read = archive.read if archive else store.read
        self._counts = Counts(store, log)

    async def pledge(self, pledge: Pledge, key: str, proof: Proof | None = None) -> Acknowledged:
        """Counts a pledge and spends its proof, or answers as this key did before.

        Raises KeyReused, ProofRefused, NotFound, Unavailable.
        """
        try:
            sealed = await self._seal(pledge, key)
            written = await self._store.append(
                pledge.campaign, sealed.mark, sealed.commitment, sealed.details, proof
            )
            if written is None:
                raise spent_before()
            return await self._acknowledge(pledge.campaign, sealed, written)
        except StoreError as error:
            raise _unavailable("Your pledge could not be confirmed") from error

    async def find(self, pledge: Pledge, key: str) -> Acknowledged | None:
        """Returns the answer that this key had in the last 7 days; raises as pledge()."""
        try:
            sealed = await self._seal(pledge, key)
            written = await self._store.find(pledge.campaign, sealed.mark)
            if written is None:
                return None
            return await self._acknowledge(pledge.campaign, sealed, written)
        except StoreError as error:
            raise _unavailable("Pledges cannot be taken now") from error

    async def withdraw(self, receipt: str) -> Withdrawn:
        """Withdraws the pledge of a receipt, once however often it comes; raises ReceiptRefused."""
        try:
            kept = Receipt.open(receipt, await self._store.mac("receipt"))
            entry = Entry("+", kept.day, kept.sequence, kept.commitment)
            undone = await self._undo(kept.campaign, "-", kept.position, entry, kept.details)
        except StoreError as error:
            raise _unavailable("Your pledge could not be withdrawn") from error
        if undone.archived:
            raise Unavailable("The archive that holds your pledge cannot be read now; send it later.")
        if not undone.known:
            raise ReceiptRefused("The ledger holds no such pledge.", field="receipt")
        self._counts.learn(kept.campaign, undone.tally)
        return Withdrawn(kept.campaign, undone.tally.total, undone.already)

    async def open(self, receipt: str) -> Opened:
        """Returns what a receipt says, and whether its pledge stands; raises ReceiptRefused, Unavailable."""
        try:
            kept = Receipt.open(receipt, await self._store.mac("receipt"))
            is_undone = await self._store.is_undone(kept.campaign, kept.sequence)
        except StoreError as error:
            raise _unavailable("The receipt could not be read") from error
        day = datetime.fromtimestamp(kept.day * 86400, UTC).date()
        pledge = Pledge.unpack(kept.campaign, kept.details)
        return Opened(pledge, kept.sequence, day, kept.position, not is_undone)

    async def count(self, campaign: str) -> Count:
        """Returns the total, the last known one while the store is away; raises NotFound, Unavailable."""
        check_slug(campaign)
        return await self._counts.total(campaign)

    async def counts(self, campaign: str) -> CampaignCounts:
        """Returns every public counter, the last known ones while the store is away; raises as count()."""
        check_slug(campaign)
        return await self._counts.all(campaign)

    async def _seal(self, pledge: Pledge, key: str) -> _Sealed:
        check_slug(pledge.campaign)
        # Derived, not random: the same key must give the same commitment, or a retry looks like a conflict.
        derived = (await self._store.mac(f"campaign:{pledge.campaign}")).digest(key.encode())
        salt, details = derived[-SALT_BYTES:], pledge.pack()
        return _Sealed(derived[:_MARK_BYTES], salt, details, commit(salt, details))

    async def _acknowledge(self, campaign: str, sealed: _Sealed, written: Written) -> Acknowledged:
        # A key outlives its entry's time in memory only where the store's clock ran ahead.
        entry = written.entry or Entry.unpack((await self._read(campaign, written.position, 1))[0])
        if not hmac.compare_digest(entry.commitment, sealed.commitment):
            raise KeyReused(
                "This Idempotency-Key came before with another campaign, country, language or source: "
                "repeat those, or take a new key for a new pledge."
            )
        receipt = Receipt(
            campaign, written.position, entry.sequence, entry.day, sealed.details, sealed.salt
        ).seal(await self._store.mac("receipt"))
        # Every entry changes the total by one, so that its place tells the total of its moment for ever.
        then = Tally(pledged=entry.sequence, undone=written.position + 1 - entry.sequence)
        self._counts.learn(campaign, then)
        return Acknowledged(receipt, entry.sequence, then.total, not written.fresh)


def _unavailable(what: str) -> Unavailable:
    return Unavailable(f"{what}: the store does not answer. Send the same request again with the same key.")
