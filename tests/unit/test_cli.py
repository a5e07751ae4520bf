from pathlib import Path

import pytest

from badge.catalogue.signature import Signatures
from badge.cli import main
from badge.render import Kit


def test_render_writes_the_picture_it_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "zoë.svg"
    assert main(["render", "badge/wear.svg?name=Zoë&lang=fr", "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"<svg")
    assert "Zoë porte le Cœur bleu" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ("badge/waer.svg?name=A", "did you mean /badge/wear"),
        ("badge/wear.svg?nmae=A", "did you mean name"),
        ("badge/wear.png?name=A", "x.svg would hold png: end it in .png, or ask for the picture as .svg"),
    ],
)
def test_errors_are_one_sentence(
    picture: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", picture, "-o", str(tmp_path / "x.svg")]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kit", "nobody.csv", "-o", "x.zip"]) == 2
    assert capsys.readouterr().err == "blueheart: nobody.csv: No such file or directory\n"


@pytest.mark.parametrize("jobs", ["0", "-1", "65", "100000", "٣", "x"])
@pytest.mark.parametrize("command", [["kit", "squad.csv"], ["render", "--from", "urls.txt"]])
def test_nobody_starts_more_processes_than_a_machine_bears(
    command: list[str], jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main([*command, "-o", "x", f"--jobs={jobs}"])
    assert raised.value.code == 2
    assert "from 1 to 64" in capsys.readouterr().err


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


def test_sign_prints_a_url_that_the_service_accepts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "k" * 32
    monkeypatch.setenv("BLUEHEART_URL_KEYS", f"{key},{'o' * 32}")
    assert main(["sign", "https://badges.example/badge/wear.svg?name=Zoë&lang=en&download=1&sig=old"]) == 0
    signed = capsys.readouterr().out.strip()
    signature = Signatures((key.encode(),)).sign("/badge/wear.svg?name=Zo%C3%AB")
    assert signed == f"https://badges.example/badge/wear.svg?name=Zo%C3%AB&download=1&sig={signature}"
    assert main(["sign", "badge/wear.json?name=Zoë"]) == 0
    assert capsys.readouterr().out.strip() == f"/badge/wear.json?name=Zo%C3%AB&sig={signature}"


def test_sign_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("BLUEHEART_URL_KEYS", raising=False)
    assert main(["sign", "badge/wear.svg?name=Zoë"]) == 2
    assert "BLUEHEART_URL_KEYS is empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    "more", ["", "&for=whatsapp", "&utm_source=x&download=1&maxage=60", "&lang=fr&scale=1"]
)
def test_what_sign_prints_asks_for_the_very_picture_that_it_was_given(
    more: str, kit: Kit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "k" * 32
    monkeypatch.setenv("BLUEHEART_URL_KEYS", key)
    asked = f"/card/supporter.jpg?name=Zoë%20%26%20Ana{more}"
    assert main(["sign", asked]) == 0
    path, _, query = capsys.readouterr().out.strip().partition("?")
    given = kit.catalogue.parse(path, query.encode())
    wanted = kit.catalogue.parse(path, asked.partition("?")[2].encode())
    assert given.spec == wanted.spec
    assert (given.download, given.maxage_s, given.ignored) == (wanted.download, wanted.maxage_s, ())
    assert Signatures((key.encode(),)).hold(given.spec.canonical, given.signature)
