"""`blueheart campaign`, run as an administrator would, on a store of its own."""

import asyncio
import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from badge.cli import main
from badge.settings import Settings
from badge.store import open_stores

Run = Callable[..., str]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("BLUEHEART_DATA_DIR", str(settings.data_dir))

    def run(*arguments: str, status: int = 0) -> str:
        assert main(["campaign", *arguments]) == status
        said = capsys.readouterr()
        return said.out if status == 0 else said.err

    return run


@pytest.fixture
def slug() -> str:
    return f"club-{secrets.token_hex(5)}"


def listed(settings: Settings) -> list[str]:
    async def read() -> list[str]:
        stores = await open_stores("", "", settings.data_dir)
        page = await stores.campaigns.board("totals", ("", ""), 1000)
        await stores.aclose()
        return [slug for slug, _ in page.rows]

    return asyncio.run(read())


def test_a_campaign_is_made_edited_approved_and_closed(
    run: Run, settings: Settings, slug: str, tmp_path: Path
) -> None:
    Image.new("RGB", (90, 90), "#aa0000").save(tmp_path / "crest.png")
    key = run("create", slug, "--name", "nl=De Club", "--ground", "0055a4", "--accent", "000", "--goal", "50",
              "--crest", str(tmp_path / "crest.png"), "--starts-on", "2026-07-01").strip()  # fmt: skip
    assert key.startswith("bho_")
    assert key not in run("show", slug)
    edited = json.loads(run("edit", slug, "--name", "en=The Club", "--goal", "", "--languages", "nl,en"))
    assert edited["names"] == {"nl": "De Club", "en": "The Club"}
    assert edited["goal"] is None
    assert edited["colours"] == {"ground": "#0055a4", "accent": "#000000"}
    assert len(edited["crest"]) == 24
    assert run("rotate-key", slug).strip() not in ("", key)
    run("approve", slug)
    assert slug in listed(settings)
    run("close", slug)
    assert any(line.split()[:3] == [slug, "0", "closed"] for line in run("list").splitlines())


def test_what_cannot_be_is_one_sentence(run: Run, slug: str) -> None:
    assert "reads like unodc" in run("create", "unodc-fans", "--name", "en=Fans", status=2)
    assert "names is empty" in run("create", slug, status=2)
    assert "there is no campaign" in run("show", slug, status=2)
    assert "together" in run("create", slug, "--name", "en=A", "--ground", "000", status=2)


@pytest.mark.parametrize(
    ("option", "wrong", "right"),
    [("--ends-on", "31/12/2026", "a day as 2026-07-30"), ("--goal", "many", "a whole number")],
)
def test_a_value_that_is_misspelt_is_told_how_it_is_written(
    run: Run, slug: str, option: str, wrong: str, right: str
) -> None:
    said = run("create", slug, "--name", "en=A", option, wrong, status=2)
    assert said == f"blueheart: {option} wants {right}, not {wrong!r}\n"


def test_an_export_is_made_again_elsewhere(run: Run, slug: str, tmp_path: Path) -> None:
    Image.new("RGB", (90, 90), "#00aa00").save(tmp_path / "crest.png")
    run("create", slug, "--name", "en=The Club", "--crest", str(tmp_path / "crest.png"))
    run("export", "-o", str(tmp_path / "all.jsonl"))
    (line,) = [one for one in (tmp_path / "all.jsonl").read_text().splitlines() if f'"slug":"{slug}"' in one]
    moved = slug + "-moved"
    (tmp_path / "one.jsonl").write_text(line.replace(f'"slug":"{slug}"', f'"slug":"{moved}"'))
    assert run("import", str(tmp_path / "one.jsonl")).strip() == moved
    before, after = json.loads(run("show", slug)), json.loads(run("show", moved))
    assert after == before | {"slug": moved}
    assert run("import", str(tmp_path / "one.jsonl")).strip() == moved  # the same again is no harm
    run("edit", moved, "--goal", "7")
    assert "is taken" in run("import", str(tmp_path / "one.jsonl"), status=2)
    (tmp_path / "none.jsonl").write_text("{}")
    assert "line 1" in run("import", str(tmp_path / "none.jsonl"), status=2)
