"""Names for picture files: readable in any script, and safe on every file system."""

from badge.catalogue.spec import RenderSpec
from badge.text import graphemes

# Refused by Windows, or with a meaning to a shell, a URL or a header.
_UNSAFE = frozenset('\\/:*?"<>|')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
# File systems end at 255 bytes; what is left over is for a number, a suffix and a temporary name.
_MAX_BYTES = 200
_MAX_LETTERS = 80


def file_stem(said: str) -> str:
    """Returns `said` as a file name without its ending, at most 80 letters and 200 bytes of UTF-8.

    White space becomes hyphens, what a file system refuses too; nothing left gives `picture`.
    """
    kept = "".join("-" if c in _UNSAFE else c for c in said if c.isprintable())
    stem = ""
    for letter in graphemes("-".join(kept.split()))[:_MAX_LETTERS]:
        if len((stem + letter).encode()) > _MAX_BYTES:
            break
        stem += letter
    stem = stem.strip(".-") or "picture"
    return f"{stem}-" if stem.partition(".")[0].lower() in _DEVICES else stem


def words_of_file(spec: RenderSpec) -> str:
    """Returns what a downloaded picture is called: the template, and what it says but colours and `none`."""
    said = (value for _, value in spec.values if value != "none" and not value.startswith("#"))
    return " ".join((spec.template, *said))
