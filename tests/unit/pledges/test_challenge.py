import asyncio
import base64
import json
import statistics
import time
import uuid
from collections.abc import Callable

import altcha
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge.errors import NotFound, ProofRefused, Unavailable
from badge.pledges import Challenges, check_key
from badge.store import Stores


@pytest.fixture
def challenges(stores: Stores) -> Challenges:
    return Challenges(stores.pledges, cost=10, attempts=64)


def solve(challenge: dict[str, object]) -> str:
    parsed = altcha.Challenge.from_dict(challenge)
    found = altcha.solve_challenge(parsed)
    assert found is not None
    return altcha.Payload(parsed, found).to_base64()


def edited(solution: str, edit: Callable[[dict], object]) -> str:
    payload = json.loads(base64.b64decode(solution))
    edit(payload)
    return base64.b64encode(json.dumps(payload).encode()).decode()


async def test_any_altcha_client_can_solve_it(challenges: Challenges) -> None:
    challenge = await challenges.issue("world")
    parameters = challenge["parameters"]
    assert parameters["algorithm"] == "PBKDF2/SHA-256"
    assert parameters["cost"] == 10
    assert parameters["data"] == {"campaign": "world"}
    assert 590 <= parameters["expiresAt"] - time.time() <= 600
    await challenges.spend("world", solve(json.loads(json.dumps(challenge))), str(uuid.uuid4()))


async def test_the_mean_number_of_attempts_is_the_one_asked_for(challenges: Challenges) -> None:
    issued = [await challenges.issue("world") for _ in range(300)]
    attempts = [
        1 + altcha.solve_challenge(altcha.Challenge.from_dict(challenge)).counter for challenge in issued
    ]
    assert 54 < statistics.mean(attempts) < 74  # five standard errors of a uniform 1 to 127
    assert max(attempts) <= 127


async def test_a_nonce_is_spent_once_but_its_own_key_may_come_again(challenges: Challenges) -> None:
    solution = solve(await challenges.issue("world"))
    mine = str(uuid.uuid4())
    await asyncio.gather(*(challenges.spend("world", solution, mine) for _ in range(20)))
    with pytest.raises(ProofRefused, match="used before"):
        await challenges.spend("world", solution, str(uuid.uuid4()))


async def test_of_many_keys_at_one_instant_one_gets_the_nonce(challenges: Challenges) -> None:
    solution = solve(await challenges.issue("world"))
    answers = await asyncio.gather(
        *(challenges.spend("world", solution, str(uuid.uuid4())) for _ in range(20)), return_exceptions=True
    )
    assert sum(answer is None for answer in answers) == 1
    assert sum(isinstance(answer, ProofRefused) for answer in answers) == 19


async def test_a_proof_for_another_campaign_is_refused(challenges: Challenges) -> None:
    solution = solve(await challenges.issue("elsewhere"))
    with pytest.raises(ProofRefused, match="another campaign"):
        await challenges.spend("world", solution, str(uuid.uuid4()))
    with pytest.raises(NotFound):
        await challenges.issue("No Where}")


async def test_a_changed_or_unsolved_challenge_is_refused(challenges: Challenges) -> None:
    solution = solve(await challenges.issue("world"))
    changes: list[Callable[[dict], object]] = [
        lambda p: p["challenge"]["parameters"].update(cost=1),
        lambda p: p["challenge"]["parameters"].update(expiresAt=2**40),
        lambda p: p["challenge"]["parameters"].update(nonce="00" * 16),
        lambda p: p["challenge"]["parameters"].update(data={"campaign": "elsewhere"}),
        lambda p: p["challenge"]["parameters"].pop("keySignature"),
        lambda p: p["challenge"].update(signature="00" * 32),
        lambda p: p["challenge"].pop("signature"),
        lambda p: p["solution"].update(derivedKey=p["challenge"]["parameters"]["keyPrefix"] + "00" * 16),
        lambda p: p["solution"].update(derivedKey=None),
        lambda p: p.pop("solution"),
    ]
    for change in changes:
        with pytest.raises(ProofRefused):
            await challenges.spend("world", edited(solution, change), str(uuid.uuid4()))
    await challenges.spend("world", solution, str(uuid.uuid4()))


async def test_an_expired_challenge_says_so(challenges: Challenges, stores: Stores) -> None:
    old = altcha.create_challenge(
        "PBKDF2/SHA-256",
        1,
        counter=0,
        expires_at=int(time.time()) - 1,
        data={"campaign": "world"},
        hmac_secret=await stores.pledges.subkey("challenge"),
        hmac_key_secret=await stores.pledges.subkey("challenge answer"),
    )
    with pytest.raises(ProofRefused, match="10 minutes"):
        await challenges.spend("world", solve(old.to_dict()), str(uuid.uuid4()))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
shaped = st.fixed_dictionaries(
    {
        "challenge": json_values
        | st.fixed_dictionaries({"parameters": json_values, "signature": json_values}),
        "solution": json_values | st.fixed_dictionaries({"counter": json_values, "derivedKey": json_values}),
    }
)
garbage = (
    st.text(max_size=200)
    | st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode())
    | (json_values | shaped).map(lambda value: base64.b64encode(json.dumps(value).encode()).decode())
    | st.just("A" * 100_000)
    | st.just(base64.b64encode(b"[" * 3000).decode())
)


@given(garbage)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_else_is_sent_is_refused(endpoints, solution: str) -> None:
    async def send() -> None:
        from badge.store import open_stores

        stores = await open_stores(endpoints.data, endpoints.cache, None)
        try:
            challenges = Challenges(stores.pledges, cost=10, attempts=2)
            with pytest.raises(ProofRefused):
                await challenges.spend("world", solution, "k" * 30)
        finally:
            await stores.aclose()

    asyncio.run(send())


async def test_too_many_at_once_are_asked_to_come_back(stores: Stores) -> None:
    challenges = Challenges(stores.pledges, cost=1, attempts=2)
    answers = await asyncio.gather(*(challenges.issue("world") for _ in range(200)), return_exceptions=True)
    assert sum(isinstance(answer, dict) for answer in answers) == 128
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 72
    assert await challenges.issue("world")


async def test_a_form_token_is_a_key_for_one_page_after_three_seconds(challenges: Challenges) -> None:
    token = await challenges.issue_form_token("world")
    with pytest.raises(ProofRefused, match="three seconds"):
        await challenges.spend_form_token("world", token)
    await asyncio.sleep(3.05)
    key = await challenges.spend_form_token("world", token)
    assert key == await challenges.spend_form_token("world", token) == check_key(key)
    with pytest.raises(ProofRefused):
        await challenges.spend_form_token("elsewhere", token)


async def test_form_tokens_that_are_old_forged_or_broken_are_refused(challenges: Challenges) -> None:
    issued = int(time.time()) - 7201
    nonce = b"n" * 16
    tag = await challenges._tag("world", issued, nonce)
    old = base64.urlsafe_b64encode(issued.to_bytes(4, "big") + nonce + tag).decode()
    with pytest.raises(ProofRefused, match="two hours"):
        await challenges.spend_form_token("world", old)
    young = base64.urlsafe_b64encode((issued + 60).to_bytes(4, "big") + nonce + tag).decode()
    for token in (young, "", "x", "é" * 48, old[:-4], old * 100, "\ud800"):
        with pytest.raises(ProofRefused):
            await challenges.spend_form_token("world", token)
