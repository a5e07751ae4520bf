"""The register on a real store: made once, changed by whoever holds the key, moderated where self-served."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from badge.campaigns import Campaign, Campaigns, Doorkeeper
from badge.content import load_refused
from badge.errors import Conflict, InvalidField, NotFound, NotOpen, Unauthorized
from badge.store import Stores

from .conftest import ADMIN


async def test_a_campaign_is_made_once_and_its_key_is_kept_nowhere(
    campaigns: Campaigns, stores: Stores, slug: str
) -> None:
    made, key = await campaigns.create(Campaign(slug=slug, names={"en": "Club"}))
    assert (await campaigns.get(slug)) == made
    with pytest.raises(Conflict, match="taken"):
        await campaigns.create(Campaign(slug=slug, names={"en": "Another"}))
    kept = await stores.campaigns.read(slug)
    assert kept is not None
    assert key.encode() not in kept.packed
    assert slug in await stores.campaigns.slugs(slug[:-1], 1000)


async def test_of_many_at_once_one_gets_the_slug(campaigns: Campaigns, slug: str) -> None:
    made = await asyncio.gather(
        *(campaigns.create(Campaign(slug=slug, names={"en": f"Club {n}"})) for n in range(20)),
        return_exceptions=True,
    )
    assert sum(not isinstance(one, Exception) for one in made) == 1
    assert all(isinstance(one, Conflict) for one in made if isinstance(one, Exception))


@pytest.mark.parametrize(
    ("there", "alike"),
    [
        ("fc-barcelona", "fc-barce1ona"),
        ("fc-barcelona", "fc-barceiona"),
        ("fc-barcelona", "fcb-arcelona"),
        ("fc-barcelona", "fcbarcelona"),
        ("modern-vvw", "rnodem-wvv"),
        ("team-0815", "team-o8l5"),
    ],
)
async def test_a_strangers_slug_that_looks_like_another_campaigns_is_refused_and_leaves_nothing(
    campaigns: Campaigns, stores: Stores, slug: str, there: str, alike: str
) -> None:
    there, alike = f"{there}-{slug}", f"{alike}-{slug}"
    await campaigns.create(Campaign(slug=there, names={"en": "Club"}))
    draft = Campaign(slug=alike, names={"en": "Club"}, self_served=True, approved=False)
    with pytest.raises(Conflict, match=f"looks like {there}"):
        await campaigns.create(draft)
    assert alike not in await stores.campaigns.slugs(alike[:-1], 10)
    await campaigns.create(replace(draft, slug=f"2-{there}"))
    made, _ = await campaigns.create(replace(draft, self_served=False))  # the administrator insists
    assert (await campaigns.get(alike)) == made


async def test_of_two_strangers_at_once_whose_slugs_look_alike_one_gets_his(
    campaigns: Campaigns, slug: str
) -> None:
    drafts = [
        Campaign(slug=f"{a}-{slug}", names={"en": "Club"}, self_served=True) for a in ("a1", "al", "ai")
    ]
    made = await asyncio.gather(*map(campaigns.create, drafts), return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in made) == 2
    assert sum(isinstance(one, tuple) for one in made) == 1


async def test_only_the_key_or_the_administrator_changes_it(campaigns: Campaigns, slug: str) -> None:
    made, key = await campaigns.create(Campaign(slug=slug, names={"en": "Club"}))
    for token in (None, "", "bho_wrong", key[:-1], key + "x"):
        with pytest.raises(Unauthorized):
            await campaigns.edit(slug, token, {"goal": 5})
    for token in (key, ADMIN):
        made = await campaigns.edit(slug, token, {"goal": made.version * 10})
    assert made.version == 3
    assert (await campaigns.get(slug)).goal == 20
    for name in ("slug", "approved", "closed", "version", "self_served"):
        with pytest.raises(InvalidField, match="cannot be edited"):
            await campaigns.edit(slug, key, {name: "x"})


async def test_without_an_administrators_token_nobody_is_one(stores: Stores, slug: str) -> None:
    campaigns = Campaigns(stores.campaigns, load_refused(), Doorkeeper(""))
    await campaigns.create(Campaign(slug=slug, names={"en": "Club"}))
    for token in ("", ADMIN, "\0" * 32, None):
        for asked in (slug, "world"):
            with pytest.raises(Unauthorized):
                await campaigns.edit(asked, token, {"goal": 5})


async def test_a_rotated_key_opens_nothing(campaigns: Campaigns, slug: str) -> None:
    _, old = await campaigns.create(Campaign(slug=slug, names={"en": "Club"}))
    new = await campaigns.rotate_key(slug, old)
    with pytest.raises(Unauthorized):
        await campaigns.rotate_key(slug, old)
    assert (await campaigns.edit(slug, new, {"goal": 1})).goal == 1


async def test_edits_at_the_same_instant_are_all_kept(campaigns: Campaigns, slug: str) -> None:
    _, key = await campaigns.create(Campaign(slug=slug, names={"en": "Club"}))
    await asyncio.gather(
        campaigns.edit(slug, key, {"goal": 7}),
        campaigns.edit(slug, key, {"members": 9}),
        campaigns.edit(slug, key, {"country": "BE"}),
    )
    now = await campaigns.get(slug)
    assert (now.goal, now.members, now.country, now.version) == (7, 9, "BE", 4)


async def test_what_its_owner_rewrites_waits_for_approval_again(campaigns: Campaigns, slug: str) -> None:
    draft = Campaign(slug=slug, names={"en": "Club"}, self_served=True, approved=False)
    _, key = await campaigns.create(draft)
    with pytest.raises(Unauthorized, match="only the administrator"):
        await campaigns.approve(slug, key)
    assert (await campaigns.approve(slug, ADMIN)).shown.name() == "Club"
    assert (await campaigns.edit(slug, key, {"goal": 5})).approved
    assert not (await campaigns.edit(slug, key, {"names": {"en": "Other"}})).approved
    await campaigns.approve(slug, ADMIN)
    assert not (await campaigns.set_crest(slug, key, b"a crest")).approved


async def test_a_closed_campaign_takes_no_pledges(campaigns: Campaigns, slug: str) -> None:
    _, key = await campaigns.create(Campaign(slug=slug, names={"en": "Club"}))
    await campaigns.taking(slug)
    await campaigns.close(slug, key)
    with pytest.raises(NotOpen, match="closed"):
        await campaigns.taking(slug)
    with pytest.raises(Conflict):
        await campaigns.close("world", ADMIN)


async def test_days_decide_whether_pledges_are_taken(campaigns: Campaigns, slug: str) -> None:
    today = datetime.now(UTC).date()
    _, key = await campaigns.create(
        Campaign(slug=slug, names={"en": "Club"}, starts_on=today + timedelta(days=1))
    )
    with pytest.raises(NotOpen, match="from"):
        await campaigns.taking(slug)
    await campaigns.edit(slug, key, {"starts_on": None, "ends_on": today - timedelta(days=1)})
    with pytest.raises(NotOpen, match="last pledge"):
        await campaigns.taking(slug)


@pytest.mark.parametrize("slug", ["nobody", "", "x" * 500, "{world}", "Ünknown", "a:b"])
async def test_an_unknown_campaign_is_named(campaigns: Campaigns, slug: str) -> None:
    with pytest.raises(NotFound):
        await campaigns.get(slug)


async def test_the_world_is_always_there_and_the_administrators(campaigns: Campaigns) -> None:
    assert (await campaigns.taking("world")).name()
    edited = await campaigns.edit("world", ADMIN, {"goal": 1_000_000})
    assert (await campaigns.get("world")).goal == edited.goal == 1_000_000


async def test_an_old_crest_is_forgotten(campaigns: Campaigns, stores: Stores, slug: str) -> None:
    _, key = await campaigns.create(Campaign(slug=slug, names={"en": "Club"}))
    first = await campaigns.set_crest(slug, key, b"one")
    assert await campaigns.crest(first) == b"one"
    second = await campaigns.set_crest(slug, key, b"two")
    assert await campaigns.crest(second) == b"two"
    assert await stores.campaigns.crest(slug, first.crest) is None
    assert await campaigns.crest(await campaigns.set_crest(slug, key, b"")) is None


async def test_of_many_crests_at_once_one_is_kept(
    campaigns: Campaigns, stores: Stores, data: Redis, slug: str
) -> None:
    _, key = await campaigns.create(Campaign(slug=slug, names={"en": "Club"}))
    answers = await asyncio.gather(
        *(campaigns.set_crest(slug, key, b"crest %d" % n) for n in range(30)), return_exceptions=True
    )
    assert {type(one) for one in answers} == {Campaign, Conflict}
    kept = (await campaigns.owned(slug, key)).crest
    assert await data.keys(f"bh:{{{slug}}}:crest:*") == [f"bh:{{{slug}}}:crest:{kept}".encode()]
