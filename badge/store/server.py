"""What a server says of itself, and whether it may hold pledges."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badge.store.lane import Commands, StoreError
from badge.store.setup import StoreSetupError


class EvictsPledges(StoreError, StoreSetupError):
    """The data store is set to evict keys: refused at the start, and 503 where it came back like that."""


@dataclass(frozen=True, slots=True)
class Server:
    """What a server says of itself in INFO."""

    name: str
    run_id: str
    eviction: str
    appends: bool
    is_old: bool
    is_replica: bool
    replicas: int

    @classmethod
    def read(cls, info: bytes) -> "Server":
        """Reads the text of INFO."""
        pairs = (line.split(":", 1) for line in info.decode(errors="replace").splitlines() if ":" in line)
        facts = {name: value.strip() for name, value in pairs}
        kind = "valkey" if "valkey_version" in facts else "redis"
        return cls(
            name=f"{kind} {facts.get(f'{kind}_version', '?')}",
            run_id=facts.get("run_id", ""),
            eviction=facts.get("maxmemory_policy", ""),
            appends=facts.get("aof_enabled", "") == "1",
            # Valkey too says which Redis it stands for.
            is_old=int(facts.get("redis_version", "7").partition(".")[0]) < 7,
            is_replica=facts.get("role", "") == "slave",
            replicas=int(facts.get("connected_slaves", "0")),
        )


async def servers(lane: Commands, timeout_s: float) -> list[Server]:
    """Returns what each server of a store says of itself; raises StoreError."""
    return [Server.read(info) for info in await lane.each("INFO", timeout_s=timeout_s)]


async def check_fit(lane: Commands, found: Sequence[Server], replicas: int, timeout_s: float) -> list[str]:
    """Returns what of a data store's servers loses pledges, a sentence each.

    Raises EvictsPledges where one would throw pledges away, StoreError where one does not answer.
    """
    for server in found:
        if server.eviction.startswith("allkeys-"):
            raise EvictsPledges(
                f"{server.name} evicts pledges to make room (maxmemory-policy {server.eviction}): "
                "set maxmemory-policy noeviction on the server of BLUEHEART_REDIS_URL"
            )
    said = dict.fromkeys(sentence for server in found for sentence in faults(server, replicas))
    if all(server.appends for server in found):
        with contextlib.suppress(StoreError):  # a managed server may forbid CONFIG
            for reply in await lane.each("CONFIG", "GET", "appendfsync", timeout_s=timeout_s):
                fsync = _flat(reply).get("appendfsync", "always")
                if fsync != "always":
                    said[f"appendfsync is {fsync}, a power cut loses pledges"] = None
    return list(said)


def faults(server: Server, replicas: int) -> list[str]:
    """Returns what of one server loses pledges, or keeps it from taking them, a sentence each."""
    found = []
    if server.is_old:
        found.append(f"{server.name} is too old for the ledger: it wants Redis 7.0, Valkey 7.2 or newer")
    if server.is_replica:
        found.append("it is a replica: pledges answer 503 until it takes writes")
    elif server.replicas < replicas:
        found.append(
            f"{server.replicas} replicas where {replicas} must have each pledge: those answer 503 until then"
        )
    if server.eviction.startswith("volatile-"):
        found.append("set maxmemory-policy noeviction, or a retry may count twice")
    if not server.appends:
        found.append("appendonly is off, a crash loses pledges: turn it on")
    return found


def _flat(reply: Any) -> Mapping[str, str]:
    words = [word.decode() if isinstance(word, bytes) else str(word) for word in reply]
    return dict(zip(words[::2], words[1::2], strict=False))
