"""Networks instead of addresses, digests instead of networks: enough to count by, too little to know by."""

import hashlib
import ipaddress
import re
import secrets
import time

from badge.store import BlobStore, StoreError

_SALT_KEY = "limits:salt"
_SALT_S = 86400
_ASK_AGAIN_S = 5.0
# What most addresses are, as `ipaddress` reads them, which takes 20 times as long.
_IPV4 = re.compile(r"((?:BYTE\.){3})BYTE".replace("BYTE", "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"))


class Networks:
    """Turns addresses into digests under a salt that lives for a day, in the cache store and nowhere else."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._salt = b""
        self._until = 0.0

    async def digest(self, address: str) -> str:
        """Returns the digest of an address's network, the same for a day; raises StoreError."""
        if time.monotonic() >= self._until:
            self._salt, self._until = await self._find_salt(), time.monotonic() + _ASK_AGAIN_S
        return hashlib.sha256(self._salt + network(address).encode()).hexdigest()[:24]

    async def _find_salt(self) -> bytes:
        salt = await self._blobs.get(_SALT_KEY)
        if salt is None:
            await self._blobs.acquire(_SALT_KEY, secrets.token_hex(16), _SALT_S * 1000)
            salt = await self._blobs.get(_SALT_KEY)
        if salt is None:
            raise StoreError("it keeps nothing")
        return salt


def network(address: str) -> str:
    """Returns the /24 (IPv4) or /48 (IPv6) of an address; anything else is one network of its own."""
    if ipv4 := _IPV4.fullmatch(address):
        return f"{ipv4[1]}0/24"
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
