"""A limit: each network has a bucket of tokens that refills steadily, and every act takes one."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from badge.limits.network import Networks
from badge.limits.rate import Rate
from badge.store import BlobStore, StoreError
from badge.telemetry import Metrics


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a limit says to one act: whether it may be, how many more may follow at once, and when to return.

    `reset_s` is until the bucket is full; where the act may not be, until there is one token again.
    """

    limit: str
    rate: Rate
    admits: bool
    remaining: int
    reset_s: int


class Limit:
    """Lets each network act so often, all of it at once if it likes; None as the rate lets everyone through.

    Where the cache store is away everyone is let through, and counted: a limit that fails must stop nobody.
    """

    def __init__(
        self, name: str, rate: Rate | None, blobs: BlobStore, networks: Networks, metrics: Metrics
    ) -> None:
        self._name = name
        self._rate = rate
        self._blobs = blobs
        self._networks = networks
        self._refusals = metrics.limit_refusals.cell(name)
        self._fail_opens = metrics.limit_fail_opens.cell(name)

    async def take(self, address: str) -> Allowance | None:
        """Takes a token for one act from this address; None where nobody counts."""
        return await self._take(self._networks.digest, address)

    async def take_of(self, campaign: str) -> Allowance | None:
        """Takes a token from the bucket that all the world shares for one campaign; None as take()."""
        return await self._take(_itself, campaign)

    async def _take(self, name: Callable[[str], Awaitable[str]], subject: str) -> Allowance | None:
        rate = self._rate
        if rate is None:
            return None
        try:
            key = f"limits:{self._name}:{rate}:{await name(subject)}"
            admits, wait_ms = await self._blobs.take(key, rate.most, rate.window_s * 1000)
        except StoreError:
            self._fail_opens.add()
            return None
        if not admits:
            self._refusals.add()
        remaining = int(rate.most * (1 - wait_ms / (rate.window_s * 1000))) if admits else 0
        return Allowance(self._name, rate, admits, remaining, math.ceil(wait_ms / 1000))


async def _itself(subject: str) -> str:
    return subject
