"""What will be painted, wholly resolved: every text is outlines that fit, every box and colour is known.

Lengths are CSS pixels of the unscaled canvas, y down. Right-to-left mirrors the boxes, not the heart.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from badge.catalogue import RenderSpec, Template
from badge.content import Language
from badge.text import FittedLine, FittedText

HEART_WIDTH = 100.0
HEART_HEIGHT = 96.0
HEART_INK = (5.0, 91.0)  # its upper and its lower end
RIM = 5.0


class Rect(NamedTuple):
    """A rectangle by its left top corner and its size."""

    x_px: float
    y_px: float
    width_px: float
    height_px: float

    @property
    def right_px(self) -> float:
        """Returns the x of the right edge."""
        return self.x_px + self.width_px

    @property
    def bottom_px(self) -> float:
        """Returns the y of the bottom edge."""
        return self.y_px + self.height_px


class PlacedLine(NamedTuple):
    """A line of text and where its origin (left end of the baseline) goes."""

    x_px: float
    y_px: float
    line: FittedLine


class PlacedText(msgspec.Struct, frozen=True):
    """A text with its lines in place, its palette colour and the box that it must not leave."""

    fill: str
    fitted: FittedText
    lines: tuple[PlacedLine, ...]
    box: Rect

    @property
    def ink(self) -> Rect:
        """Returns the bounds of everything that the lines draw."""
        inked = [(p, p.line.ink) for p in self.lines if p.line.ink != (0, 0, 0, 0)]
        if not inked:
            return Rect(self.box.x_px, self.box.y_px, 0, 0)
        left = min(p.x_px + ink[0] for p, ink in inked)
        top = min(p.y_px + ink[1] for p, ink in inked)
        right = max(p.x_px + ink[2] for p, ink in inked)
        bottom = max(p.y_px + ink[3] for p, ink in inked)
        return Rect(left, top, right - left, bottom - top)


class PlacedHeart(NamedTuple):
    """Our heart: the left top corner of its 100 x 96 box and the pixels of one unit of it."""

    x_px: float
    y_px: float
    scale: float

    @property
    def width_px(self) -> float:
        """Returns the width of the heart itself, without its rim."""
        return HEART_WIDTH * self.scale

    @property
    def centre_x_px(self) -> float:
        """Returns the x of its middle."""
        return self.x_px + HEART_WIDTH / 2 * self.scale

    @property
    def centre_y_px(self) -> float:
        """Returns the y of its middle."""
        return self.y_px + HEART_HEIGHT / 2 * self.scale


class Disc(NamedTuple):
    """A white disc and the picture in it."""

    rim: Rect
    picture: Rect


class Stretch(NamedTuple):
    """One coloured part of a row."""

    rect: Rect
    fill: str


_NO_DISCS: Final[Mapping[str, Disc]] = MappingProxyType({})


class Laid(msgspec.Struct, frozen=True):
    """Everything that a layout puts in its place."""

    width_px: int
    texts: Mapping[str, PlacedText]
    heart: PlacedHeart | None
    stretches: tuple[Stretch, ...] = ()
    discs: Mapping[str, Disc] = _NO_DISCS


class Scene(msgspec.Struct, frozen=True):
    """One picture before it is painted."""

    template: Template
    spec: RenderSpec
    language: Language
    width_px: int
    height_px: int
    texts: Mapping[str, PlacedText]
    heart: PlacedHeart | None
    stretches: tuple[Stretch, ...]
    discs: Mapping[str, Disc]
    palette: Mapping[str, str]
    night: Mapping[str, str] | None
    alt: str
    density: int = 1

    @property
    def scale(self) -> int:
        """Returns the device pixels of one CSS pixel."""
        return self.spec.scale * self.density

    @property
    def choices(self) -> Mapping[str, str]:
        """Returns what was chosen in the template's fields of few words."""
        choices = self.template.choices
        return {name: value for name, value in self.spec.values if name in choices}

    @property
    def rtl(self) -> bool:
        """Tells whether the layout is mirrored."""
        return self.language.dir == "rtl"

    @property
    def missing(self) -> tuple[str, ...]:
        """Returns the characters that no font has, each once."""
        missing = [text.fitted.missing for text in self.texts.values() if text.fitted.missing]
        return tuple(dict.fromkeys(letter for letters in missing for letter in letters)) if missing else ()


def heart_in(box: Rect, *, rim: bool) -> PlacedHeart:
    """Returns the largest heart, with or without its metal rim, in the middle of a box."""
    margin = RIM if rim else 0.0
    scale = min(box.width_px / (HEART_WIDTH + 2 * margin), box.height_px / (HEART_HEIGHT + 2 * margin))
    return PlacedHeart(
        box.x_px + (box.width_px - HEART_WIDTH * scale) / 2,
        box.y_px + (box.height_px - HEART_HEIGHT * scale) / 2,
        scale,
    )
