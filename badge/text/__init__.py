"""Unicode to outlines: cleaning, bidi, itemisation, shaping and fitting."""

from badge.text.bend import bend
from badge.text.box import FittedLine, FittedText, Heart, TextBox
from badge.text.clean import clean, graphemes, is_visible
from badge.text.fit import fit
from badge.text.fonts import FontBook
from badge.text.initials import initials

__all__ = [
    "FittedLine",
    "FittedText",
    "FontBook",
    "Heart",
    "TextBox",
    "bend",
    "clean",
    "fit",
    "graphemes",
    "initials",
    "is_visible",
]
