"""Painted grounds: the part of a card that no name changes, kept as pixels and copied under each text."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from badge.render.scene import Scene


def ground_key(scene: Scene) -> Hashable:
    """Returns what a ground depends on: template, canvas, theme, scale, direction, colours, crests, a row."""
    spec, colours = scene.spec, tuple(scene.palette.values())
    look = spec.size, spec.theme, spec.scale, scene.rtl, colours, spec.images
    return scene.template.digest, look, scene.stretches


class GroundCache:
    """The most recently used grounds, bounded in bytes; safe to use from several threads."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held_bytes = 0
        self._grounds: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        """Returns the pixels of a ground, if they are still here."""
        with self._lock:
            if key in self._grounds:
                self._grounds.move_to_end(key)
            return self._grounds.get(key)

    def put(self, key: Hashable, pixels: bytes) -> None:
        """Keeps the pixels of a ground; one that is larger than the whole cache is not kept."""
        if len(pixels) > self._max_bytes:
            return
        with self._lock:
            self._held_bytes += len(pixels) - len(self._grounds.pop(key, b""))
            self._grounds[key] = pixels
            while self._held_bytes > self._max_bytes:
                self._held_bytes -= len(self._grounds.popitem(last=False)[1])
