"""The code is where the architecture says, and imports point one way."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(ROOT.glob("badge/**/*.py"))
AT_THE_TOP = {"__init__", "__main__", "app", "assets", "coding", "errors", "server", "settings"}
PACKAGES = {
    *("cache", "campaigns", "catalogue", "cli", "content", "limits", "pledges"),
    *("render", "store", "telemetry", "text", "web"),
}
SHAPELESS = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base"}


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


def test_the_package_holds_what_the_architecture_names() -> None:
    assert {path.stem for path in ROOT.glob("badge/*.py")} <= AT_THE_TOP
    assert {path.parent.name for path in ROOT.glob("badge/*/*.py")} <= PACKAGES


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_one_noun_and_at_most_300_lines(module: Path) -> None:
    assert module.stem not in SHAPELESS
    assert len(module.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is(module: Path) -> None:
    text = module.read_text("utf-8")
    assert not text or text.startswith('"""')


def test_the_top_of_the_repository_holds_only_what_belongs_there() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {line.partition("/")[0] for line in listed.splitlines() if "/" in line}
    assert folders <= {".ci", "badge", "docs", "svg_templates", "tests", "widgets"}


def test_the_walkthrough_names_modules_that_exist() -> None:
    text = (ROOT / "docs/walkthrough.md").read_text("utf-8")
    named = set(re.findall(r"`((?:badge|widgets|svg_templates)/[\w/.-]+)`", text))
    assert len(named) >= 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_functions_named_in_the_walkthrough_exist() -> None:
    text = (ROOT / "docs/walkthrough.md").read_text("utf-8")
    named = re.findall(r"`(badge/[\w/]+\.py)` `(\w+)\(\)`", text)
    assert len(named) >= 10
    for path, name in named:
        code = (ROOT / path).read_text("utf-8")
        assert re.search(rf"\bdef {name}\b", code), f"{path} has no {name}()"


def test_the_layers_of_the_contract_are_those_that_contributors_read() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(rule for rule in rules if rule["type"] == "layers")["layers"]
    told = re.search(r"`(__main__ → cli → .+?)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
    assert told is not None
    names = [sorted(re.findall(r"\w+", layer)) for layer in re.sub(r"\s+", " ", told[1]).split("→")]
    assert names == [sorted(re.findall(r"\w+", layer)) for layer in layers]


def test_decisions_are_numbered_in_a_row_and_all_are_listed() -> None:
    folder = ROOT / "docs/decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(
        r"^(\d+)\. \[[^]]+\]\(([\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"), re.M
    )
    assert listed == [(str(number), page) for number, page in enumerate(pages, 1)]
    for number, page in enumerate(pages, 1):
        assert page.startswith(f"{number:04}-")
        assert (folder / page).read_text("utf-8").startswith(f"# {number}. ")
