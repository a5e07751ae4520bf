"""What each network wants of a picture: a size, a format and the bytes that it takes at most."""

from dataclasses import dataclass
from typing import Final

from badge.catalogue.manifest import Format, Manifest
from badge.errors import InvalidField

MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Network:
    """A network's canvas for cards, its side for avatars, and its bound in bytes for both."""

    canvas: str
    max_bytes: int
    side_px: int = 512


# Cards go out as JPEG: every network takes it, and its encoder has a bound of its own (render/encode.py).
NETWORKS: Final[dict[str, Network]] = {
    "whatsapp": Network("og", 300_000, 640),
    "instagram": Network("portrait", 8 * MB, 640),
    "instagram-story": Network("story", 8 * MB, 640),
    "threads": Network("portrait", 8 * MB, 640),
    "tiktok": Network("story", 5 * MB, 720),
    "snapchat": Network("story", 5 * MB, 320),
    "facebook": Network("og", 8 * MB, 720),
    "facebook-cover": Network("facebook-cover", 8 * MB, 720),
    "facebook-event": Network("facebook-event", 8 * MB, 720),
    "linkedin": Network("linkedin", 5 * MB, 400),
    "linkedin-banner": Network("linkedin-banner", 8 * MB, 400),
    "linkedin-company": Network("linkedin-company", 4 * MB, 400),
    "x": Network("x", 5 * MB, 400),
    "x-header": Network("x-header", 5 * MB, 400),
    "bluesky": Network("og", MB, 1000),
    "mastodon": Network("og", 2 * MB, 400),
    "telegram": Network("og", 5 * MB, 512),
    "discord": Network("og", 8 * MB, 512),
    "slack": Network("og", 5 * MB, 512),
    "email": Network("email", 200_000, 128),
    "zoom": Network("background", 2 * MB, 400),
    "teams": Network("background", 2 * MB, 648),
    "meet": Network("background", 2 * MB, 720),
    "pinterest": Network("pinterest", 10 * MB, 280),
    "youtube": Network("youtube", 2 * MB, 800),
    "spotify": Network("album", 4 * MB, 750),
}


def suits(manifest: Manifest) -> bool:
    """Tells whether `for` picks anything of a template: of cards and avatars, but not of rows."""
    return manifest.sizes.unit != "height_px"


def size_for(network: Network, manifest: Manifest) -> tuple[str, Format]:
    """Returns the size and the format that a network gets from a template.

    Raises InvalidField where the template is not drawn at that size.
    """
    sizes = manifest.sizes
    if sizes.unit == "side_px":
        return str(min(max(network.side_px, sizes.minimum), sizes.maximum)), "png"
    if network.canvas not in sizes.values:
        raise InvalidField(
            f"for wants the size {network.canvas}, not drawn here; there are {', '.join(sizes.values)}",
            field="for",
        )
    return network.canvas, "jpg"
