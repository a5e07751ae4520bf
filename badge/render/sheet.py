"""A contact sheet: many pictures, each a thumbnail, in rows on one page."""

import io
from collections.abc import Sequence

from PIL import Image

_GAP_PX = 16
_PAPER = (236, 240, 244)


def thumbnail(body: bytes, side_px: int) -> Image.Image:
    """Returns a picture no larger than `side_px` on either side; a small one stays as it is."""
    image = Image.open(io.BytesIO(body))
    image.draft("RGB", (side_px * 2, side_px * 2))
    whole = image.convert("RGBA")
    whole.thumbnail((side_px, side_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return whole


def contact_sheet(thumbs: Sequence[Image.Image], columns: int) -> Image.Image:
    """Returns one page with `columns` pictures a row, each column as wide as its widest picture."""
    rows = [thumbs[i : i + columns] for i in range(0, len(thumbs), columns)]
    widths = [max(row[i].width for row in rows if i < len(row)) for i in range(min(columns, len(thumbs)))]
    heights = [max(thumb.height for thumb in row) for row in rows]
    size = (sum(widths) + _GAP_PX * (len(widths) + 1), sum(heights) + _GAP_PX * (len(rows) + 1))
    sheet = Image.new("RGB", size, _PAPER)
    y_px = _GAP_PX
    for row, height_px in zip(rows, heights, strict=True):
        x_px = _GAP_PX
        for thumb, width_px in zip(row, widths, strict=False):
            sheet.paste(thumb, (x_px, y_px), thumb)
            x_px += width_px + _GAP_PX
        y_px += height_px + _GAP_PX
    return sheet
