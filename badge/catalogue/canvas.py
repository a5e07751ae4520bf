"""The named canvases of share images, with the room that each network's own buttons cover."""

from dataclasses import dataclass

from badge.catalogue.manifest import Aspect


@dataclass(frozen=True, slots=True)
class CanvasSize:
    """A canvas in CSS pixels and the heights at its top and bottom that stay clear."""

    width_px: int
    height_px: int
    clear_top_px: int = 0
    clear_bottom_px: int = 0


CANVASES: dict[str, CanvasSize] = {
    "og": CanvasSize(1200, 630),
    "linkedin": CanvasSize(1200, 627),
    "x": CanvasSize(1600, 900),
    "square": CanvasSize(1080, 1080),
    "story": CanvasSize(1080, 1920, 250, 250),
}


def aspect_of(width_px: float, height_px: float) -> Aspect:
    """Returns the aspect class of a canvas: banner over 3, wide over 1.2, tall under 0.72, else square."""
    ratio = width_px / height_px
    if ratio > 3:
        return "banner"
    if ratio > 1.2:
        return "wide"
    return "tall" if ratio < 0.72 else "square"
