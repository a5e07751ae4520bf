"""What editors and designers are told about manifests is what the code reads."""

from pathlib import Path

from badge.catalogue.manifest import manifest_schema

TEMPLATES = Path(__file__).parents[2] / "svg_templates"


def test_the_schema_for_editors_is_the_one_that_the_code_reads_by() -> None:
    written = (TEMPLATES / "manifest.schema.json").read_text("utf-8")
    assert written == manifest_schema(), "run: blueheart check --schema > svg_templates/manifest.schema.json"


def test_every_manifest_names_the_schema() -> None:
    manifests = sorted(TEMPLATES.glob("*/*/manifest.toml"))
    assert manifests
    for manifest in manifests:
        first = manifest.read_text("utf-8").splitlines()[0]
        assert first == "#:schema ../../manifest.schema.json", f"{manifest} begins with {first!r}"
