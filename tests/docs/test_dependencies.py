"""Every dependency is used, has its reason written down, and is locked by hashes that name no host."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MODULES = {
    "prometheus-client": "prometheus_client",
    "fonttools": "fontTools",
    "manimgx-fonts": "manimgx_fonts",
    "manimgx-fonts-cjk": "manimgx_fonts_cjk",
    "pillow": "PIL",
}
# Starlette imports the one where a form is read, granian the other where it is installed.
USED_BY_OTHERS = {"python-multipart", "uvloop"}


def names(requirements: list[str]) -> list[str]:
    return [re.split(r"[<>=!~; \[]", requirement)[0] for requirement in requirements]


EXTRAS = PROJECT["project"]["optional-dependencies"].values()
RUNTIME = names(PROJECT["project"]["dependencies"] + [item for extra in EXTRAS for item in extra])
GROUPS = names([item for group in PROJECT["dependency-groups"].values() for item in group])


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==(.+(?:\n +.*)*)", text, re.MULTILINE))


def version(pin: str) -> str:
    return pin.split()[0]


@pytest.mark.parametrize("name", RUNTIME)
def test_a_dependency_is_used(name: str) -> None:
    module = MODULES.get(name, name)
    code = "\n".join(path.read_text("utf-8") for path in ROOT.glob("badge/**/*.py"))
    assert name in USED_BY_OTHERS or re.search(rf"\b(?:import|from) {module}\b|\"{module}\"", code)


@pytest.mark.parametrize("name", RUNTIME + GROUPS)
def test_a_dependency_has_its_reason_written_down(name: str) -> None:
    reasons = "\n".join(path.read_text("utf-8") for path in ROOT.glob("docs/decisions/*.md"))
    assert name.removesuffix("-cjk") in reasons


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_each_package_by_hashes_and_names_no_host(lock: str) -> None:
    pinned = pins(lock)
    assert set(RUNTIME) <= set(pinned)
    assert all("--hash=sha256:" in block for block in pinned.values())
    assert not re.search(r"://|--index|--find-links|@ file", (ROOT / lock).read_text("utf-8"))


def test_the_locks_agree_and_the_larger_holds_the_tools() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert set(runtime) <= set(dev)
    assert [name for name, pin in runtime.items() if version(dev[name]) != version(pin)] == []
    assert set(GROUPS) <= set(dev)


def test_the_container_and_the_project_ask_for_the_same_python() -> None:
    images = re.findall(r"^FROM python:(3)\.(\d+)-", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    least = re.search(r">=3\.(\d+)", PROJECT["project"]["requires-python"])
    assert least is not None
    assert images
    assert all(int(minor) >= int(least[1]) for _, minor in images)
