"""What to draw, and what a visitor asked about its delivery: the values that a URL resolves to."""

import hashlib

import msgspec

from badge.catalogue.manifest import Format, Theme


class RenderSpec(msgspec.Struct, frozen=True):
    """What to draw, wholly: two equal specs are the same picture.

    `values` holds every field that says something, in its one spelling; `images` the digest of each picture
    that came beside the address, `tint` the colours that a campaign gives to roles of the palette.
    """

    kind: str
    template: str
    format: Format
    lang: str
    theme: Theme
    size: str
    scale: int
    values: tuple[tuple[str, str], ...]
    live: tuple[tuple[str, int], ...]
    canonical: str
    images: tuple[tuple[str, str], ...] = ()
    campaign: str = ""
    tint: tuple[tuple[str, str], ...] = ()

    @property
    def beats(self) -> bool:
        """Tells whether its heart beats."""
        return ("animate", "beat") in self.values

    @property
    def changes(self) -> bool:
        """Tells whether the same URL may be another picture in a minute: a campaign's, or a live one."""
        return bool(self.campaign or self.live)

    @property
    def identity(self) -> str:
        """Returns the canonical URL with what it does not show: counts, pictures, a campaign's colours."""
        beside = (*self.live, *self.images, *self.tint)
        return self.canonical + "".join(f"#{name}={value}" for name, value in beside)

    @property
    def subject(self) -> str:
        """Returns 16 hex digits for what the picture says, whatever its size, format, language and theme.

        What moves says what it says at rest.
        """
        values = tuple(value for value in self.values if value[0] != "animate")
        said = f"{self.kind}/{self.template}\n{values}\n{self.images}\n{self.campaign}"
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


class PictureRequest(msgspec.Struct, frozen=True):
    """A spec with what the visitor asked about its delivery."""

    spec: RenderSpec
    ignored: tuple[str, ...]
    download: bool
    maxage_s: int | None
    sidecar: bool
    signature: str
