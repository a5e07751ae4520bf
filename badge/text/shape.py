"""A line's runs shaped by HarfBuzz and drawn as one path on an integer grid."""

from math import ceil
from typing import Final, NamedTuple

import regex
import uharfbuzz as hb

from badge.text.box import FittedLine, Heart
from badge.text.fonts import EMOJI_SCRIPT, Cut, Face, FontBook
from badge.text.hint import QUARTER, ROW
from badge.text.itemize import Itemized, Run
from badge.text.outline import EMPTY, grid_for, move

HEART_ADVANCE_EM: Final = 1.1
_HEART_SIZE_EM: Final = 0.96
_HEART_MIDDLE: Final = 0.48  # of its size: the box is 100 by 96
# Scripts whose letters touch: space between them would tear the word.
_CONNECTED: Final = frozenset(
    {"Arab", "Syrc", "Mong", "Nkoo", "Phag", "Mand", "Rohg", "Adlm", "Deva", "Beng", "Guru"}
)
_APART: Final = {"liga": False, "clig": False}
# How far ink may stand from the baseline. Vowelled Arabic reaches 1.44 and stacked Khmer 0.54 em; what goes
# further is marks heaped on marks, which would run over the lines around them.
_ABOVE_EM: Final = 1.5
_BELOW_EM: Final = 0.75
_HIDDEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}]")
_CLUSTER = regex.compile(r"\X")

# cut (None: a heart), glyph, x and y in em from the line's start, y up, first character, advance in em
Glyph = tuple[Cut | None, int, float, float, int, float]


class ShapedLine(NamedTuple):
    """The glyphs of one line in em, left to right, and the characters that no face has."""

    glyphs: list[Glyph]
    width_em: float
    missing: tuple[str, ...]


def shape_line(item: Itemized, first: int, last: int, weight: int, spacing_em: float) -> ShapedLine:
    """Shapes the clusters [first, last) as one line of its own, with `spacing_em` between clusters."""
    glyphs: list[Glyph] = []
    missing: list[str] = []
    pen = spacing = 0.0
    for run in item.line(first, last):
        spacing = 0.0 if run.script in _CONNECTED else spacing_em
        if run.face is None:
            glyphs.append((None, 0, pen, 0.0, run.start, HEART_ADVANCE_EM + spacing))
            pen += HEART_ADVANCE_EM + spacing
            continue
        cut = run.face.cut(weight)
        buffer = _shape(item.text, run, cut, spacing)
        infos, unit = buffer.glyph_infos, cut.unit_em
        for i, position in enumerate(buffer.glyph_positions):
            info = infos[i]
            glyph, cluster = info.codepoint, info.cluster
            dx, dy, units, _ = position.position
            advance = units * unit
            if spacing and (i + 1 == len(infos) or infos[i + 1].cluster != cluster):
                advance += spacing
            glyphs.append((cut, glyph, pen + dx * unit, dy * unit, cluster, advance))
            pen += advance
            if not glyph:
                missing += _uncovered(item.text, cluster, run.face)
    return ShapedLine(glyphs, pen - spacing, tuple(missing))


def draw_line(
    line: ShapedLine, size_px: float, cap_height_em: float, fonts: FontBook, hinted: bool = False
) -> FittedLine:
    """Draws a shaped line at a size, `hinted` for rows of pixels (of whole quarters of a pixel then).

    The line begins where its ink begins if that is before its origin, and is as wide as its ink if that hangs
    over its end, so ink never leaves [0, width]. Marks that would stand more than 1.5 em above the baseline
    or 0.75 em below it are left out.
    """
    grid = round(ROW * size_px) if hinted else grid_for(size_px)
    drawn = _draw(line, size_px, grid, hinted, cap_height_em, fonts)
    if drawn.ink[1] < -_ABOVE_EM * size_px or drawn.ink[3] > _BELOW_EM * size_px:
        line = _within_reach(line, grid, hinted, fonts)
        return _draw(line, size_px, grid, hinted, cap_height_em, fonts)
    return drawn


def _draw(
    line: ShapedLine, size_px: float, grid: int, hinted: bool, cap_height_em: float, fonts: FontBook
) -> FittedLine:
    scale, step_y = size_px / grid, QUARTER if hinted else 1
    parts: list[str] = []
    hearts: list[float] = []
    start_x = start_y = end_x = end_y = 0
    left = top = right = bottom = 0
    known, key, last_cut = fonts.outlines.get, 0, None
    for cut, glyph, x, y, _, _ in line.glyphs:
        if cut is not last_cut:
            last_cut, key = cut, cut.key | hinted << 28 | grid if cut else 0
        if cut is None:
            hearts.append((x + (HEART_ADVANCE_EM - _HEART_SIZE_EM) / 2) * size_px)
            continue
        # The loop of every name drawn: one lookup, no calls that can be spared.
        outline = known(key | glyph << 12) or fonts.outline(cut, glyph, grid, hinted)
        first_x, first_y, d, last_x, last_y, ink_left, ink_top, ink_right, ink_bottom = outline
        if not d:
            continue
        at_x = round(x * grid)
        if y:
            at_y = -round(y * grid / step_y) * step_y
            first_y, last_y = first_y + at_y, last_y + at_y
            ink_top, ink_bottom = ink_top + at_y, ink_bottom + at_y
        if parts:
            dx, dy = at_x + first_x - end_x, first_y - end_y
            parts.append(f"m{dx}{dy}{d}" if dy < 0 else f"m{dx} {dy}{d}")
        else:
            start_x, start_y = at_x + first_x, first_y
            left, right, top, bottom = 1 << 30, -1 << 30, 1 << 30, -1 << 30
            parts.append(d)
        end_x, end_y = at_x + last_x, last_y
        if at_x + ink_left < left:
            left = at_x + ink_left
        if at_x + ink_right > right:
            right = at_x + ink_right
        if ink_top < top:
            top = ink_top
        if ink_bottom > bottom:
            bottom = ink_bottom
    shift = max(0, -left, ceil(-min(hearts) / scale) if hearts else 0)
    d = move(start_x + shift, start_y) + "".join(parts) if parts else ""
    inks = [((left + shift) * scale, top * scale, (right + shift) * scale, bottom * scale)] if parts else []
    marks: tuple[Heart, ...] = ()
    if hearts:
        size = _HEART_SIZE_EM * size_px
        y = -cap_height_em / 2 * size_px - _HEART_MIDDLE * size
        marks = tuple(Heart(x + shift * scale, y, size) for x in hearts)
        inks += [(mark.x_px, y, mark.x_px + size, y + 2 * _HEART_MIDDLE * size) for mark in marks]
    width_px = max(line.width_em * size_px, 0.0) + shift * scale
    ink = _around(inks) if len(inks) != 1 else inks[0]
    return FittedLine(d, scale, max(width_px, ink[2]), ink, marks)


def _around(inks: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    if not inks:
        return (0.0, 0.0, 0.0, 0.0)
    lefts, tops, rights, bottoms = zip(*inks, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _within_reach(line: ShapedLine, grid: int, hinted: bool, fonts: FontBook) -> ShapedLine:
    """Returns the line without the marks that stand too far from it; letters themselves always stay."""
    kept: list[Glyph] = []
    for glyph in line.glyphs:
        cut, index, _, y, _, advance = glyph
        outline = EMPTY if cut is None or advance else fonts.outline(cut, index, grid, hinted)
        at_y = -round(y * grid)
        if at_y + outline.top >= -_ABOVE_EM * grid and at_y + outline.bottom <= _BELOW_EM * grid:
            kept.append(glyph)
    return line._replace(glyphs=kept)


def _shape(text: str, run: Run, cut: Cut, spacing: float) -> hb.Buffer:
    """Shapes one run in the context of its whole text, so that letters join across faces."""
    buffer = hb.Buffer()
    buffer.add_str(text, run.start, run.end - run.start)
    buffer.direction = "rtl" if run.level & 1 else "ltr"
    buffer.script = "Zyyy" if run.script == EMOJI_SCRIPT else run.script
    buffer.language = run.lang
    hb.shape(cut.font, buffer, _APART if spacing else None)
    return buffer


def _uncovered(text: str, cluster: int, face: Face) -> list[str]:
    """Names the characters of a cluster that its face lacks."""
    found = _CLUSTER.match(text, cluster)
    letters = _HIDDEN.sub("", found.group()) if found else ""
    return [char for char in letters if not face.covers(char)] or list(letters[:1])
