"""A circuit breaker before a store: counts failures, and leaves one that is silent alone for a while."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from redis.exceptions import ResponseError

from badge.store.lane import Argument, Commands, Script, StoreError
from badge.telemetry import Cell

_FIRST_PAUSE = 1 / 16


class _Pause:
    """For how long one server is left alone."""

    __slots__ = ("next_s", "resume_at")

    def __init__(self, first_s: float) -> None:
        self.resume_at = float("-inf")
        self.next_s = first_s


class Breaker:
    """Commands to a store; where a server did not answer they fail at once for a while, `pause_s` at most.

    The pause begins short and doubles until the server answers: one that was late once is asked again soon;
    dead or hung, it costs one wait in that time, and not one a request. In a Cluster the others are asked on.
    What a server refuses (it is full, or takes no writes) is an answer: the rest of it still works.
    """

    def __init__(
        self,
        commands: Commands,
        errors: Cell,
        *,
        pause_s: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._commands = commands
        self._errors = errors
        self._pause_s = pause_s
        self._clock = clock
        self._pauses: dict[str, _Pause] = {}

    def place(self, key: Argument) -> str:
        """Names the server that has a key, as far as that is known."""
        return self._commands.place(key)

    async def call(self, *command: Argument, timeout_s: float, lasting: bool = True) -> Any:
        """Returns the reply to one command; raises StoreError."""
        place = self.place(command[1]) if len(command) > 1 else ""
        return await self._send(
            place, lambda: self._commands.call(*command, timeout_s=timeout_s, lasting=lasting)
        )

    async def run(
        self, script: Script, key: str, *arguments: Argument, timeout_s: float, lasting: bool = True
    ) -> Any:
        """Returns the reply of a script on a key; raises StoreError."""
        return await self._send(
            self.place(key),
            lambda: self._commands.run(script, key, *arguments, timeout_s=timeout_s, lasting=lasting),
        )

    async def each(self, *command: Argument, timeout_s: float) -> list[Any]:
        """Returns each writable server's reply to a command without a key; raises StoreError."""
        replies: list[Any] = await self._send("", lambda: self._commands.each(*command, timeout_s=timeout_s))
        return replies

    async def sweep(self, pattern: str, timeout_s: float) -> int:
        """Deletes every key that matches; raises StoreError."""
        swept: int = await self._send("", lambda: self._commands.sweep(pattern, timeout_s))
        return swept

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._commands.aclose()

    async def _send(self, place: str, command: Callable[[], Awaitable[Any]]) -> Any:
        pause = self._pauses.get(place)
        if pause is not None and self._clock() < pause.resume_at:
            raise StoreError("the store did not answer a moment ago")
        try:
            reply = await command()
        except StoreError as error:
            self._errors.add()
            if not isinstance(error.__cause__, ResponseError):
                self._rest(place)
            raise
        self._pauses.pop(place, None)
        return reply

    def _rest(self, place: str) -> None:
        pause = self._pauses.setdefault(place, _Pause(self._pause_s * _FIRST_PAUSE))
        if self._clock() >= pause.resume_at:
            pause.resume_at = self._clock() + pause.next_s
            pause.next_s = min(2 * pause.next_s, self._pause_s)
