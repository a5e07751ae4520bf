"""Everything that drawing needs besides the spec: opened once, then only read."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Self

from badge.assets import asset_dir
from badge.catalogue import Catalogue, RenderSpec
from badge.content import Statistic, Strings, load_statistics, load_strings
from badge.render.compose import Composer
from badge.render.ground import GroundCache
from badge.render.stencil import Stencils
from badge.text import FontBook

RENDERER_VERSION = 2
_DRAWN_BY = (
    "brotli",
    "cairosvg",
    "cairocffi",
    "pillow",
    "deflate",
    "zlib-ng",
    "uharfbuzz",
    "babel",
    "tzdata",
)
_GROUND_BYTES = 20 * 2**20  # a share image, a square and a story
_STENCIL_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Kit:
    """The catalogue, the fonts, the sentences and figures, the compiled drawings, what is painted already."""

    catalogue: Catalogue
    fonts: FontBook
    strings: Strings
    statistics: Mapping[str, Statistic]
    composer: Composer
    grounds: GroundCache
    stencils: Stencils
    digest: str

    @classmethod
    def load(
        cls,
        font_dirs: Sequence[Path] = (),
        templates: Path | None = None,
        ground_bytes: int = _GROUND_BYTES,
    ) -> Self:
        """Opens everything; raises ValueError that names a broken template.

        `ground_bytes` bounds the painted grounds that are kept: a 4K one takes 41 MB.
        """
        catalogue = Catalogue.load(templates or asset_dir("svg_templates"))
        fonts = FontBook.load(font_dirs)
        strings, statistics = load_strings(), load_statistics()
        parts = [str(RENDERER_VERSION), catalogue.digest, fonts.digest, repr(strings), repr(statistics)]
        parts += [f"{name} {version(name)}" for name in _DRAWN_BY]
        digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
        return cls(
            catalogue,
            fonts,
            strings,
            statistics,
            Composer(catalogue),
            GroundCache(ground_bytes),
            Stencils(_STENCIL_BYTES),
            digest,
        )


def key_of(spec: RenderSpec, kit: Kit) -> str:
    """Returns 32 hex digits that name the bytes of this picture: spec, template, content, fonts, encoders."""
    template = kit.catalogue.templates[spec.kind, spec.template]
    text = f"{kit.digest}\n{template.digest}\n{spec.identity}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
