"""Which pledges came from which network: known for a day at most, by digest, in the cache store alone.

It is there for one purpose: to take back a run of false pledges that came from one place.
"""

import asyncio
import ipaddress
import struct
from collections import defaultdict

from badge.errors import InvalidField
from badge.limits.network import Networks, network
from badge.pledges.pace import Pace
from badge.store.blobs import BlobStore
from badge.store.lane import StoreError

_DAY_S = 86400
_MOST_BYTES = 2**20  # 262,144 pledges of one network in one campaign


class Trail:
    """Notes and finds the sequences of pledges by network."""

    def __init__(self, blobs: BlobStore, networks: Networks) -> None:
        self._blobs = blobs
        self._networks = networks
        self._made: defaultdict[tuple[str, str], bytearray] = defaultdict(bytearray)

    def note(self, campaign: str, address: str, sequence: int) -> None:
        """Notes a pledge; the store hears of it with the next flush()."""
        self._made[campaign, network(address)] += struct.pack(">I", sequence)

    async def flush(self) -> None:
        """Tells the store what was noted; where it is away that is forgotten."""
        made, self._made = self._made, defaultdict(bytearray)
        for (campaign, net), packed in made.items():
            try:
                key = _key(campaign, await self._networks.digest(net.partition("/")[0]))
                await self._blobs.append(key, bytes(packed), _DAY_S, _MOST_BYTES)
            except StoreError:
                return

    async def sequences(self, campaign: str, prefix: str) -> set[int]:
        """Returns the sequences that came from a prefix, as 192.0.2.0/24; raises InvalidField, StoreError."""
        try:
            asked = ipaddress.ip_network(prefix)
        except ValueError:
            asked = None
        if asked is None or network(str(asked.network_address)) != str(asked):
            raise InvalidField("a prefix is a /24 of IPv4 or a /48 of IPv6, as 192.0.2.0/24", field="prefix")
        key = _key(campaign, await self._networks.digest(str(asked.network_address)))
        packed = await self._blobs.get(key) or b""
        return {sequence for (sequence,) in struct.iter_unpack(">I", packed[: len(packed) // 4 * 4])}


async def flushing(*noted: Pace | Trail, every_s: float = 0.5) -> None:
    """Flushes what was noted, for ever: one message for many pledges."""
    while True:
        await asyncio.sleep(every_s)
        for one in noted:
            await one.flush()


def _key(campaign: str, digest: str) -> str:
    return f"limits:trail:{campaign}:{digest}"
