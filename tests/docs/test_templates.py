"""What editors and designers are told about manifests is what the code reads."""

import re
import shutil
from pathlib import Path

import msgspec
import pytest

from badge.catalogue.manifest import Manifest, manifest_schema
from badge.cli import main

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "svg_templates"
PAGE = (ROOT / "docs/templates.md").read_text("utf-8")


def test_the_schema_for_editors_is_the_one_that_the_code_reads_by() -> None:
    written = (TEMPLATES / "manifest.schema.json").read_text("utf-8")
    assert written == manifest_schema(), "run: blueheart check --schema > svg_templates/manifest.schema.json"


def test_every_manifest_names_the_schema() -> None:
    manifests = sorted(TEMPLATES.glob("*/*/manifest.toml"))
    assert manifests
    for manifest in manifests:
        first = manifest.read_text("utf-8").splitlines()[0]
        assert first == "#:schema ../../manifest.schema.json", f"{manifest} begins with {first!r}"


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """Returns a folder of templates that holds what the page tells a designer to save."""
    saved = re.findall(r"Save this as `svg_templates/([\w/.]+)`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    assert len(saved) == 2
    for path, text in saved:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    shutil.copytree(TEMPLATES / "_shared", tmp_path / "_shared")
    return tmp_path


def test_the_template_of_the_page_passes_every_check(
    harbour: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--templates", str(harbour)]) == 0, capsys.readouterr().err
    assert "1 templates, 5 examples, 0 problems" in capsys.readouterr().out


def test_a_designer_s_typing_error_is_named(harbour: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = harbour / "card/harbour/manifest.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("max_lines = 3", "max_line = 3"), "utf-8")
    assert main(["check", "--templates", str(harbour)]) == 2
    assert "max_line" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "right", "wrong", "says"),
    [
        ("manifest.toml", 'fill = "name"', 'fill = "nmae"', "texts.city.fill is nmae; the palette has"),
        ("template.svg.j2", "colour.water", "colour.watr", "the drawing ends with: "),
    ],
)
def test_a_misspelt_colour_is_a_sentence(
    harbour: Path, capsys: pytest.CaptureFixture[str], file: str, right: str, wrong: str, says: str
) -> None:
    written = harbour / "card/harbour" / file
    written.write_text(written.read_text("utf-8").replace(right, wrong), "utf-8")
    assert main(["check", "--templates", str(harbour)]) == 1
    assert says in capsys.readouterr().err


def test_the_page_names_every_member_of_a_manifest_and_every_macro() -> None:
    schema = msgspec.json.schema(Manifest)["$defs"]
    members = {name for struct in schema.values() for name in struct["properties"]}
    assert [name for name in sorted(members) if not re.search(rf"`[^`]*\b{name}\b[^`]*`", PAGE)] == []
    macros = [
        f"{source.name.partition('.')[0]}.{name}"
        for source in sorted((TEMPLATES / "_shared").glob("*.j2"))
        for name in re.findall(r"{% macro (\w+)", source.read_text("utf-8"))
    ]
    assert [macro for macro in macros if f"`{macro}`" not in PAGE] == []
