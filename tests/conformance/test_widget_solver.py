"""The widgets' solver and the `altcha` library agree: what one makes, the other accepts."""

import base64
import json
import subprocess
import time
from pathlib import Path

import altcha
import pytest

SOLVER = Path(__file__).parents[2] / "widgets/lib/solve.js"
SCRIPT = """
import { readFileSync } from 'node:fs';
const { solve } = await import(process.argv[1]);
const { challenge, options } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(await solve(challenge, options));
"""


def solve(challenge: altcha.Challenge, way: str) -> str:
    options = {"subtle": None} if way == "JavaScript" else {}
    asked = json.dumps({"challenge": challenge.to_dict(), "options": options})
    command = ["node", "--input-type=module", "-e", SCRIPT, SOLVER.as_uri()]
    return subprocess.run(command, input=asked, capture_output=True, text=True, timeout=60, check=True).stdout


def challenge_of(mode: str) -> altcha.Challenge:
    extra = {"hidden counter": {"counter": 41}, "prefix": {"key_prefix": "7"}}[mode]
    return altcha.create_challenge(
        "PBKDF2/SHA-256",
        500,
        expires_at=int(time.time()) + 60,
        data={"campaign": "world"},
        hmac_secret="of the challenge",
        hmac_key_secret="of its answer",
        **extra,
    )


@pytest.mark.parametrize("way", ["WebCrypto", "JavaScript"])
@pytest.mark.parametrize("mode", ["hidden counter", "prefix"])
def test_the_library_accepts_our_solution(mode: str, way: str) -> None:
    challenge = challenge_of(mode)
    payload = solve(challenge, way)
    result = altcha.verify_solution(payload, "of the challenge", hmac_key_secret="of its answer")
    assert result.verified and not result.expired
    expected = altcha.solve_challenge(challenge)
    assert expected is not None
    found = json.loads(base64.b64decode(payload))["solution"]
    assert found == {"counter": expected.counter, "derivedKey": expected.derived_key}


def test_the_library_refuses_a_changed_challenge() -> None:
    said = json.loads(base64.b64decode(solve(challenge_of("prefix"), "WebCrypto")))
    said["challenge"]["parameters"]["data"]["campaign"] = "another"
    changed = base64.b64encode(json.dumps(said).encode()).decode()
    assert not altcha.verify_solution(changed, "of the challenge").verified
