"""A Cluster as one lane: each command goes down the lane of the server that owns its key's slot.

The library's own cluster client keeps its connections to itself, so nothing could wait for replicas on the
one that wrote, and it retries for seconds. What servers say: https://valkey.io/topics/cluster-spec/
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from redis.crc import key_slot
from redis.exceptions import AskError, ClusterDownError, MovedError, TryAgainError
from redis.exceptions import ConnectionError as LostConnection

from badge.store.address import Address, Node
from badge.store.client import connect
from badge.store.lane import Argument, Lane, Script, StoreError
from badge.store.patience import answers

_SLOTS = 16384
_ATTEMPTS = (
    4  # then the caller is told: a failover takes seconds, and a visitor has the same key to come back with
)
_PAUSE_S = 0.05
_ASK_S = 0.5
_LEARN_EVERY_S = 0.2
_PASSING = (AskError, TryAgainError, ClusterDownError, LostConnection, OSError)


class ClusterLane:
    """Sends each command to the server that owns its slot, and learns from failures who that is now."""

    def __init__(self, address: Address, timeout_s: float, *, name: str, **options: int) -> None:
        self._address = address
        self._timeout_s = timeout_s
        self._name = name
        self._options = options
        self._lanes: dict[Node, Lane] = {}
        self._nodes = set(address.nodes)
        self._owners: list[Node | None] = [None] * _SLOTS
        self._learning: asyncio.Task[None] | None = None
        self._learned_at = float("-inf")
        self._trouble = "it was not reached yet"

    def place(self, key: Argument) -> str:
        """Names the server that owns a key's slot, "" where that is not known."""
        node = self._owners[_slot(key)]
        return f"{node[0]}:{node[1]}" if node else ""

    async def call(self, *command: Argument, timeout_s: float, lasting: bool = True) -> Any:
        """Returns the reply to one command within timeout_s; raises StoreError."""

        def send(lane: Lane, asking: bool) -> Awaitable[Any]:
            return lane.call(*command, timeout_s=timeout_s, lasting=lasting, asking=asking)

        return await self._route(command[1], send, timeout_s, follows=True)

    async def run(
        self, script: Script, key: str, *arguments: Argument, timeout_s: float, lasting: bool = True
    ) -> Any:
        """Returns the reply of a script within timeout_s; raises StoreError.

        It does not follow a slot that is moving: keys that it finds by itself may not have moved yet, and
        would seem empty there.
        """

        def send(lane: Lane, _: bool) -> Awaitable[Any]:
            return lane.run(script, key, *arguments, timeout_s=timeout_s, lasting=lasting)

        return await self._route(key, send, timeout_s, follows=False)

    async def each(self, *command: Argument, timeout_s: float) -> list[Any]:
        """Returns the reply of every server that owns slots; raises StoreError where one does not answer."""

        async def ask() -> list[Any]:
            return await asyncio.gather(
                *(
                    lane.call(*command, timeout_s=timeout_s, lasting=False)
                    for lane in await self._owners_lanes()
                )
            )

        try:
            replies: list[Any] = await _within(timeout_s, ask())
            return replies
        except StoreError:
            self._learn_soon()
            raise

    async def sweep(self, pattern: str, timeout_s: float) -> int:
        """Deletes every key that matches on every server that owns slots; returns how many."""
        lanes = await self._owners_lanes()
        return sum(await asyncio.gather(*(lane.sweep(pattern, timeout_s, at_once=1) for lane in lanes)))

    async def aclose(self) -> None:
        """Drops what waits and closes the connections to every server."""
        if self._learning is not None:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
        await asyncio.gather(*(lane.aclose() for lane in self._lanes.values()))

    async def _route(
        self, key: Argument, send: Callable[[Lane, bool], Awaitable[Any]], timeout_s: float, *, follows: bool
    ) -> Any:
        try:
            return await _within(timeout_s, self._attempt(_slot(key), send, follows))
        except StoreError as error:
            if error.__cause__ is None or isinstance(error.__cause__, _PASSING):
                self._learn_soon()  # it hangs, or it is gone
            raise

    async def _attempt(self, slot: int, send: Callable[[Lane, bool], Awaitable[Any]], follows: bool) -> Any:
        next_home: Node | None = None
        for attempt in range(1, _ATTEMPTS + 1):
            node = next_home or self._owners[slot] or await self._owner(slot)
            try:
                return await send(self._lane(node), next_home is not None)
            except StoreError as error:
                cause, next_home = error.__cause__, None
                if attempt == _ATTEMPTS or not isinstance(cause, _PASSING):
                    raise
                if isinstance(cause, MovedError):
                    self._owners[slot] = (cause.host or node[0], cause.port)
                    self._learn_soon()
                elif isinstance(cause, AskError) and follows:
                    next_home = (cause.host or node[0], cause.port)
                else:
                    self._learn_soon()
                    await asyncio.sleep(_PAUSE_S * attempt)
        raise AssertionError("the last attempt returns or raises")

    async def _owner(self, slot: int) -> Node:
        await self._learn_now()
        if (node := self._owners[slot]) is None:
            raise StoreError(f"no server has its slot: {self._trouble}")
        return node

    async def _owners_lanes(self) -> list[Lane]:
        if None in self._owners:
            await self._learn_now()
        if None in self._owners:
            raise StoreError(f"not every slot has a server: {self._trouble}")
        return [self._lane(node) for node in sorted({node for node in self._owners if node})]

    def _lane(self, node: Node) -> Lane:
        if node not in self._lanes:
            client = connect(self._address, self._timeout_s, node)
            name = f"{self._name} at {node[0]}:{node[1]}"
            self._lanes[node] = Lane(client, name=name, **self._options)
        return self._lanes[node]

    def _learn_soon(self) -> None:
        if self._learning is None or self._learning.done():
            self._learning = asyncio.create_task(self._learn())

    async def _learn_now(self) -> None:
        self._learn_soon()
        if self._learning is not None:
            await asyncio.shield(self._learning)

    async def _learn(self) -> None:
        """Asks one node after another which server owns which slots, until one tells."""
        await asyncio.sleep(max(0.0, self._learned_at + _LEARN_EVERY_S - time.monotonic()))
        self._learned_at = time.monotonic()
        for node in random.sample(sorted(self._nodes), len(self._nodes)):
            try:
                told = await self._lane(node).call("CLUSTER", "SLOTS", timeout_s=_ASK_S, lasting=False)
            except StoreError as error:
                self._trouble = str(error)
                continue
            if told:
                await self._adopt(node, told)
                return
            self._trouble = "the servers share no slots among them yet"

    async def _adopt(self, asked: Node, told: list[Any]) -> None:
        owners: list[Node | None] = [None] * _SLOTS
        nodes = set(self._address.nodes)
        for first, last, *servers in told:
            # A server that does not know its own host means: the one that you asked.
            places = [(_text(host) or asked[0], port) for host, port, *_ in servers]
            owners[first : last + 1] = [places[0]] * (last + 1 - first)
            nodes.update(places)
        self._owners, self._nodes = owners, nodes
        gone = [self._lanes.pop(node) for node in list(self._lanes) if node not in nodes]
        await asyncio.gather(*(lane.aclose() for lane in gone))


def _slot(key: Argument) -> int:
    slot: int = key_slot(key if isinstance(key, bytes) else str(key).encode())
    return slot


async def _within(timeout_s: float, work: Coroutine[Any, Any, Any]) -> Any:
    task = asyncio.create_task(work)
    try:
        if await answers(task, timeout_s):
            return task.result()
    finally:
        task.cancel()
    raise StoreError(f"the store did not answer within {timeout_s:g} s")


def _text(host: bytes | None) -> str:
    name = (host or b"").decode()
    return "" if name == "?" else name
