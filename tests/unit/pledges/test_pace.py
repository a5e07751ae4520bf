import asyncio
import logging
import secrets
import time
from pathlib import Path

import altcha
import pytest

from badge.pledges import Challenges, Pace
from badge.store import Stores, open_stores
from badge.telemetry.tally import Tallies


@pytest.fixture
def slug() -> str:
    return f"c-{secrets.token_hex(6)}"


def new_pace(stores: Stores, surge: int = 20) -> tuple[Pace, Tallies]:
    tallies = Tallies()
    return Pace(stores.blobs, surge, tallies.row(0).cell(0)), tallies


async def note(pace: Pace, slug: str, count: int) -> None:
    for _ in range(count):
        pace.note(slug)
    await pace.flush()


@pytest.mark.parametrize(("pledges", "level"), [(19, 0), (22, 1), (39, 1), (44, 2), (88, 3), (5000, 3)])
async def test_each_doubling_of_a_flood_doubles_the_proof_eight_times_at_most(
    stores: Stores, slug: str, pledges: int, level: int
) -> None:
    pace, _ = new_pace(stores)
    await note(pace, slug, min(pledges, 300))
    if pledges > 300:
        now = int(time.time())
        for span_s in (60, 3600):
            await stores.blobs.put(f"pace:{slug}:{span_s}:{now // span_s}", b"%d" % pledges, 100)
    assert await pace.level(slug) == level


async def test_what_is_usual_for_a_large_campaign_is_no_flood(stores: Stores, slug: str) -> None:
    pace, _ = new_pace(stores)
    now = int(time.time())
    await stores.blobs.put(f"pace:{slug}:3600:{now // 3600 - 1}", b"30000", 100)
    await note(pace, slug, 100)
    assert await pace.level(slug) == 0


async def test_a_flood_is_told_once_with_the_campaign_and_its_pace(
    stores: Stores, slug: str, caplog: pytest.LogCaptureFixture
) -> None:
    pace, tallies = new_pace(stores)
    await note(pace, slug, 50)
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            await pace.level(slug)
    [record] = caplog.records
    assert record.facts["campaign"] == slug  # type: ignore[attr-defined]
    assert record.facts["harder"] == 4  # type: ignore[attr-defined]
    assert tallies.row(0).total(0) == 1


async def test_challenges_become_harder_while_a_flood_lasts(stores: Stores, slug: str) -> None:
    pace, _ = new_pace(stores)
    challenges = Challenges(stores.pledges, cost=1, attempts=2, pace=pace)
    calm = [await tries(await challenges.issue(slug)) for _ in range(40)]
    await note(pace, slug, 100)
    await asyncio.sleep(1.05)
    flooded = [await tries(await challenges.issue(slug)) for _ in range(40)]
    assert max(calm) <= 2
    assert 2 < max(flooded) <= 2 * 16 - 2


async def tries(challenge: dict[str, object]) -> int:
    solved = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    assert solved is not None
    return int(solved.counter)


async def test_without_the_cache_store_all_is_quiet(tmp_path: Path, slug: str) -> None:
    nowhere = "redis://127.0.0.1:1"
    stores = await open_stores(nowhere, nowhere, tmp_path)
    pace, _ = new_pace(stores)
    await note(pace, slug, 50)
    assert await pace.level(slug) == 0
    await stores.aclose()
