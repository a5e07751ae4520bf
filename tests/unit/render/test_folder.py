from pathlib import Path

import pytest

from badge.cli import main
from badge.render import Kit
from badge.render.folder import draw_folder, plan_folder

LIST = """\
# the squad
badge/wear.svg?name=Zoë

https://badges.example/badge/wear.svg?name=Ana&utm_source=x
badge/wear.svg?nmae=Ana
badge/wear.svg?name=Ana
avatar/pin.webp?name=Ana&size=512&animate=beat
badge/wear.svg?name=..%2F..%2Fetc%2Fpasswd
"""


@pytest.fixture(scope="module")
def kit() -> Kit:
    return Kit.load()


def test_each_picture_is_drawn_once_and_a_bad_line_is_named(tmp_path: Path, kit: Kit) -> None:
    plan = plan_folder(LIST.splitlines(), tmp_path, kit)
    assert [r.line for r in plan.refused] == [5, 7]
    assert plan.refused[0].detail == "nmae is not a parameter; did you mean name?"
    assert "size=256 at scale=1 fits" in plan.refused[1].detail
    names = set(draw_folder(plan, tmp_path, processes=2))
    assert {path.name for path in tmp_path.iterdir()} == names
    assert sorted(name.rpartition("-")[0] for name in names) == [
        "wear-..-..-etc-passwd",
        "wear-Ana",
        "wear-Zoë",
    ]


def test_a_second_run_draws_only_what_is_missing(tmp_path: Path, kit: Kit) -> None:
    lines = LIST.splitlines()
    drawn = set(draw_folder(plan_folder(lines, tmp_path, kit), tmp_path, processes=1))
    lost = tmp_path / min(drawn)
    lost.unlink()
    plan = plan_folder(lines, tmp_path, kit)
    assert plan.already == 2
    assert set(plan.todo) == {lost.name}


def test_a_broken_off_picture_is_never_taken_for_a_whole_one(tmp_path: Path, kit: Kit) -> None:
    name = min(plan_folder(LIST.splitlines(), tmp_path, kit).todo)
    (tmp_path / f".{name}.part").write_bytes(b"<sv")
    assert name in plan_folder(LIST.splitlines(), tmp_path, kit).todo


def test_the_command_says_what_it_drew_and_fails_where_a_line_was_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text(LIST, "utf-8")
    assert main(["render", "--from", str(listed), "-o", str(tmp_path / "out"), "--jobs", "1"]) == 1
    said = capsys.readouterr()
    assert "3 drawn, 0 already there, 2 refused" in said.out
    assert said.err.count("\n") == 2
    assert f"{listed}:5: nmae" in said.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["badge/wear.svg?name=A", "--from", "x"], "either a picture"),
        ([], "either a picture"),
        (["--from", "nowhere.txt"], "nowhere.txt"),
        (["--from", "{latin}"], "latin.txt:2: not UTF-8"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(
    more: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latin = tmp_path / "latin.txt"
    latin.write_bytes("# squad\nbadge/wear.svg?name=Zoë".encode("latin-1"))
    call = [str(latin) if word == "{latin}" else word for word in more]
    assert main(["render", *call, "-o", str(tmp_path / "out")]) == 2
    assert words in capsys.readouterr().err
