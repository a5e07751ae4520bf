"""The named canvases of share images, with the room that each network's own buttons cover."""

from dataclasses import dataclass

from badge.catalogue.manifest import Aspect

_BROAD = 2.0  # the ratio from which a wide canvas has room for larger letters
_BROADEST = 1.3


@dataclass(frozen=True, slots=True)
class CanvasSize:
    """A canvas in CSS pixels, the heights at its top and bottom that stay clear, its device pixels each."""

    width_px: int
    height_px: int
    clear_top_px: int = 0
    clear_bottom_px: int = 0
    density: int = 1

    @property
    def area_px(self) -> int:
        """Returns its device pixels at scale 1."""
        return self.width_px * self.height_px * self.density**2

    @property
    def unit_px(self) -> float:
        """Returns what text sizes are fractions of: the shorter side, or more of it on a broad cover."""
        shorter_px = min(self.width_px, self.height_px)
        if aspect_of(self.width_px, self.height_px) != "wide":
            return shorter_px
        return shorter_px * min(max(self.width_px / self.height_px / _BROAD, 1.0), _BROADEST)


CANVASES: dict[str, CanvasSize] = {
    "og": CanvasSize(1200, 630),
    "linkedin": CanvasSize(1200, 627),
    "x": CanvasSize(1600, 900),
    "square": CanvasSize(1080, 1080),
    "portrait": CanvasSize(1080, 1350),
    "landscape": CanvasSize(1080, 566),
    "story": CanvasSize(1080, 1920, 250, 250),
    "facebook-cover": CanvasSize(851, 315),
    "facebook-event": CanvasSize(1920, 1005),
    "x-header": CanvasSize(1500, 500),
    "linkedin-banner": CanvasSize(1584, 396),
    "linkedin-company": CanvasSize(1128, 191),
    "youtube": CanvasSize(1280, 720),
    "pinterest": CanvasSize(1000, 1500),
    "background": CanvasSize(1920, 1080),
    "email": CanvasSize(600, 150, density=2),
    "album": CanvasSize(3000, 3000),
    "signage": CanvasSize(1920, 1080),
    "signage-portrait": CanvasSize(1080, 1920),
    "signage-4k": CanvasSize(3840, 2160),
    "signage-4k-portrait": CanvasSize(2160, 3840),
}


def aspect_of(width_px: float, height_px: float) -> Aspect:
    """Returns the aspect class of a canvas: banner over 3, wide over 1.2, tall under 0.72, else square."""
    ratio = width_px / height_px
    if ratio > 3:
        return "banner"
    if ratio > 1.2:
        return "wide"
    return "tall" if ratio < 0.72 else "square"
