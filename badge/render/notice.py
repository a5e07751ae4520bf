"""The picture that an image client gets instead of an error status, which image proxies would throw away."""

from badge.catalogue import FORMATS, RenderSpec
from badge.catalogue.manifest import Format
from badge.errors import BlueHeartError
from badge.text import clean

_MAX_LETTERS = 160


def notice_spec(error: BlueHeartError, format_: str) -> RenderSpec:
    """Returns the spec of the notice for an error, in the format asked for or as SVG where we lack that."""
    text = clean(error.detail.encode("utf-8", "replace").decode("utf-8"))[:_MAX_LETTERS]
    known: Format = next((known for known in FORMATS if known == format_), "svg")
    return RenderSpec(
        kind="notice",
        template="error",
        format=known,
        lang="en",
        theme="light",
        size="28",
        scale=1,
        values=(("message", text),),
        live=(),
        canonical=f"/notice/error.{known}?message={text}",
    )
