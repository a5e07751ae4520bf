import secrets
import uuid

import pytest

from badge.errors import MissingKey
from badge.pledges import check_key


@pytest.mark.parametrize(
    "make",
    [
        lambda: str(uuid.uuid4()),
        lambda: uuid.uuid4().hex,
        lambda: str(uuid.uuid4()).upper(),
        lambda: secrets.token_urlsafe(16),
        lambda: secrets.token_hex(32),
        lambda: "form:" + secrets.token_urlsafe(16),
    ],
)
def test_random_keys_of_every_kind_pass(make) -> None:
    for _ in range(200):
        key = make()
        assert check_key(key) == key


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "1",
        "a" * 36,
        "0" * 64,
        "12345678901234567890123",
        "abcabcabcabcabcabcabcabcabc",
        "00000000-0000-0000-0000-000000000000",
        secrets.token_hex(14),
        secrets.token_urlsafe(16)[:21],
        secrets.token_hex(33),
        "x" * 10_000,
        str(uuid.uuid4()) + "\n",
        "ключ-" * 6,
        "'; DROP TABLE pledges; --abcd",
    ],
)
def test_what_cannot_hold_122_random_bits_is_refused(raw: str | None) -> None:
    with pytest.raises(MissingKey, match="UUID"):
        check_key(raw)


def test_a_random_uuid_that_happens_to_have_no_letter_passes() -> None:
    assert check_key("46266373-3715-4614-8223-736929250976")
