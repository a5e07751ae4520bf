from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from badge.content import days_to_world_day, load_strings


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_the_days_are_those_of_the_zone(client: httpx.AsyncClient, zone: str) -> None:
    before = datetime.now(ZoneInfo(zone)).date()
    answer = await client.get("/badge/countdown.json", params={"tz": zone})
    dates = (before, datetime.now(ZoneInfo(zone)).date())
    says = [load_strings().lang("en").count_days(days_to_world_day(day)) for day in dates]
    assert answer.json()["alt"] in [f"Blue Heart Campaign: {said}" for said in says]


async def test_a_countdown_is_kept_for_a_minute_at_most_and_needs_no_store(client: httpx.AsyncClient) -> None:
    answer = await client.get("/badge/countdown.svg")
    assert answer.headers["cache-control"] == "public, max-age=30, stale-while-revalidate=30"
    again = await client.get("/badge/countdown.svg", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code in (200, 304)
    ignored = await client.get("/badge/countdown.svg?utm_source=x")
    assert ignored.headers["blue-heart-ignored"] == "utm_source"


async def test_a_countdown_wears_its_campaigns_accent_as_every_pill(client: httpx.AsyncClient) -> None:
    unknown = await client.get("/badge/countdown.svg?campaign=nobody")
    assert (unknown.status_code, unknown.json()["field"]) == (404, "campaign")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "utc%00", "../../etc/passwd", "Europe%2Fbrussels"])
async def test_a_zone_that_nobody_has_is_refused(client: httpx.AsyncClient, zone: str) -> None:
    answer = await client.get(f"/badge/countdown.svg?tz={zone}")
    assert answer.status_code == 422
    assert answer.json()["field"] == "tz"


async def test_the_long_form_of_an_address_has_the_key_of_the_short_one(client: httpx.AsyncClient) -> None:
    long = await client.get("/badge/flat/a_b-c--d%2Fe-brightgreen.svg?style=plastic")
    short = await client.get("/badge/flat.svg?label=a%20b&message=c-d/e&color=4b0&style=plastic")
    assert long.status_code == short.status_code == 200
    assert long.headers["etag"] == short.headers["etag"]
    assert (await client.get("/badge/wear/Ana.svg")).status_code == 404
    assert (await client.get("/badge/flat/a-b-c-d.svg")).json()["field"] == "color"
