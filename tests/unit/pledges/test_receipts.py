import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge.errors import ReceiptRefused
from badge.pledges.receipts import Receipt
from badge.store.mac import Mac

SEAL = Mac(b"k" * 32)
RECEIPT = Receipt("world", 7, 5, 20780, b"\x01BEfr".ljust(12, b"\0"), b"s" * 16)


@given(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=40),
    *[st.integers(0, 2**32 - 1)] * 2,
    st.integers(0, 2**16 - 1),
    st.binary(min_size=12, max_size=12),
    st.binary(min_size=16, max_size=16),
)
def test_a_receipt_holds_everything_and_stays_short(
    slug: str, position: int, sequence: int, day: int, details: bytes, salt: bytes
) -> None:
    receipt = Receipt(slug, position, sequence, day, details, salt)
    sealed = receipt.seal(SEAL)
    assert len(sealed) < 200
    assert set(sealed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert Receipt.open(sealed, SEAL) == receipt


def test_any_flipped_bit_is_refused() -> None:
    sealed = base64.urlsafe_b64decode(RECEIPT.seal(SEAL) + "==")
    for bit in range(len(sealed) * 8):
        forged = bytearray(sealed)
        forged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ReceiptRefused):
            Receipt.open(base64.urlsafe_b64encode(forged).decode().rstrip("="), SEAL)


@given(
    st.one_of(
        st.text(max_size=300), st.binary(max_size=150).map(lambda b: base64.urlsafe_b64encode(b).decode())
    )
)
def test_whatever_else_is_sent_is_refused(text: str) -> None:
    with pytest.raises(ReceiptRefused):
        Receipt.open(text, SEAL)


def test_truncated_extended_and_foreign_receipts_are_refused() -> None:
    sealed = RECEIPT.seal(SEAL)
    for wrong in (sealed[:-1], sealed[4:], sealed + "AAAA", sealed * 2, RECEIPT.seal(Mac(b"other" * 8))):
        with pytest.raises(ReceiptRefused):
            Receipt.open(wrong, SEAL)
