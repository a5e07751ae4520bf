"""The register of campaigns: finds them, makes them, and lets their owners change them."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from badge.campaigns.campaign import THE_WORLD, WORLD, Campaign, Status
from badge.campaigns.crest import redraw
from badge.campaigns.owner import NOBODY, Doorkeeper, Role, digest_of, new_owner_key
from badge.campaigns.rules import checked
from badge.campaigns.slug import MAX_SLUG, is_slug, skeleton
from badge.content import RefusedWords
from badge.errors import Conflict, InvalidField, NotFound, NotOpen, Unauthorized, Unavailable
from badge.pledges.shelf import Shelf
from badge.store.campaigns import CampaignStore, Record
from badge.store.lane import StoreError

_FRESH_S = 2.0
_TRIES = 4
_RUN = 500
_MODERATED = ("names", "statement", "crest")
_OWNERS_OWN = frozenset(
    f.name
    for f in fields(Campaign)
    if f.name not in ("slug", "version", "crest", "self_served", "approved", "closed")
)

Change = Callable[[Campaign, Role], Campaign]


class Campaigns:
    """Reads campaigns, at most two seconds old, and writes them; raises Unavailable."""

    def __init__(self, store: CampaignStore, refused: RefusedWords, doorkeeper: Doorkeeper) -> None:
        self._store = store
        self._refused = refused
        self.doorkeeper = doorkeeper
        self._shelf: Shelf[Campaign | None] = Shelf(self._read, _FRESH_S)

    async def get(self, slug: str) -> Campaign:
        """Returns a campaign, whole; raises NotFound. `world` is always there."""
        try:
            found = (await self._shelf.get(slug)).value if is_slug(slug) else None
        except Unavailable:
            if slug != WORLD:
                raise
            found = THE_WORLD
        if found is None:
            raise _unknown(slug)
        return found

    async def taking(self, slug: str) -> Campaign:
        """Returns a campaign that takes pledges today; raises NotFound, NotOpen."""
        campaign = await self.get(slug)
        match campaign.status(datetime.now(UTC).date()):
            case Status.UPCOMING:
                raise NotOpen(
                    f"{slug} takes pledges from {campaign.starts_on} on; come back then", field="campaign"
                )
            case Status.ENDED:
                raise NotOpen(
                    f"{slug} took its last pledge on {campaign.ends_on}; pledge for world instead",
                    field="campaign",
                )
            case Status.CLOSED:
                raise NotOpen(
                    f"{slug} is closed, its count stays; pledge for world instead", field="campaign"
                )
        return campaign

    async def ledgers(self) -> AsyncIterator[str]:
        """Yields the slug of every campaign that may hold pledges, `world` first; raises StoreError."""
        yield WORLD
        async for slug in self.slugs():
            if slug != WORLD:
                yield slug

    async def create(self, draft: Campaign) -> tuple[Campaign, str]:
        """Keeps a new campaign; returns it and its owner key, which is shown only here.

        Raises Conflict where the slug is taken or a stranger's looks like another, InvalidField, LowContrast.
        """
        if draft.slug == WORLD:
            raise Conflict("world is there already; edit it", field="slug")
        campaign = checked(draft, self._refused)
        key = new_owner_key()
        await self._keep(campaign, digest_of(key))
        return campaign, key

    async def edit(self, slug: str, token: str | None, values: Mapping[str, Any]) -> Campaign:
        """Changes some fields; raises Unauthorized, NotFound, InvalidField, LowContrast, Conflict.

        The owner of a self-served campaign waits for approval again after a change of what readers see.
        """
        if strange := set(values) - _OWNERS_OWN:
            raise InvalidField(f"{min(strange)} cannot be edited", field=min(strange))
        return await self._change(slug, token, lambda campaign, _: replace(campaign, **values))

    async def close(self, slug: str, token: str | None) -> Campaign:
        """Ends a campaign for good: its page and its count stay, it takes no more pledges."""

        def closed(campaign: Campaign, _: Role) -> Campaign:
            if slug == WORLD:
                raise Conflict("world stays open")
            return replace(campaign, closed=True)

        return await self._change(slug, token, closed)

    async def approve(self, slug: str, token: str | None) -> Campaign:
        """Has the crest and the texts of a self-served campaign shown; only the administrator may."""

        def approved(campaign: Campaign, role: Role) -> Campaign:
            if role is not Role.ADMINISTRATOR:
                raise Unauthorized(
                    "only the administrator approves campaigns: send the administrator's token"
                )
            return replace(campaign, approved=True)

        return await self._change(slug, token, approved)

    async def rotate_key(self, slug: str, token: str | None) -> str:
        """Returns a new owner key; the old one opens nothing any more."""
        key = new_owner_key()
        await self._change(slug, token, lambda campaign, _: campaign, owner=digest_of(key))
        return key

    async def set_crest(self, slug: str, token: str | None, body: bytes) -> Campaign:
        """Keeps a crest that was made safe to show, empty for none; raises as edit()."""
        digest = _digest_of(body)
        await self.owned(slug, token)
        replaced = ""

        def crested(campaign: Campaign, _: Role) -> Campaign:
            nonlocal replaced
            replaced = campaign.crest
            return replace(campaign, crest=digest)

        try:
            if body:
                await self._store.put_crest(slug, digest, body)
            try:
                after = await self._change(slug, token, crested)
            except (Conflict, Unauthorized):
                # Who sends many at once leaves none behind: nothing else would ever delete it.
                if digest != (await self._load(slug))[1].crest:
                    await self._store.drop_crest(slug, digest)
                raise
            if replaced and replaced != digest:
                await self._store.drop_crest(slug, replaced)
        except StoreError as error:
            raise _away() from error
        return after

    async def crest(self, campaign: Campaign) -> bytes | None:
        """Returns the bytes of a campaign's crest, None where it has none."""
        try:
            return await self._store.crest(campaign.slug, campaign.crest) if campaign.crest else None
        except StoreError as error:
            raise _away() from error

    async def owned(self, slug: str, token: str | None) -> Campaign:
        """Returns a campaign as its owner sees it; raises Unauthorized, NotFound."""
        record, campaign = await self._load(slug)
        self.doorkeeper.admit(token, record.owner if record else NOBODY)
        return campaign

    async def kept(self, slug: str) -> tuple[bytes, Campaign]:
        """Returns what knows the owner's key, and the campaign, as they are kept at this moment."""
        record, campaign = await self._load(slug)
        return record.owner if record else NOBODY, campaign

    async def slugs(self) -> AsyncIterator[str]:
        """Yields the slug of every campaign that was made, in their order."""
        after = ""
        while found := await self._store.slugs(after, _RUN):
            for slug in found:
                if await self._store.read(slug) is not None:
                    yield slug
            after = found[-1]

    async def restore(self, campaign: Campaign, owner: bytes, crest: bytes) -> None:
        """Keeps a campaign of an export under its old key; raises Conflict, InvalidField."""
        if len(owner) != len(NOBODY):
            raise InvalidField("owner is not the digest of a key", field="owner")
        if crest:
            crest = redraw(crest)
        digest = _digest_of(crest)
        await self._keep(replace(checked(campaign, self._refused), crest=digest), owner)
        if crest:
            await self._store.put_crest(campaign.slug, digest, crest)

    async def _keep(self, campaign: Campaign, owner: bytes) -> None:
        try:
            # The index first, so that no campaign is ever outside of it; a slug without one is skipped.
            first = await self._store.rank(
                campaign.slug, None, None, looks=skeleton(campaign.slug), yields=campaign.self_served
            )
            if campaign.self_served and first != campaign.slug:
                raise Conflict(
                    f"{campaign.slug} looks like {first}, which is there already; choose a slug that nobody "
                    "takes for it, or ask the administrator",
                    field="slug",
                )
            if not await self._store.swap(campaign.slug, None, _pack(owner, campaign)):
                raise Conflict(f"{campaign.slug} is taken; choose another slug", field="slug")
        except StoreError as error:
            raise _away() from error
        self._shelf.forget(campaign.slug)

    async def _change(
        self, slug: str, token: str | None, change: Change, owner: bytes | None = None
    ) -> Campaign:
        for _ in range(_TRIES):
            record, before = await self._load(slug)
            role = self.doorkeeper.admit(token, record.owner if record else NOBODY)
            wanted = checked(change(before, role), self._refused)
            is_new_text = any(getattr(wanted, name) != getattr(before, name) for name in _MODERATED)
            if is_new_text and before.self_served and role is Role.OWNER:
                wanted = replace(wanted, approved=False)
            after = replace(wanted, version=before.version + 1)
            new = _pack(owner or (record.owner if record else NOBODY), after)
            try:
                if await self._store.swap(slug, record, new):
                    self._shelf.forget(slug)
                    return after
            except StoreError as error:
                raise _away() from error
        raise Conflict(f"{slug} is being edited by somebody else at this moment; look at it and try again")

    async def _load(self, slug: str) -> tuple[Record | None, Campaign]:
        if not is_slug(slug):
            raise _unknown(slug)
        try:
            record = await self._store.read(slug)
        except StoreError as error:
            raise _away() from error
        if record is not None:
            return record, _unpack(record)
        if slug == WORLD:
            return None, THE_WORLD
        raise _unknown(slug)

    async def _read(self, slug: str, timeout_s: float) -> Campaign | None:
        record = await self._store.read(slug, timeout_s)
        if record is None:
            return THE_WORLD if slug == WORLD else None
        return _unpack(record)


def _pack(owner: bytes, campaign: Campaign) -> Record:
    return Record(owner, msgspec.json.encode(campaign))


def _unpack(record: Record) -> Campaign:
    return msgspec.json.decode(record.content, type=Campaign)


def _unknown(slug: str) -> NotFound:
    return NotFound(f"there is no campaign {slug[:MAX_SLUG]!r}; try world", field="campaign")


def _digest_of(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest() if body else ""


def _away() -> Unavailable:
    return Unavailable("campaigns cannot be changed now: the store does not answer; try again")
