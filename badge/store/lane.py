"""A lane to one store: commands that wait are sent together as one pipeline, a few pipelines in flight."""

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import NoScriptError, RedisError
from redis.exceptions import TimeoutError as NoAnswer

from badge.store.setup import redacted

_log = logging.getLogger(__name__)

Argument = str | bytes | int

_PAUSE_S = 0.05  # before the one retry: long enough for a restarted server's socket, short for a visitor


class StoreError(Exception):
    """The store did not answer, or refused; whether a command that was sent took effect is unknown."""


class Script:
    """A Lua script and the SHA-1 by which the server knows it once it has run."""

    __slots__ = ("sha", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class _Call:
    command: tuple[Argument, ...]
    answer: asyncio.Future[Any]
    fallback: tuple[Argument, ...] | None = None


class Lane:
    """Sends commands to one store; each must be safe to repeat, as a lost connection does so once."""

    def __init__(
        self,
        client: Redis,
        *,
        name: str = "store",
        in_flight: int = 2,
        batch: int = 128,
        waiting: int = 8192,
    ) -> None:
        self._client = client
        self._name = name
        self._is_away = False
        self._in_flight = in_flight
        self._batch = batch
        self._bound = waiting
        self._waiting: deque[_Call] = deque()
        self._sending: dict[asyncio.Task[None], float] = {}

    async def call(self, *command: Argument, timeout_s: float) -> Any:
        """Returns the reply to one command within timeout_s; raises StoreError."""
        return await self._submit(_Call(command, asyncio.get_running_loop().create_future()), timeout_s)

    async def run(self, script: Script, key: str, *arguments: Argument, timeout_s: float) -> Any:
        """Returns the reply of a script, sent by its digest and in full to a server that forgot it."""
        call = _Call(
            ("EVALSHA", script.sha, 1, key, *arguments),
            asyncio.get_running_loop().create_future(),
            ("EVAL", script.text, 1, key, *arguments),
        )
        return await self._submit(call, timeout_s)

    async def aclose(self) -> None:
        """Drops what waits, lets what is on its way end, and closes the connections."""
        self._fail(self._waiting, "the store is being closed")
        self._waiting.clear()
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=1.0)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._client.aclose()

    async def _submit(self, call: _Call, timeout_s: float) -> Any:
        if self._is_stuck(timeout_s):
            raise StoreError("the store does not answer")
        if len(self._waiting) >= self._bound:
            raise StoreError(f"{self._bound} commands wait for the store already")
        self._waiting.append(call)
        if len(self._sending) < self._in_flight:
            task = asyncio.create_task(self._drain())
            self._sending[task] = time.monotonic()
            task.add_done_callback(self._sending.pop)
        try:
            async with asyncio.timeout(timeout_s):
                return await call.answer
        except TimeoutError:
            raise StoreError(f"the store did not answer within {timeout_s:g} s") from None

    def _is_stuck(self, timeout_s: float) -> bool:
        # Nobody queues behind pipelines that already took longer than the caller would wait.
        oldest = time.monotonic() - timeout_s
        return len(self._sending) >= self._in_flight and all(at < oldest for at in self._sending.values())

    async def _drain(self) -> None:
        task = asyncio.current_task()
        while self._waiting:
            calls: list[_Call] = []
            while self._waiting and len(calls) < self._batch:
                call = self._waiting.popleft()
                if not call.answer.done():  # its caller gave up: then it need not be sent
                    calls.append(call)
            if task is not None:
                self._sending[task] = time.monotonic()
            await self._send(calls)

    async def _send(self, calls: Sequence[_Call]) -> None:
        try:
            replies = await self._exchange([call.command for call in calls])
            forgotten = [i for i, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
            if forgotten:
                again = await self._exchange([calls[i].fallback or calls[i].command for i in forgotten])
                for i, reply in zip(forgotten, again, strict=True):
                    replies[i] = reply
        except (RedisError, OSError) as error:
            why = redacted(str(error)) or type(error).__name__
            self._fail(calls, why)
            if not self._is_away:  # once an outage, not once a request
                _log.warning("the %s is away: %s", self._name, why)
            self._is_away = True
            return
        except asyncio.CancelledError:
            self._fail(calls, "the store is being closed")
            raise
        if self._is_away and calls:
            self._is_away = False
            _log.warning("the %s is back", self._name)
        for call, reply in zip(calls, replies, strict=True):
            if call.answer.done():
                continue
            if isinstance(reply, Exception):
                call.answer.set_exception(StoreError(redacted(str(reply))))
            else:
                call.answer.set_result(reply)

    async def _exchange(self, commands: Sequence[tuple[Argument, ...]]) -> list[Any]:
        try:
            return await self._pipeline(commands)
        except NoAnswer:
            raise  # it had its time already
        except (LostConnection, OSError):
            await asyncio.sleep(_PAUSE_S)
            return await self._pipeline(commands)

    async def _pipeline(self, commands: Sequence[tuple[Argument, ...]]) -> list[Any]:
        if not commands:
            return []
        async with self._client.pipeline(transaction=False) as pipeline:
            for command in commands:
                pipeline.execute_command(*command)
            replies: list[Any] = await pipeline.execute(raise_on_error=False)
            return replies

    @staticmethod
    def _fail(calls: Sequence[_Call] | deque[_Call], why: str) -> None:
        for call in calls:
            if not call.answer.done():
                call.answer.set_exception(StoreError(why))
