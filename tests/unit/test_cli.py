from pathlib import Path

import pytest

from badge.cli import main


def test_render_writes_the_picture_it_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "zoë.svg"
    assert main(["render", "badge/wear.svg?name=Zoë&lang=fr", "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"<svg")
    assert "Zoë porte le Cœur bleu" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("picture", "words"),
    [("badge/waer.svg?name=A", "did you mean /badge/wear"), ("badge/wear.svg?nmae=A", "did you mean name")],
)
def test_errors_are_one_sentence(
    picture: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", picture, "-o", str(tmp_path / "x.svg")]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_check_passes_on_our_templates_and_names_a_broken_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    (tmp_path / "badge/half").mkdir(parents=True)
    (tmp_path / "badge/half/manifest.toml").write_text("title = 'x'")
    assert main(["check", "--templates", str(tmp_path)]) == 2
    assert "template.svg.j2 is missing" in capsys.readouterr().err


def test_unknown_words_point_to_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["paint"])
    assert raised.value.code == 2
    assert "--help" in capsys.readouterr().err
