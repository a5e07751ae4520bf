"""The cache side: bytes that may vanish; each call is bounded, and a failure is a miss to its caller."""

import re

from badge.store.lane import Commands, Script

# Kept apart from the ledger's keys, in case a deployer gives one server for both.
_PREFIX = "bh:cache:"

_RELEASE = Script(
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)
_RENEW = Script(
    "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end "
    "return redis.call('PEXPIRE', KEYS[1], ARGV[2])"
)
# A bucket is the moment at which it is full again (the generic cell rate algorithm, ITU-T I.371): one number
# that expires by itself. The clock is the store's, since replicas' differ; where that went back, a bucket
# that would be full later than it ever may is full now, or nobody could draw until the clock is there again.
_TAKE = Script(
    """
    local time, most, window_ms = redis.call('TIME'), tonumber(ARGV[1]), tonumber(ARGV[2])
    local now = time[1] * 1000 + time[2] / 1000
    local held = tonumber(redis.call('GET', KEYS[1])) or 0
    if held > now + window_ms + 1 then held = 0 end
    local full_at = math.max(held, now) + window_ms / most
    local wait_ms = full_at - now - window_ms
    if wait_ms > 0.001 then return {0, math.ceil(wait_ms)} end
    redis.call('SET', KEYS[1], full_at, 'PX', math.ceil(full_at - now))
    return {1, math.ceil(full_at - now)}
    """
)


_BUMP = Script(
    "local n = redis.call('INCRBY', KEYS[1], ARGV[1]) "
    "if n == tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[2]) end return n"
)
_APPEND = Script(
    """
    if redis.call('STRLEN', KEYS[1]) + #ARGV[1] > tonumber(ARGV[3]) then return 0 end
    local size = redis.call('APPEND', KEYS[1], ARGV[1])
    if size == #ARGV[1] then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
    return size
    """
)


class BlobStore:
    """Gets and puts bytes under a key; each call ends within timeout_s or raises StoreError."""

    def __init__(self, lane: Commands, timeout_s: float = 0.05) -> None:
        self._lane = lane
        self._timeout_s = timeout_s

    async def get(self, key: str) -> bytes | None:
        """Returns the bytes under key, or None."""
        value: bytes | None = await self._lane.call("GET", _PREFIX + key, timeout_s=self._timeout_s)
        return value

    async def put(self, key: str, value: bytes, ttl_s: int) -> None:
        """Keeps value under key for ttl_s seconds at most."""
        await self._lane.call("SET", _PREFIX + key, value, "EX", ttl_s, timeout_s=self._timeout_s)

    async def acquire(self, key: str, token: str, ttl_ms: int) -> bool:
        """Takes key for ttl_ms milliseconds unless another token holds it."""
        reply = await self._lane.call(
            "SET", _PREFIX + key, token, "NX", "PX", ttl_ms, timeout_s=self._timeout_s
        )
        return reply is not None

    async def renew(self, key: str, token: str, ttl_ms: int) -> None:
        """Holds key for ttl_ms milliseconds more where token still holds it."""
        await self._lane.run(_RENEW, _PREFIX + key, token, ttl_ms, timeout_s=self._timeout_s)

    async def release(self, key: str, token: str) -> None:
        """Gives key back where token still holds it."""
        await self._lane.run(_RELEASE, _PREFIX + key, token, timeout_s=self._timeout_s)

    async def take(self, key: str, most: int, window_ms: int) -> tuple[bool, int]:
        """Takes a token from the bucket under key, which holds `most` and refills steadily in window_ms.

        Returns whether there was one, and the milliseconds until the bucket is full, or where there was none
        until there is.
        """
        admits, wait_ms = await self._lane.run(
            _TAKE, _PREFIX + key, most, window_ms, timeout_s=self._timeout_s
        )
        return bool(admits), int(wait_ms)

    async def sweep(self, beginning: str, inner: str = "", step_s: float = 5.0) -> int:
        """Deletes each key that begins so and has `inner` later, however long it takes; returns how many.

        It goes by bounded steps of SCAN and UNLINK, between which the store answers others.
        """
        parts = (_PREFIX + beginning, inner) if inner else (_PREFIX + beginning,)
        return await self._lane.sweep("".join(f"{_plain(part)}*" for part in parts), step_s)

    async def bump(self, key: str, by: int, ttl_s: int) -> None:
        """Adds to the counter under key, which lives ttl_s seconds from its first bump."""
        await self._lane.run(_BUMP, _PREFIX + key, by, ttl_s, timeout_s=self._timeout_s)

    async def append(self, key: str, value: bytes, ttl_s: int, most_bytes: int) -> None:
        """Appends to the bytes under key, up to a size; they live ttl_s seconds from the first."""
        await self._lane.run(_APPEND, _PREFIX + key, value, ttl_s, most_bytes, timeout_s=self._timeout_s)

    async def ping(self) -> None:
        """Asks for a sign of life."""
        await self._lane.each("PING", timeout_s=self._timeout_s)


def _plain(text: str) -> str:
    return re.sub(r"([*?\[\]\\])", r"\\\1", text)
