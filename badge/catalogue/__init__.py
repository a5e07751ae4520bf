"""Templates as data: what each picture accepts, and what a URL asks for."""

from badge.catalogue.canvas import CANVASES, CanvasSize, aspect_of
from badge.catalogue.catalogue import Catalogue, Template
from badge.catalogue.manifest import FORMATS, Manifest, split_sentence
from badge.catalogue.spec import PictureRequest, RenderSpec

__all__ = [
    "CANVASES",
    "FORMATS",
    "CanvasSize",
    "Catalogue",
    "Manifest",
    "PictureRequest",
    "RenderSpec",
    "Template",
    "aspect_of",
    "split_sentence",
]
