"""The colours a picture wears: its palette with the visitor's own in it, every text still readable."""

from collections.abc import Mapping
from typing import Literal

from badge.catalogue.colour import contrast, readable_on
from badge.catalogue.fields import ColourField
from badge.catalogue.manifest import Manifest
from badge.errors import LowContrast


def wear(manifest: Manifest, values: Mapping[str, str], theme: Literal["light", "dark"]) -> Mapping[str, str]:
    """Returns the palette of a theme with the chosen colours in their roles.

    A text on a chosen ground, or a chosen text on our ground, becomes white or ink where the pair would fail
    its promise. Raises LowContrast with the ratio where the visitor chose both.
    """
    palette = manifest.palette[theme]
    chosen = {
        field.role: (name, values[name])
        for name, field in manifest.fields.items()
        if isinstance(field, ColourField) and name in values
    }
    if not chosen:
        return palette
    worn = palette | {role: colour for role, (_, colour) in chosen.items()}
    for pair in manifest.contrast:
        ratio = contrast(worn[pair.ink], worn[pair.ground])
        if ratio >= pair.ratio or not {pair.ink, pair.ground} & chosen.keys():
            continue
        if pair.ink in chosen and pair.ground in chosen:
            ink, ground = chosen[pair.ink][0], chosen[pair.ground][0]
            raise LowContrast(
                f"{ink} on {ground} has a contrast of {ratio:.2f}; text needs {pair.ratio:g} to be read",
                field=ink,
            )
        worn[pair.ink] = readable_on(worn[pair.ground], pair.ratio)
    return worn
