"""Limits per network: how many pledges a /24 (IPv4) or /48 (IPv6) may make in a while, without knowing it."""

import hashlib
import ipaddress
import re
import secrets
import time

from badge.errors import TooManyRequests
from badge.store.blobs import BlobStore
from badge.store.lane import StoreError

_RATE = re.compile(r"([1-9][0-9]{0,6})/(second|minute|hour|day)")
_WINDOW_S = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_SALT_KEY = "limits:salt"
_SALT_S = 86400


class PledgeLimits:
    """Admits so many pledges a window from one network, as "30/minute", or all of them ("off").

    Networks are known only by a hash under a salt that lives for a day in the cache store and nowhere else.
    Where that store is away everyone is admitted: a limit that fails must not stop a pledge.
    """

    def __init__(self, blobs: BlobStore, rate: str) -> None:
        match = _RATE.fullmatch(rate)
        if match is None and rate != "off":
            raise ValueError(
                f"a limit is written as 30/minute (second, minute, hour, day) or off, not {rate!r}"
            )
        self._blobs = blobs
        self._most = int(match[1]) if match else 0
        self._window_s = _WINDOW_S[match[2]] if match else 0

    async def admit(self, address: str) -> None:
        """Counts one pledge from an address; raises TooManyRequests."""
        if not self._most:
            return
        window, elapsed_s = divmod(int(time.time()), self._window_s)
        try:
            digest = hashlib.sha256(await self._salt() + network(address).encode()).hexdigest()[:24]
            key = f"limits:{self._most}:{self._window_s}:{window}:{digest}"
            made = await self._blobs.bump(key, self._window_s)
        except StoreError:
            return
        if made > self._most:
            raise TooManyRequests(
                f"More than {self._most} pledges came from your network; wait a little and try again.",
                retry_after_s=self._window_s - elapsed_s,
            )

    async def _salt(self) -> bytes:
        salt = await self._blobs.get(_SALT_KEY)
        if salt is None:
            await self._blobs.acquire(_SALT_KEY, secrets.token_hex(16), _SALT_S * 1000)
            salt = await self._blobs.get(_SALT_KEY)
        if salt is None:
            raise StoreError("it keeps nothing")
        return salt


def network(address: str) -> str:
    """Returns the /24 or /48 of an address; anything else is one network of its own."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
