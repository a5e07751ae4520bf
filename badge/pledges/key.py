"""The shape of an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): random enough to be one."""

import math
import re
import string

from badge.errors import MissingKey

KEY_PATTERN = r"^[A-Za-z0-9_\-.:~+/=]{22,64}$"
_SHAPE = re.compile(KEY_PATTERN)
# One in 2.6 million random UUIDs has no letter, and would look like digits alone.
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_MIN_BITS = 121.9  # a random UUID holds 122
_MIN_DISTINCT = 8  # of 32 random hex digits fewer than 8 differ once in 10^8
_ALPHABETS = (
    (frozenset(string.digits), 10),
    (frozenset("0123456789abcdef"), 16),
    (frozenset("0123456789ABCDEF"), 16),
    (frozenset(string.digits + string.ascii_lowercase), 36),
    (frozenset(string.digits + string.ascii_uppercase), 36),
)


def check_key(raw: str | None) -> str:
    """Returns the key where it may hold 122 random bits; raises MissingKey."""
    wanted = "Send an Idempotency-Key of 22 to 64 random characters, as a random UUID (version 4)."
    if not raw:
        raise MissingKey(f"The Idempotency-Key is missing. {wanted}", field="Idempotency-Key")
    if not _SHAPE.fullmatch(raw):
        raise MissingKey(
            f"The Idempotency-Key has the wrong length or characters. {wanted}", field="Idempotency-Key"
        )
    may_do = _UUID.fullmatch(raw) or _most_bits(raw) >= _MIN_BITS
    if not may_do or len(set(raw)) < _MIN_DISTINCT:
        raise MissingKey(f"The Idempotency-Key can be guessed. {wanted}", field="Idempotency-Key")
    return raw


def _most_bits(key: str) -> float:
    core = [char for char in key if char.isalnum()]
    for alphabet, size in _ALPHABETS:
        if alphabet.issuperset(core):
            return len(core) * math.log2(size)
    return len(key) * 6.0
