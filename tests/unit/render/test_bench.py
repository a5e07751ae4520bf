import json

import pytest

from badge.cli import main
from badge.render.bench import unique_name


def test_every_format_of_a_template_is_measured_on_its_own_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "badge/wear", "pin/icon", "--seconds", "0.1"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["work"].partition(".")[0] for line in lines} == {"/badge/wear", "/pin/icon"}
    for line in lines:
        assert line["who"] == "blue-heart"
        assert 0 < line["p50_ms"] <= line["p99_ms"]
        assert line["bytes"] > 200


def test_no_two_names_are_alike() -> None:
    assert len({unique_name(number) for number in range(5000)}) == 5000


@pytest.mark.parametrize(
    ("more", "words"), [(["badge/waer"], "badge/wear"), (["--seconds", "nan"], "0.1 to 60")]
)
def test_a_wrong_call_says_what_would_be_right(
    more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *more]) == 2
    assert words in capsys.readouterr().err
