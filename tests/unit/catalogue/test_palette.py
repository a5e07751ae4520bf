"""A visitor's colours are kept, and what is written on them can be read."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge.catalogue.colour import contrast, readable_on
from badge.catalogue.manifest import Manifest
from badge.catalogue.palette import wear
from badge.errors import LowContrast

MANIFEST = msgspec.convert(
    {
        "title": "t",
        "creator": "c",
        "licence": "l",
        "alt": "a",
        "formats": ["svg"],
        "sizes": {"unit": "height_px", "default": "20", "values": ["20"]},
        "fields": {
            "shirt": {"type": "colour", "help": "", "role": "ground"},
            "letters": {"type": "colour", "help": "", "role": "ink"},
        },
        "palette": {
            "light": {"ground": "#ffffff", "ink": "#0b1f33"},
            "dark": {"ground": "#0b1f33", "ink": "#ffffff"},
        },
        "contrast": [{"ink": "ink", "ground": "ground", "ratio": 4.5}],
        "examples": [],
    },
    Manifest,
)
COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_without_a_choice_the_palette_is_ours() -> None:
    assert wear(MANIFEST, {}, "dark") == {"ground": "#0b1f33", "ink": "#ffffff"}


def test_a_chosen_ground_turns_its_text_white_or_ink() -> None:
    assert wear(MANIFEST, {"shirt": "#c8102e"}, "light") == {"ground": "#c8102e", "ink": "#ffffff"}
    assert wear(MANIFEST, {"shirt": "#ffd100"}, "dark") == {"ground": "#ffd100", "ink": "#0b1f33"}


def test_a_chosen_text_gives_way_on_our_ground_only_where_it_cannot_be_read() -> None:
    assert wear(MANIFEST, {"letters": "#ffd100"}, "dark")["ink"] == "#ffd100"
    assert wear(MANIFEST, {"letters": "#ffd100"}, "light")["ink"] == "#0b1f33"


def test_a_pair_that_was_chosen_is_kept_or_refused_with_its_ratio() -> None:
    assert wear(MANIFEST, {"shirt": "#000000", "letters": "#ffd100"}, "light")["ink"] == "#ffd100"
    with pytest.raises(LowContrast) as raised:
        wear(MANIFEST, {"shirt": "#ffffff", "letters": "#ffd100"}, "dark")
    assert "letters on shirt has a contrast of 1.46; text needs 4.5" in raised.value.detail
    assert raised.value.field == "letters"


@given(COLOURS)
def test_text_reaches_its_contrast_on_every_colour(colour: str) -> None:
    assert contrast(readable_on(colour, 4.5), colour) >= 4.5
    assert contrast(wear(MANIFEST, {"shirt": colour}, "light")["ink"], colour) >= 4.5
