"""docs/operations.md is what somebody reads at night: its rules are valid, and every alert has its entry."""

import re
import shutil
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml

from badge.assets import asset_dir
from badge.catalogue import Catalogue
from badge.telemetry import Metrics, Tallies
from badge.web.pages import Pages
from badge.web.routes import all_routes

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/operations.md").read_text("utf-8")
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "docs/alerts.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]
ENTRIES = dict(re.findall(r"^### (\w+)\n(.+?)(?=\n#|\Z)", GUIDE, re.MULTILINE | re.DOTALL))
HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "check",
    [
        ("check", "rules", "docs/alerts.yml"),
        ("check", "config", "docs/prometheus.yml"),
        ("test", "rules", "tests/docs/alerts.yml"),
    ],
    ids=" ".join,
)
def test_promtool_accepts(check: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    assert promtool, "promtool is missing: make test installs it"
    done = subprocess.run([promtool, *check], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_an_entry_in_the_guide_and_every_entry_an_alert() -> None:
    assert sorted(ENTRIES) == sorted(rule["alert"] for rule in RULES)
    assert all(len(entry) > 80 for entry in ENTRIES.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_leads_to_its_entry_and_says_how_urgent_it_is(rule: dict[str, Any]) -> None:
    assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"
    assert rule["annotations"]["summary"]
    assert rule["labels"]["severity"] in ("page", "ticket")


def test_a_cdn_drops_nothing_that_a_template_reads() -> None:
    dropped = re.search(r"Drop (.+?)\. Keep", GUIDE, re.DOTALL)
    assert dropped is not None
    names = re.findall(r"`([^`]+)`", dropped[1])
    assert len(names) > 5
    catalogue = Catalogue.load(asset_dir("svg_templates"))
    read = {name for one in catalogue.templates.values() for name in catalogue.grammars[one.path].parameters}
    assert {"name", "size", "campaign"} <= read
    assert [name for name in names if any(fnmatchcase(wanted, name) for wanted in read)] == []


def test_every_alert_is_played_through() -> None:
    played = (HERE / "alerts.yml").read_text("utf-8")
    assert sorted(re.findall(r'alertname="(\w+)"', played)) == sorted(rule["alert"] for rule in RULES)


def test_rules_and_guide_name_numbers_and_routes_that_exist() -> None:
    routes = [getattr(route, "path", "") for route in all_routes(ROOT / "widgets", Pages.load())]
    text, _ = Metrics(Tallies().row(), routes, ["svg"]).write("", {"data": True, "cache": True})
    known = set(re.findall(r"^# TYPE (\w+)", text.decode(), re.MULTILINE))
    rules = "\n".join(rule["expr"] for rule in RULES)
    named = {
        name.removesuffix("_bucket").removesuffix("_count")
        for name in re.findall(r"\b(blueheart_\w+?)\b(?=[{`\[ )])", rules + GUIDE)
    }
    assert len(named) > 10
    assert named - known == set()
    assert known - named == set(), "numbers that the guide does not explain"
    for wanted in re.findall(r'route=~?"([^"]+)"', rules):
        assert set(wanted.split("|")) <= set(routes)
