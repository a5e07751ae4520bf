import shutil
from pathlib import Path

import pytest

from badge.assets import asset_dir
from badge.catalogue import Catalogue
from badge.catalogue.colour import contrast
from badge.catalogue.lint import lint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(asset_dir("svg_templates"), tmp_path / "svg_templates"))


def problems(folder: Path) -> str:
    return "\n".join(lint(Catalogue.load(folder)))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_our_own_templates_are_clean() -> None:
    assert lint(Catalogue.load(asset_dir("svg_templates"))) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('paper = "#ffffff"', 'paper = "#0072bc"', "name on paper is"),
        ('licence = "Apache-2.0"', 'licence = ""', "licence is empty"),
        ('note = "rtl"', 'note = "other"', "'rtl'"),
        ('fill = "line"', 'fill = "rust"', "texts.line.fill is rust"),
        ('values = ["none", "beat"]', 'values = ["none", "beat", "leap"]', "a heart that beats takes three"),
        ('values = ["20"', 'values = ["21"', None),
        ('default = "32"', 'default = "33"', "sizes.default 33"),
    ],
)
def test_manifest_faults_are_named(folder: Path, old: str, new: str, words: str | None) -> None:
    edit(folder / "badge/wear/manifest.toml", old, new)
    found = problems(folder)
    assert (words in found) if words else (found == "")


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        ('<filter id="blur"/>', "<filter>"),
        ("<text>hello</text>", "<text>"),
        ('<rect style="fill:red"/>', "style="),
        ('<rect fill="var(--x)"/>', "var(--x)"),
        ('<rect fill="#11223344"/>', "#11223344"),
        ('<rect fill="url(https://x.example/a)"/>', "url("),
        ('<image href="https://x.example/a.png"/>', "href='https"),
    ],
)
def test_what_is_not_drawn_alike_is_refused(folder: Path, drawing: str, words: str) -> None:
    path = folder / "badge/wear/template.svg.j2"
    path.write_text(drawing + path.read_text())
    assert words in problems(folder)


def test_what_beats_is_a_block_of_the_drawing(folder: Path) -> None:
    edit(folder / "badge/wear/template.svg.j2", "{% block heart %}", "{% block hart %}")
    assert "the block heart in the drawing" in problems(folder)


def test_misspelt_member_names_file_and_member(folder: Path) -> None:
    edit(folder / "badge/wear/manifest.toml", 'title = "', 'tilte = "')
    with pytest.raises(ValueError, match=r"wear/manifest\.toml: .*tilte"):
        Catalogue.load(folder)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#009edb", "#ffffff") == pytest.approx(3.04, abs=0.005)
    assert contrast("#005a8c", "#ffffff") == pytest.approx(7.39, abs=0.005)
