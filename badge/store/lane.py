"""A lane to one store: commands that wait are sent together as one pipeline, a few pipelines in flight."""

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoScriptError, ReadOnlyError, RedisError
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import TimeoutError as NoAnswer

from badge.store.patience import answers
from badge.store.setup import reason

_log = logging.getLogger(__name__)

Argument = str | bytes | int

_PAUSE_S = 0.05  # before the one retry: long enough for a restarted server's socket, short for a visitor
_WAIT_MS = 1000  # for replicas; less than a data store's socket timeout


class StoreError(Exception):
    """The store did not answer, or refused; whether a command that was sent took effect is unknown."""


class Commands(Protocol):
    """What a typed store asks of its connection, be it one server's or a Cluster's.

    All keys of one command or script lie in one slot: they share a hash tag, as `bh:{slug}:`. Each is safe to
    repeat. `lasting` is for writes, and for reads on which an acknowledgement stands: where a replica may
    take over, they are done when one has them too, else they raise StoreError. Other reads say False.
    """

    def place(self, key: Argument) -> str:
        """Names the server that has a key, as far as that is known; "" where there is only one."""

    async def call(self, *command: Argument, timeout_s: float, lasting: bool = True) -> Any:
        """Returns the reply to one command, whose key is its second word; raises StoreError."""

    async def run(
        self, script: "Script", key: str, *arguments: Argument, timeout_s: float, lasting: bool = True
    ) -> Any:
        """Returns the reply of a script on a key; raises StoreError."""

    async def each(self, *command: Argument, timeout_s: float) -> list[Any]:
        """Returns each writable server's reply to a command without a key; raises StoreError."""

    async def sweep(self, pattern: str, timeout_s: float) -> int:
        """Deletes every key that matches, on each server, a thousand at a time; returns how many."""

    async def aclose(self) -> None:
        """Drops what waits and closes the connections."""


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
    asking: bool = False


class Lane:
    """Sends commands to one server, and once more where the connection was lost.

    `replicas` of it must have what lasts before the reply is given. What need not last goes beside that, so
    that nobody who only reads waits for a replica.
    """

    def __init__(
        self,
        client: Redis,
        *,
        name: str = "store",
        in_flight: int = 2,
        batch: int = 128,
        waiting: int = 8192,
        replicas: int = 0,
    ) -> None:
        self._client = client
        self._name = name
        self._is_away = False
        self._is_silent = False  # since its last reply somebody has waited in vain
        self._in_flight = in_flight
        self._batch = batch
        self._bound = waiting
        self._replicas = replicas
        self._beside = (
            Lane(client, name=f"{name} (reads)", batch=batch, waiting=waiting) if replicas else self
        )
        self._waiting: deque[_Call] = deque()
        self._sending: dict[asyncio.Task[None], float] = {}

    def place(self, _: Argument) -> str:
        """Returns "", for there is one server."""
        return ""

    async def call(
        self, *command: Argument, timeout_s: float, lasting: bool = True, asking: bool = False
    ) -> Any:
        """Returns the reply to one command within timeout_s; raises StoreError.

        asking is for a server that is about to take the key over (Cluster specification, ASKING).
        """
        call = _Call(command, asyncio.get_running_loop().create_future(), asking=asking)
        lane = self if lasting else self._beside
        return await lane._submit(call, timeout_s)

    async def run(
        self, script: Script, key: str, *arguments: Argument, timeout_s: float, lasting: bool = True
    ) -> Any:
        """Returns the reply of a script, sent by its digest and in full to a server that forgot it."""
        call = _Call(
            ("EVALSHA", script.sha, 1, key, *arguments),
            asyncio.get_running_loop().create_future(),
            ("EVAL", script.text, 1, key, *arguments),
        )
        lane = self if lasting else self._beside
        return await lane._submit(call, timeout_s)

    async def each(self, *command: Argument, timeout_s: float) -> list[Any]:
        """Returns the one server's reply, in a list."""
        return [await self.call(*command, timeout_s=timeout_s, lasting=False)]

    async def sweep(self, pattern: str, timeout_s: float, at_once: int = 500) -> int:
        """Deletes every key that matches; `timeout_s` is for each step, `at_once` 1 where slots differ."""
        swept: int = 0
        cursor = b"0"
        while True:
            scan = ("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)
            cursor, keys = await self.call(*scan, timeout_s=timeout_s, lasting=False)
            groups = [keys[at : at + at_once] for at in range(0, len(keys), at_once)]
            gone = (self.call("UNLINK", *group, timeout_s=timeout_s, lasting=False) for group in groups)
            swept += sum(await asyncio.gather(*gone))
            if cursor == b"0":
                return swept

    async def aclose(self) -> None:
        """Drops what waits, lets what is on its way end, and closes the connections."""
        if self._beside is not self:
            await self._beside.aclose()
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
            task.add_done_callback(lambda ended: self._sending.pop(ended, None))
        try:
            if await answers(call.answer, timeout_s):
                return call.answer.result()
        finally:
            call.answer.cancel()
        self._is_silent = True
        raise StoreError(f"the store did not answer within {timeout_s:g} s")

    def _is_stuck(self, timeout_s: float) -> bool:
        # Nobody queues behind pipelines that already took longer than the caller would wait.
        oldest = time.monotonic() - timeout_s
        return (
            self._is_silent
            and len(self._sending) >= self._in_flight
            and all(at < oldest for at in self._sending.values())
        )

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
        if task is not None:
            # Now and not when its end is told: a command that comes between would be left waiting.
            self._sending.pop(task, None)

    async def _send(self, calls: Sequence[_Call]) -> None:
        try:
            replies = await self._exchange(calls)
            if forgotten := [i for i, reply in enumerate(replies) if isinstance(reply, NoScriptError)]:
                again = [_in_full(calls[i]) for i in forgotten]
                for i, reply in zip(forgotten, await self._exchange(again), strict=True):
                    replies[i] = reply
        except (RedisError, OSError) as error:
            why = reason(error)
            self._fail(calls, why, error)
            if not self._is_away:  # once an outage, not once a request
                _log.warning("the %s is away: %s", self._name, why)
            self._is_away = True
            return
        except asyncio.CancelledError:
            self._fail(calls, "the store is being closed")
            raise
        self._is_silent = False
        if self._is_away and calls:
            self._is_away = False
            _log.warning("the %s is back", self._name)
        for call, reply in zip(calls, replies, strict=True):
            if isinstance(reply, Exception):
                self._fail([call], reason(reply), reply)
            elif not call.answer.done():
                call.answer.set_result(reply)
        if any(isinstance(reply, ReadOnlyError) for reply in replies):
            await self._look_anew()

    async def _exchange(self, calls: Sequence[_Call]) -> list[Any]:
        try:
            return await self._pipeline(calls)
        except NoAnswer:
            raise  # it had its time already
        except AuthenticationError:
            raise  # it will say no again
        except (LostConnection, OSError):
            await asyncio.sleep(_PAUSE_S)
            return await self._pipeline(calls)

    async def _pipeline(self, calls: Sequence[_Call]) -> list[Any]:
        if not calls:
            return []
        waits = self._replicas > 0
        async with self._client.pipeline(transaction=False) as pipeline:
            for call in calls:
                if call.asking:
                    pipeline.execute_command("ASKING")
                pipeline.execute_command(*call.command)
            if waits:  # on the same connection: it is that one's writes that WAIT waits for
                pipeline.execute_command("WAIT", self._replicas, _WAIT_MS)
            told = iter(await pipeline.execute(raise_on_error=False))
        replies: list[Any] = []
        for call in calls:
            if call.asking:
                next(told)
            replies.append(next(told))
        have = next(told) if waits else self._replicas
        if isinstance(have, Exception):  # only a server that takes writes can wait
            await self._look_anew()
            raise LostConnection(f"it cannot wait for its replicas: {have}")
        if have < self._replicas:
            lacking = StoreError(f"{have} of {self._replicas} replicas have it; it may count later")
            replies = [reply if isinstance(reply, Exception) else lacking for reply in replies]
        return replies

    async def _look_anew(self) -> None:
        # A server that was demoted keeps its connections; a name or a Sentinel leads to the new one.
        await self._client.connection_pool.disconnect(inuse_connections=False)

    @staticmethod
    def _fail(calls: Sequence[_Call] | deque[_Call], why: str, cause: Exception | None = None) -> None:
        for call in calls:
            if not call.answer.done():
                error = StoreError(why)
                error.__cause__ = cause
                call.answer.set_exception(error)


def _in_full(call: _Call) -> _Call:
    return _Call(call.fallback or call.command, call.answer)
