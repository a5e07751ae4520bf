"""The layout of a text along a circle: fitted to its arc, kept in its band, then bent."""

from functools import lru_cache
from math import radians

from badge.catalogue.manifest import Ring
from badge.render.scene import PlacedLine, PlacedText, Rect
from badge.render.typeset import Typesetter
from badge.text import bend

_SHRINKS = (1.0, 0.92, 0.85, 0.78, 0.7, 0.6)
_bend_once = lru_cache(maxsize=128)(bend)


def set_ring(ring: Ring, centre: Rect, unit_px: float, typesetter: Typesetter) -> PlacedText:
    """Sets a text around a centre; `unit_px` is the length that radius, band and size are fractions of.

    Capitals are centred on the band; what rises or hangs further moves in it, and shrinks if it is too tall.
    """
    text = typesetter.texts[ring.text]
    radius_px, band_px = ring.radius * unit_px, ring.band * unit_px
    for shrink in _SHRINKS:
        fitted = typesetter.fit(
            ring.text, radians(ring.sweep_deg) * radius_px, text.size * unit_px, 1, shrink
        )
        line = fitted.lines[0]
        if line.ink[3] - line.ink[1] <= band_px:
            break
    rise_px, hang_px = -line.ink[1], line.ink[3]
    below_px = min(max(fitted.cap_height_px / 2, rise_px - band_px / 2), band_px / 2 - hang_px)
    baseline_px = radius_px - below_px if ring.side == "top" else radius_px + below_px
    # Sentences of ours are bent once; what a visitor typed is not kept.
    bent = (_bend_once if typesetter.is_ours(ring.text) else bend)(line, radius_px, baseline_px, ring.side)
    reach_px = radius_px + band_px / 2
    return PlacedText(
        text.fill,
        fitted,
        (PlacedLine(centre.x_px, centre.y_px, bent),),
        Rect(centre.x_px - reach_px, centre.y_px - reach_px, 2 * reach_px, 2 * reach_px),
    )
