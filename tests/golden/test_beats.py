"""Every heart that beats, at rest and at both beats beside each other. `UPDATE_GOLDEN=1` writes them anew."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from badge.catalogue import Template
from badge.catalogue.fields import TextField
from badge.render import Kit, lay_out
from badge.render.film import shoot

FOLDER = Path(__file__).parent
KIT = Kit.load()
BEATING = [template for template in KIT.catalogue.templates.values() if template.manifest.beat]
_AT_REST_AND_AT_BOTH_BEATS = (0, 2, 6)


@pytest.mark.parametrize("template", BEATING, ids=lambda template: template.path)
def test_a_beat_looks_as_it_did(template: Template) -> None:
    golden = FOLDER / template.path / "beat.png"
    now = strip(template)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        now.save(golden)
        pytest.fail(f"wrote {golden}; look at it, then run without UPDATE_GOLDEN")
    assert golden.is_file(), "no golden picture yet: UPDATE_GOLDEN=1 make test ARGS=tests/golden"
    was = Image.open(golden).convert("RGBA")
    assert was.size == now.size, f"{was.size} has become {now.size}"
    assert max(high for _, high in ImageChops.difference(was, now).getextrema()) <= 1


def strip(template: Template) -> Image.Image:
    names = [name for name, field in template.manifest.fields.items() if isinstance(field, TextField)]
    sizes = template.manifest.sizes
    size = sizes.values[0] if sizes.values else str(min(sizes.maximum, max(sizes.minimum, 160)))
    said = "&".join([f"size={size}&lang=zh&animate=beat", *(f"{name}=Zo%C3%AB" for name in names)])
    spec = KIT.catalogue.parse(f"/{template.path}.webp", said.encode(), template.manifest.shown()).spec
    film = shoot(lay_out(spec, KIT), KIT)
    frames = [film.frames[number] for number in _AT_REST_AND_AT_BOTH_BEATS]
    width_px = frames[0].width_px
    whole = Image.new("RGBA", (width_px * len(frames), frames[0].height_px))
    for number, frame in enumerate(frames):
        size_px = (width_px, frame.height_px)
        whole.paste(
            Image.frombuffer("RGBA", size_px, frame.data, "raw", "BGRa", 0, 1), (number * width_px, 0)
        )
    return whole
