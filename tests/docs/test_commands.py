"""Every command, link and address that the documents give works."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from badge.assets import asset_dir
from badge.catalogue import Catalogue
from badge.web.pages import Pages
from badge.web.routes import all_routes

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text("utf-8")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_command_exists(document: Path) -> None:
    named = set(re.findall(r"(?:^ {4}|`|PORT=\d+ )make ([a-z]+)", document.read_text("utf-8"), re.MULTILINE))
    assert named <= targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_local_link_leads_to_a_file(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8")):
        if not urlsplit(link).scheme and not link.startswith("#"):
            assert (document.parent / link.partition("#")[0]).exists(), f"{document.name} links to {link}"


def test_make_help_names_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"make ([a-z]+)", shown)) >= targets()


def test_the_first_two_commands_of_the_readme_are_serve_and_test() -> None:
    assert re.findall(r"^ {4}(.+?)(?:  +#.*)?$", README, re.MULTILINE)[:2] == ["make serve", "make test"]


def test_every_picture_in_the_readme_is_drawn() -> None:
    catalogue = Catalogue.load(asset_dir("svg_templates"))
    addresses = re.findall(r"(?:`|badges\.example)(/(?:badge|avatar|card)/[^`)\s]+)", README)
    assert len(addresses) >= 5
    for address in addresses:
        path, _, query = address.partition("?")
        assert not catalogue.parse(path, quote(query, safe="=&%").encode()).ignored, address


def test_every_address_of_the_api_in_the_readme_is_a_route() -> None:
    routes = [route.path for route in all_routes(asset_dir("widgets"), Pages.load())]
    for address in re.findall(r"(/api/v1/[\w/]+)", README):
        assert any(re.fullmatch(re.sub(r"{\w+}", r"[^/]+", path), address) for path in routes), address


def test_the_command_line_in_the_readme_draws_its_picture(tmp_path: Path) -> None:
    line = re.search(r"blueheart render '([^']+)' -o (\S+)", README)
    assert line is not None
    command = [sys.executable, "-m", "badge", "render", line[1], "-o", str(tmp_path / line[2])]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    assert (tmp_path / line[2]).read_bytes().startswith(b"\x89PNG")
