"""Our reading of a solved challenge beside ALTCHA's own library."""

import base64
import copy
import json
import time

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge.pledges.proof import read_solved
from badge.store.mac import Mac

KEY, ANSWER_KEY = b"k" * 32, b"a" * 32
CHALLENGE = altcha.create_challenge(
    "PBKDF2/SHA-256",
    1,
    counter=3,
    expires_at=int(time.time()) + 10_000,
    data={"campaign": "world"},
    hmac_secret=KEY,
    hmac_key_secret=ANSWER_KEY,
)
SOLUTION = altcha.solve_challenge(CHALLENGE)
assert SOLUTION is not None
PAYLOAD = altcha.Payload(CHALLENGE, SOLUTION).to_dict()


def ours(solution: str) -> bool:
    try:
        return read_solved(solution).holds(Mac(KEY), Mac(ANSWER_KEY))
    except ValueError:
        return False


def theirs(solution: str) -> bool:
    return altcha.verify_solution(solution, KEY, hmac_key_secret=ANSWER_KEY).verified


def packed(payload: object, **options: object) -> str:
    return base64.b64encode(json.dumps(payload, **options).encode()).decode()


values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9)
    | st.sampled_from(["0" * 64, "zz", "00 00", "é"])
)
parameters = sorted(PAYLOAD["challenge"]["parameters"])
places = st.sampled_from(
    [
        *(("challenge", "parameters", name) for name in parameters),
        ("challenge", "parameters", "data", "campaign"),
        *(("challenge", "parameters", "data", "more"), ("challenge", "parameters", "memoryCost")),
        *(("challenge", "signature"), ("solution", "derivedKey"), ("challenge",), ("solution",)),
    ]
)


@given(places, values)
def test_a_changed_payload_is_refused_by_both(place: tuple[str, ...], value: object) -> None:
    payload = copy.deepcopy(PAYLOAD)
    *path, name = place
    inner = payload
    for step in path:
        inner = inner[step]
    inner[name] = value
    changed = packed(payload)
    if payload != PAYLOAD and value is not None:
        assert not ours(changed)
    # What only we refuse is a member that no challenge of ours has.
    assert theirs(changed) or not ours(changed)


@given(st.randoms(), st.sampled_from([None, 1]), st.dictionaries(st.text(max_size=5), values, max_size=2))
def test_the_spelling_of_a_true_payload_is_free(random, indent: int | None, more: dict[str, object]) -> None:
    payload = copy.deepcopy(PAYLOAD)
    members = list(payload["challenge"]["parameters"].items())
    random.shuffle(members)
    payload["challenge"]["parameters"] = dict(members)
    payload["solution"] = more | {"took": 12.5} | payload["solution"]
    solution = packed(payload, indent=indent)
    assert ours(solution)
    assert theirs(solution)


@pytest.mark.parametrize("cut", [1, 4, 40])
def test_a_truncated_payload_is_refused(cut: int) -> None:
    assert not ours(packed(PAYLOAD)[:-cut])
    assert not theirs(packed(PAYLOAD)[:-cut])
