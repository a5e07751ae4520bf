"""`blueheart pledges invalidate`: first it only counts, then it removes, in the open."""

import asyncio
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from badge.cli import main
from badge.limits import Networks
from badge.pledges import Ledger, Pledge, Source, Trail
from badge.store import open_stores


@pytest.fixture
def folder(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = short_dir / uuid.uuid4().hex[:8]
    monkeypatch.setenv("BLUEHEART_DATA_DIR", str(folder))
    return folder


async def pledge(folder: Path, count: int) -> None:
    stores = await open_stores("", "", folder)
    for _ in range(count):
        await Ledger(stores.pledges).pledge(Pledge("world", Source.API, "BE"), str(uuid.uuid4()))
    await stores.aclose()


def test_a_run_is_counted_first_and_removed_with_apply(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(pledge(folder, 6))
    day = datetime.now(UTC).date().isoformat()
    run = ["pledges", "invalidate", "--campaign", "world", "--source", "api"]
    assert main([*run, "--from", day, "--to", day]) == 0
    said = capsys.readouterr().out
    assert said == "6 pledges of world stand in this run\nnothing was changed; --apply removes them\n"
    assert main([*run, "--from", "2", "--to", "5", "--apply"]) == 0
    assert "4 pledges removed, 2 stand" in capsys.readouterr().out
    assert main(["audit"]) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ["--from", "5", "--to", "2"],
        ["--from", "yesterday", "--to", "2"],
        ["--from", "1", "--to", "2", "--source", "bots"],
        ["--from", "1", "--to", "2", "--prefix", "10.0.0.0/8"],
    ],
)
def test_a_run_that_cannot_be_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    try:
        status = main(["pledges", "invalidate", "--campaign", "world", *wrong])
    except SystemExit as end:
        status = end.code
    assert status == 2
    assert capsys.readouterr().err.startswith("blueheart: ")


@pytest.mark.parametrize(
    "command",
    [
        ["pledges", "invalidate", "--campaign", "wrold", "--from", "1", "--to", "2"],
        ["purge", "campaign", "wrold"],
    ],
)
def test_a_campaign_that_is_not_there_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(command) == 2
    assert capsys.readouterr().err == "blueheart: there is no campaign 'wrold'; try world\n"


def test_a_network_of_today_can_be_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def note() -> None:
        stores = await open_stores("", "", folder)
        await Ledger(stores.pledges).pledge(Pledge("world", Source.API), str(uuid.uuid4()))
        trail = Trail(stores.blobs, Networks(stores.blobs))
        trail.note("world", "192.0.2.9", 1)
        await trail.flush()
        run = ["pledges", "invalidate", "--campaign", "world", "--from", "1", "--to", "9", "--prefix"]
        # Beside a service that runs: the cache store lives, and with it the salt.
        for prefix, count in (("192.0.2.0/24", 1), ("198.51.100.0/24", 0)):
            assert await asyncio.to_thread(main, [*run, prefix]) == 0
            assert f"{count} pledges of world stand in this run" in capsys.readouterr().out
        await stores.aclose()

    asyncio.run(note())
