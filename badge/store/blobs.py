"""The cache side: bytes that may vanish; each call is bounded, and a failure is a miss to its caller."""

from badge.store.lane import Commands, Script

# Kept apart from the ledger's keys, in case a deployer gives one server for both.
_PREFIX = "bh:cache:"

_RELEASE = Script(
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)
_BUMP = Script(
    "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end return n"
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

    async def release(self, key: str, token: str) -> None:
        """Gives key back where token still holds it."""
        await self._lane.run(_RELEASE, _PREFIX + key, token, timeout_s=self._timeout_s)

    async def bump(self, key: str, ttl_s: int) -> int:
        """Adds one to the counter under key, which lives ttl_s seconds from its first bump; returns it."""
        return int(await self._lane.run(_BUMP, _PREFIX + key, ttl_s, timeout_s=self._timeout_s))

    async def ping(self) -> None:
        """Asks for a sign of life."""
        await self._lane.each("PING", timeout_s=self._timeout_s)
