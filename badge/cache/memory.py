"""The first cache, pictures in this worker's memory, bounded in bytes: the least used leaves first."""

from collections import OrderedDict
from collections.abc import Sequence, Set

from badge.render.picture import Picture
from badge.telemetry import Cell

# What an entry costs beside its bytes: the key, the record, the map's own slots (measured, rounded up).
_ENTRY_BYTES = 600


class MemoryCache:
    """A map from key to Picture that never holds more than `max_bytes`."""

    def __init__(self, max_bytes: int, held: Cell | None = None) -> None:
        self.max_bytes = max_bytes
        self.held_bytes = 0
        self._held = held or Cell()
        self._pictures: OrderedDict[str, Picture] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pictures)

    def get(self, key: str) -> Picture | None:
        """Returns the picture of this key, which thereby is the last to leave."""
        picture = self._pictures.get(key)
        if picture is not None:
            self._pictures.move_to_end(key)
        return picture

    def put(self, key: str, picture: Picture) -> None:
        """Keeps a picture, unless it alone would take more than an eighth of the room."""
        if (before := self._pictures.pop(key, None)) is not None:
            self.held_bytes -= _cost_bytes(before)
        cost_bytes = _cost_bytes(picture)
        if cost_bytes > self.max_bytes // 8:
            return
        self._pictures[key] = picture
        self.held_bytes += cost_bytes
        while self.held_bytes > self.max_bytes:
            _, oldest = self._pictures.popitem(last=False)
            self.held_bytes -= _cost_bytes(oldest)
        self._held.set(self.held_bytes)

    def forget(self, prefix: str = "") -> None:
        """Drops every picture whose key begins with `prefix`."""
        self._drop([key for key in self._pictures if key.startswith(prefix)])

    def drop(self, digests: Set[str]) -> None:
        """Drops every picture that has one of these digests in its key."""
        self._drop([key for key in self._pictures if not digests.isdisjoint(key.split(":"))])

    def _drop(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.held_bytes -= _cost_bytes(self._pictures.pop(key))
        self._held.set(self.held_bytes)


def _cost_bytes(picture: Picture) -> int:
    return picture.size_bytes + 4 * len(picture.alt) + _ENTRY_BYTES
