"""`blueheart audit` on a data folder of its own: what it says, and how it ends."""

import asyncio
import uuid
from pathlib import Path

import pytest
from redis.asyncio import Redis

from badge.cli import main
from badge.pledges import Ledger, Pledge, Source
from badge.store import EmbeddedStore, open_stores


@pytest.fixture
def folder(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = short_dir / uuid.uuid4().hex[:8]
    monkeypatch.setenv("BLUEHEART_DATA_DIR", str(folder))
    return folder


async def spoil(folder: Path) -> None:
    stores = await open_stores("", "", folder)
    await Ledger(stores.pledges).pledge(Pledge("world", Source.WEB, "BE", "nl"), str(uuid.uuid4()))
    async with Redis.from_url(EmbeddedStore(folder).endpoints.data, protocol=2) as data:
        await data.hincrby("bh:{world}:c", "BE", 5)
    await stores.aclose()


def test_differences_are_named_repaired_and_gone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(spoil(folder))
    assert main(["audit"]) == 1
    said = capsys.readouterr().out
    assert "world: 1 entries, 1 pledges stand, DIFFERS; --repair makes it anew from the log" in said
    assert "  country BE: the counter says 6, the log 1" in said
    assert main(["audit", "--campaign", "world", "--repair"]) == 1
    assert "world: 1 entries, 1 pledges stand, repaired" in capsys.readouterr().out
    assert main(["audit"]) == 0
    assert (
        capsys.readouterr().out
        == "world: 1 entries, 1 pledges stand, agrees\n1 campaigns, 0 with differences\n"
    )


def test_a_campaign_that_is_not_there_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--campaign", "wrold"]) == 2
    assert "there is no campaign 'wrold'" in capsys.readouterr().err
    assert main(["audit", "--campaign", "No Such"]) == 2
    assert "'No Such' is no campaign: a slug has 1 to 64 of a to z" in capsys.readouterr().err


def test_a_ledger_whose_campaign_was_lost_is_audited(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def pledged() -> None:
        stores = await open_stores("", "", folder)
        await Ledger(stores.pledges).pledge(Pledge("lost-one", Source.WEB, None, None), str(uuid.uuid4()))
        await stores.aclose()

    asyncio.run(pledged())
    assert main(["audit", "--campaign", "lost-one"]) == 0
    assert "lost-one: 1 entries, 1 pledges stand, agrees" in capsys.readouterr().out


def test_a_store_that_is_away_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BLUEHEART_REDIS_URL", "redis://127.0.0.1:1")
    assert main(["audit"]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("blueheart: the pledge store: ")
