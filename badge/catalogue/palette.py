"""The colours a picture wears: its palette with the visitor's or a campaign's in it, every text readable."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from badge.catalogue.colour import contrast, mix, readable_on
from badge.catalogue.fields import ColourField
from badge.catalogue.manifest import Manifest
from badge.errors import LowContrast

Tint = Mapping[str, str]
NO_TINT: Final[Tint] = MappingProxyType({})
_TEXT_RATIO = 4.5
_DEEPER = 0.35
_LIT = 0.6


@dataclass(frozen=True, slots=True)
class Look:
    """How a campaign looks: its two colours, and the digest of its crest; empty where it has none."""

    ground: str = ""
    accent: str = ""
    crest: str = ""


def tint_of(manifest: Manifest, look: Look) -> dict[str, str]:
    """Returns the colours that a campaign gives to roles of a palette; a template's heart is never one."""
    if not look.ground:
        return {}
    # Away from the text's colour, so that what can be read on the ground can be read on its deeper shade.
    light_text = readable_on(look.ground, _TEXT_RATIO) == "#ffffff"
    deep = mix(look.ground, "#000000" if light_text else "#ffffff", _DEEPER)
    lit = mix(look.ground, "#ffffff", _LIT)
    shades = {"ground": look.ground, "deep": deep, "light": lit, "accent": look.accent}
    return {role: shades[shade] for role, shade in manifest.campaign.items()}


def wear(
    manifest: Manifest, values: Mapping[str, str], theme: Literal["light", "dark"], tint: Tint = NO_TINT
) -> Mapping[str, str]:
    """Returns the palette of a theme with the chosen colours in their roles, a visitor's before a campaign's.

    A text on a chosen ground, or a chosen text on our ground, becomes white or ink where the pair would fail
    its promise. Raises LowContrast with the ratio where the visitor chose both.
    """
    palette = manifest.palette[theme]
    chosen = {
        field.role: (name, values[name])
        for name, field in manifest.fields.items()
        if isinstance(field, ColourField) and name in values
    }
    if not chosen and not tint:
        return palette
    worn = {**palette, **tint} | {role: colour for role, (_, colour) in chosen.items()}
    for pair in manifest.contrast:
        ratio = contrast(worn[pair.ink], worn[pair.ground])
        if ratio >= pair.ratio or not {pair.ink, pair.ground} & (chosen.keys() | tint.keys()):
            continue
        if pair.ink in chosen and pair.ground in chosen:
            ink, ground = chosen[pair.ink][0], chosen[pair.ground][0]
            raise LowContrast(
                f"{ink} on {ground} has a contrast of {ratio:.2f}; text needs {pair.ratio:g} to be read",
                field=ink,
            )
        worn[pair.ink] = readable_on(worn[pair.ground], pair.ratio)
    return worn
