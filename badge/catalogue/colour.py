"""Colours: read as CSS writes them, measured as WCAG 2.2 does."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from badge.errors import InvalidField

WHITE = "#ffffff"
INK = "#0b1f33"
BLACK = "#000000"
_HEX = re.compile(r"#?(?:[0-9a-f]{3}|[0-9a-f]{6})")
# CSS Color 4, 6.1: the sixteen basic colours.
_NAMED = {
    "black": BLACK,
    "silver": "#c0c0c0",
    "gray": "#808080",
    "white": WHITE,
    "maroon": "#800000",
    "red": "#ff0000",
    "purple": "#800080",
    "fuchsia": "#ff00ff",
    "green": "#008000",
    "lime": "#00ff00",
    "olive": "#808000",
    "yellow": "#ffff00",
    "navy": "#000080",
    "blue": "#0000ff",
    "teal": "#008080",
    "aqua": "#00ffff",
}


def read_colour(name: str, raw: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Returns #rrggbb of three or six hex digits, with or without #, of a basic colour of CSS or of `names`.

    Raises InvalidField that shows both spellings.
    """
    # Not lower() of all: it turns a Kelvin sign into a k.
    lowered = raw.lower() if raw.isascii() else raw
    known = {**_NAMED, **names}
    if lowered in known:
        return known[lowered]
    if not _HEX.fullmatch(lowered):
        raise InvalidField(f"{name} must be a colour as 009edb, 09d or one of {', '.join(known)}", field=name)
    digits = lowered.removeprefix("#")
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def readable_on(ground: str, ratio: float) -> str:
    """Returns white or else ink, where it reaches the ratio on a colour; black where neither does.

    White or black reaches 4.58 on any colour, so a ratio of 4.5 is always met.
    """
    return next((text for text in (WHITE, INK) if contrast(text, ground) >= ratio), BLACK)


def mix(colour: str, other: str, part: float) -> str:
    """Returns a colour with a part (0 to 1) of another in it."""
    channels = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in channels)


def contrast(a: str, b: str) -> float:
    """Returns the contrast ratio of two #rrggbb colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
