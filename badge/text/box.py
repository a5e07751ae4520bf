"""The box a text is fitted into, and the fitted text."""

from math import isfinite
from typing import Literal, NamedTuple

import msgspec


class TextBox(msgspec.Struct, frozen=True):
    """Where one text goes: its width, its design size, and how far it may give way.

    A `hinted` text is fitted to rows of pixels; its sizes are whole quarters of a pixel.
    """

    width_px: float
    size_px: float
    weight: int = 500
    lang: str = "en"
    direction: Literal["ltr", "rtl", "auto"] = "auto"
    max_lines: int = 1
    min_size_px: float | None = None
    line_height_em: float = 1.25
    letter_spacing_em: float = 0.0
    hinted: bool = False

    def __post_init__(self) -> None:
        lengths = (self.width_px, self.size_px, self.min_size_px or self.size_px)
        if not all(isfinite(length) and 0 < length <= 20_000 for length in lengths):
            raise ValueError(f"a text box wants lengths above 0 and up to 20000 px, not {lengths}")
        if not 1 <= self.max_lines <= 50 or not 1 <= self.weight <= 1000:
            raise ValueError("a text box wants 1 to 50 lines and a weight from 1 to 1000")
        if not 0 < self.line_height_em <= 10 or not -1 <= self.letter_spacing_em <= 10:
            raise ValueError(
                "a text box wants a line height up to 10 em and a letter spacing from -1 to 10 em"
            )

    @property
    def floor_px(self) -> float:
        """Returns the size the text never goes below: by default 60 % of its design size, 11 px at least."""
        floor = max(11.0, 0.6 * self.size_px) if self.min_size_px is None else self.min_size_px
        return min(floor, self.size_px)


class Heart(NamedTuple):
    """A heart in the text that the caller paints: the corner of its 100 by 96 box, its width and its turn."""

    x_px: float
    y_px: float
    size_px: float
    turn_deg: float = 0.0


class FittedLine(NamedTuple):
    """One line as relative integer path data; its origin is its left end on the baseline, y goes down."""

    d: str
    scale: float
    width_px: float
    ink: tuple[float, float, float, float]
    hearts: tuple[Heart, ...]

    def scaled(self, factor: float) -> "FittedLine":
        """Returns the same line in another size."""
        left, top, right, bottom = self.ink
        return self._replace(
            scale=self.scale * factor,
            width_px=self.width_px * factor,
            ink=(left * factor, top * factor, right * factor, bottom * factor),
            hearts=tuple(
                Heart(heart.x_px * factor, heart.y_px * factor, heart.size_px * factor, heart.turn_deg)
                for heart in self.hearts
            ),
        )


class FittedText(msgspec.Struct, frozen=True):
    """A text that fits its box: its lines, the size they are set in, and what no face could draw."""

    text: str
    lines: tuple[FittedLine, ...]
    size_px: float
    line_height_px: float
    cap_height_px: float
    ascent_px: float
    descent_px: float
    width_px: float
    rtl: bool
    truncated: bool
    missing: tuple[str, ...]

    def scaled(self, factor: float) -> "FittedText":
        """Returns the same text in another size: outlines scale as they are."""
        return msgspec.structs.replace(
            self,
            lines=tuple(line.scaled(factor) for line in self.lines),
            size_px=self.size_px * factor,
            line_height_px=self.line_height_px * factor,
            cap_height_px=self.cap_height_px * factor,
            ascent_px=self.ascent_px * factor,
            descent_px=self.descent_px * factor,
            width_px=self.width_px * factor,
        )
