"""A memory of pure results, bounded in bytes."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(Generic[K, V]):
    """Keeps results until their weights exceed `max_bytes`, then drops the oldest half.

    Reading takes no lock: a dict lookup is atomic, and a result that was dropped is made again.
    """

    def __init__(self, max_bytes: int, weigh: Callable[[V], int]) -> None:
        self._max_bytes = max_bytes
        self._weigh = weigh
        self._lock = Lock()
        self._items: dict[K, V] = {}
        self.bytes = 0
        self.get = self._items.get

    def put(self, key: K, value: V) -> V:
        """Keeps one result and returns it; the first of two equal keys stays."""
        with self._lock:
            if key in self._items:
                return self._items[key]
            self._items[key] = value
            self.bytes += self._weigh(value)
            if self.bytes > self._max_bytes:
                self._shed()
        return value

    def _shed(self) -> None:
        for key in list(self._items):
            if self.bytes <= self._max_bytes // 2:
                return
            self.bytes -= self._weigh(self._items.pop(key))
