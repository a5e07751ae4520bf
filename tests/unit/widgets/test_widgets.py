"""Runs the widgets' own tests (node's test runner) as part of `make test`."""

import shutil
import subprocess
from pathlib import Path

import pytest

SUITES = sorted(Path(__file__).parent.glob("*.test.mjs"))


def test_there_are_suites() -> None:
    assert len(SUITES) >= 4


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_suite(suite: Path) -> None:
    node = shutil.which("node")
    assert node, "Node 20 or newer is needed; `make test` installs it"
    done = subprocess.run([node, "--test", suite], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
