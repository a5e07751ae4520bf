"""The layout of cards and avatars: a heart and crests in their boxes, columns and rings of texts."""

from collections.abc import Mapping

from badge.catalogue import CanvasSize
from badge.catalogue.manifest import Align, Box, Canvas, Column, Spot
from badge.render.art import Art
from badge.render.columns import set_column
from badge.render.ring import set_ring
from badge.render.scene import Disc, Laid, PlacedText, Rect, heart_in
from badge.render.typeset import Typesetter

_APART = 0.22  # of a disc's diameter, between a crest and the text beside it
_IN_DISC = 0.96  # of a disc's diameter: the diagonal of the picture in it


def set_canvas(layout: Canvas, canvas: CanvasSize, typesetter: Typesetter, art: Mapping[str, Art]) -> Laid:
    """Sets everything in the canvas's safe area; right-to-left languages mirror the boxes.

    `art` are the pictures that came for this one, by field. A column gives way to the side of a crest that
    stands in its box; where texts are centred, all move together to above it.
    """
    rtl = typesetter.language.dir == "rtl"
    discs = {
        name: _disc(spot, _rect(spot.box, canvas, rtl=rtl), art[name], rtl=rtl)
        for name, spot in layout.discs.items()
        if name in art
    }
    texts: dict[str, PlacedText] = {}
    pace = 1.0
    boxes = [_rect(column.box, canvas, rtl=rtl) for column in layout.columns]
    for disc in discs.values():
        boxes = _clear_of(disc.rim, boxes, layout.columns)
    for column, box in zip(layout.columns, boxes, strict=True):
        placed, pace = set_column(column, box, canvas.unit_px, typesetter, pace)
        texts.update(placed)
    for ring in layout.rings:
        texts[ring.text] = set_ring(
            ring, _rect((*ring.centre, 0, 0), canvas, rtl=rtl), canvas.unit_px, typesetter
        )
    heart = layout.heart and heart_in(_rect(layout.heart, canvas, rtl=rtl), rim=True)
    return Laid(canvas.width_px, texts, heart, discs=discs)


def _rect(box: Box, canvas: CanvasSize, *, rtl: bool) -> Rect:
    x, y, width, height = box
    safe_px = canvas.height_px - canvas.clear_top_px - canvas.clear_bottom_px
    return Rect(
        (1 - x - width if rtl else x) * canvas.width_px,
        canvas.clear_top_px + y * safe_px,
        width * canvas.width_px,
        height * safe_px,
    )


def _disc(spot: Spot, box: Rect, art: Art, *, rtl: bool) -> Disc:
    """Returns the largest disc in a box, and in it the picture, whole, whatever its shape."""
    side_px = min(box.width_px, box.height_px)
    x_px = box.x_px + (box.width_px - side_px) * _slack_before(spot.align, rtl=rtl)
    rim = Rect(x_px, box.y_px + (box.height_px - side_px) / 2, side_px, side_px)
    scale = side_px * _IN_DISC / float(art.width_px**2 + art.height_px**2) ** 0.5
    width_px, height_px = art.width_px * scale, art.height_px * scale
    picture = Rect(
        rim.x_px + (side_px - width_px) / 2, rim.y_px + (side_px - height_px) / 2, width_px, height_px
    )
    return Disc(rim, picture)


def _slack_before(align: Align, *, rtl: bool) -> float:
    if align == "middle":
        return 0.5
    return 1.0 if (align == "end") != rtl else 0.0


def _clear_of(rim: Rect, boxes: list[Rect], columns: tuple[Column, ...]) -> list[Rect]:
    """Returns what a crest leaves of the columns' boxes."""
    centred = [box for box, column in zip(boxes, columns, strict=True) if column.align == "middle"]
    above = any(_meet(rim, box) for box in centred)
    return [
        (_above(rim, box, centred) if above else box)
        if column.align == "middle"
        else (_beside(rim, box) if _meet(rim, box) else box)
        for box, column in zip(boxes, columns, strict=True)
    ]


def _meet(rim: Rect, box: Rect) -> bool:
    across = rim.x_px < box.right_px and box.x_px < rim.right_px
    return across and rim.y_px < box.bottom_px and box.y_px < rim.bottom_px


def _above(rim: Rect, box: Rect, centred: list[Rect]) -> Rect:
    """Returns a box with its share of what is above the rim."""
    top_px, bottom_px = min(b.y_px for b in centred), max(b.bottom_px for b in centred)
    share = (rim.y_px - _APART * rim.width_px - top_px) / (bottom_px - top_px)
    return box._replace(y_px=top_px + (box.y_px - top_px) * share, height_px=box.height_px * share)


def _beside(rim: Rect, box: Rect) -> Rect:
    apart_px = rim.width_px * _APART
    if rim.x_px + rim.right_px > box.x_px + box.right_px:
        return box._replace(width_px=rim.x_px - apart_px - box.x_px)
    start_px = rim.right_px + apart_px
    return box._replace(x_px=start_px, width_px=box.right_px - start_px)
