"""Pictures that come beside an address, decoded once to the pixels that a drawing takes: crests."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

from PIL import Image

MAX_SIDE_PX: Final = 512


@dataclass(frozen=True, slots=True)
class Art:
    """Premultiplied BGRA rows, 4 bytes a pixel, and the digest that stands for them in a spec."""

    data: bytes
    width_px: int
    height_px: int
    digest: str

    @classmethod
    def decode(cls, png: bytes) -> Self:
        """Decodes a PNG that was redrawn for us (campaigns/crest.py), 512 pixels at most on a side.

        Raises ValueError for anything else: what strangers send is bounded and redrawn before it comes here.
        """
        try:
            with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
                if max(opened.size) > MAX_SIDE_PX:
                    raise ValueError(f"art of {opened.size} pixels; at most {MAX_SIDE_PX} a side are drawn")
                image = opened.convert("RGBA")
        except OSError as error:
            raise ValueError(f"not a PNG that was redrawn for us: {error}") from None
        data = image.convert("RGBa").tobytes("raw", "BGRa")
        digest = hashlib.blake2b(data, digest_size=16, salt=b"%dx%d" % image.size)
        return cls(data, *image.size, digest.hexdigest())


NO_ART: Final[Mapping[str, Art]] = MappingProxyType({})
