import asyncio
import hashlib
import uuid
from datetime import UTC, datetime

import pytest

from badge.errors import KeyReused, NotFound, ProofRefused, ReceiptRefused
from badge.pledges import Ledger, Pledge, Source
from badge.pledges.receipts import Receipt
from badge.store import Stores
from badge.store.entry import Proof
from badge.store.mac import Mac


@pytest.fixture
def slug() -> str:
    return f"c-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def ledger(stores: Stores, slug: str) -> Ledger:
    return Ledger(stores.pledges)


def key() -> str:
    return str(uuid.uuid4())


async def test_pledges_are_numbered_and_counted_by_what_was_chosen(ledger: Ledger, slug: str) -> None:
    for n in range(1, 7):
        done = await ledger.pledge(Pledge(slug, Source.WIDGET, "BE", "nl"), key())
        assert (done.ordinal, done.total, done.replayed) == (n, n, False)
    await ledger.pledge(Pledge(slug, Source.API), key())
    counts = await ledger.counts(slug)
    assert counts.total == 7
    assert counts.by_country == {"BE": 6, "unspecified": 1}
    assert counts.by_source == {"widget": 6, "api": 1}
    assert counts.by_day == {datetime.now(UTC).date().isoformat(): 7}
    assert not counts.stale


async def test_the_same_key_gives_the_same_answer_whatever_happened_since(ledger: Ledger, slug: str) -> None:
    pledge, mine = Pledge(slug, Source.WEB, "FR", "fr"), key()
    assert await ledger.find(pledge, mine) is None
    first = await ledger.pledge(pledge, mine)
    others = [await ledger.pledge(pledge, key()) for _ in range(5)]
    await ledger.withdraw(others[0].receipt)
    for again in (await ledger.pledge(pledge, mine), await ledger.find(pledge, mine)):
        assert again is not None
        assert again.replayed
        assert (again.receipt, again.ordinal, again.total) == (first.receipt, first.ordinal, first.total)
    late = await ledger.pledge(pledge, key())
    assert (await ledger.find(pledge, mine)) is not None
    assert (late.ordinal, late.total) == (7, 6)
    assert (await ledger.count(slug)).total == 6


@pytest.mark.parametrize("field", ["country", "language", "source"])
async def test_the_same_key_with_another_body_is_refused(ledger: Ledger, slug: str, field: str) -> None:
    body = {"source": Source.WEB, "country": "FR", "language": "fr"}
    mine = key()
    await ledger.pledge(Pledge(slug, **body), mine)
    other = Pledge(slug, **{**body, field: Source.API if field == "source" else None})
    with pytest.raises(KeyReused):
        await ledger.pledge(other, mine)
    with pytest.raises(KeyReused):
        await ledger.find(other, mine)
    assert (await ledger.count(slug)).total == 1


async def test_a_withdrawal_counts_once_and_gives_its_country_and_day_back(ledger: Ledger, slug: str) -> None:
    done = await ledger.pledge(Pledge(slug, Source.FORM, "LU"), key())
    stays = await ledger.pledge(Pledge(slug, Source.WEB), key())
    first, again = await ledger.withdraw(done.receipt), await ledger.withdraw(done.receipt)
    assert (first.campaign, first.total, first.already) == (slug, 1, False)
    assert (again.total, again.already) == (1, True)
    counts = await ledger.counts(slug)
    assert (counts.total, counts.by_country, counts.by_source) == (1, {"unspecified": 1}, {"web": 1})
    assert sum(counts.by_day.values()) == 1
    assert (await ledger.withdraw(stays.receipt)).total == 0


async def test_many_withdrawals_at_one_instant_count_once(ledger: Ledger, slug: str) -> None:
    done = await ledger.pledge(Pledge(slug, Source.WEB), key())
    answers = await asyncio.gather(*(ledger.withdraw(done.receipt) for _ in range(100)))
    assert sum(not answer.already for answer in answers) == 1
    assert {answer.total for answer in answers} == {0}


async def test_the_receipt_opens_the_commitment_in_the_log(stores: Stores, ledger: Ledger, slug: str) -> None:
    await ledger.pledge(Pledge(slug, Source.WEB), key())
    done = await ledger.pledge(Pledge(slug, Source.KIOSK, "JP", "ja"), key())
    receipt = Receipt.open(done.receipt, await stores.pledges.mac("receipt"))
    [(entry, details)] = await stores.pledges.entries(slug, receipt.position, 1)
    assert hashlib.sha256(receipt.salt + receipt.details).digest() == entry.commitment
    assert (entry.sequence, entry.day) == (receipt.sequence, receipt.day)
    assert Pledge.unpack(slug, details) == Pledge(slug, Source.KIOSK, "JP", "ja")


async def test_equal_pledges_look_different_in_the_log(stores: Stores, ledger: Ledger, slug: str) -> None:
    for _ in range(10):
        await ledger.pledge(Pledge(slug, Source.WEB, "BE", "nl"), key())
    log = await stores.pledges.entries(slug, 0, 10)
    assert len({entry.commitment for entry, _ in log}) == 10


async def test_a_receipt_of_a_pledge_that_this_ledger_never_took_is_refused(
    stores: Stores, ledger: Ledger, slug: str
) -> None:
    done = await ledger.pledge(Pledge(slug, Source.WEB), key())
    seal = await stores.pledges.mac("receipt")
    kept = Receipt.open(done.receipt, seal)
    lost = Receipt(slug, kept.position + 1, kept.sequence + 1, kept.day, kept.details, kept.salt)
    foreign = Receipt("other", kept.position, kept.sequence, kept.day, kept.details, kept.salt)
    for receipt in (lost.seal(seal), foreign.seal(seal), kept.seal(Mac(b"x" * 32)), "", "nonsense"):
        with pytest.raises(ReceiptRefused):
            await ledger.withdraw(receipt)
    assert (await ledger.count(slug)).total == 1


@pytest.mark.parametrize("wrong", ["", "Wörld", "a b", "-a", "a-", "a}b", "a" * 65, "world\n"])
async def test_what_cannot_be_a_campaign_is_not_found(ledger: Ledger, wrong: str) -> None:
    nowhere = Pledge(wrong, Source.WEB)
    for call in (
        ledger.pledge(nowhere, key()),
        ledger.find(nowhere, key()),
        ledger.count(wrong),
        ledger.counts(wrong),
    ):
        with pytest.raises(NotFound, match="slug"):
            await call


async def test_languages_are_counted_without_their_region(ledger: Ledger, slug: str) -> None:
    for language in ("pt-BR", "pt", "pt-PT", "pt", "pt", "nl", "fr", None):
        await ledger.pledge(Pledge(slug, Source.WEB, None, language), key())
    counts = await ledger.counts(slug)
    assert counts.by_language == {"pt": 5, "other": 2, "unspecified": 1}
    assert (counts.withdrawn, counts.removed) == (0, 0)


async def test_a_proof_is_spent_with_the_pledge_that_it_was_for_and_by_no_other(
    stores: Stores, ledger: Ledger, slug: str
) -> None:
    pledge, mine = Pledge(slug, Source.WEB), key()
    proof = Proof("nonce", b"mine", 600)
    answers = await asyncio.gather(*(ledger.pledge(pledge, mine, proof) for _ in range(20)))
    assert sum(not answer.replayed for answer in answers) == 1
    for other in (proof, Proof("nonce", b"theirs", 600)):
        if other.owner == b"theirs":
            with pytest.raises(ProofRefused, match="used before"):
                await ledger.pledge(pledge, key(), other)
        assert (
            await ledger.pledge(pledge, mine, other)
        ).replayed  # its key was counted: no proof is asked for
    assert (await ledger.count(slug)).total == 1
