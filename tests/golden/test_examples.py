"""Every example of every template, pixel by pixel. `UPDATE_GOLDEN=1` writes them anew and still fails."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops

from badge.catalogue import RenderSpec
from badge.render import Kit, render
from badge.render.proof import example_specs

FOLDER = Path(__file__).parent
FAILURES = FOLDER.parents[1] / "out" / "golden"
KIT = Kit.load()
EXAMPLES = [
    pytest.param(spec, FOLDER / template.kind / template.name / f"{i}.png", id=spec.canonical)
    for template in KIT.catalogue.templates.values()
    for i, spec in enumerate(example_specs(template, KIT))
]


@pytest.mark.parametrize(("spec", "golden"), EXAMPLES)
def test_example_looks_as_it_did(spec: RenderSpec, golden: Path, tmp_path: Path) -> None:
    theme = "light" if spec.theme == "auto" else spec.theme
    drawn = tmp_path / "drawn.png"
    drawn.write_bytes(render(replace(spec, format="png", theme=theme), KIT).body)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(drawn.read_bytes())
        pytest.fail(f"wrote {golden}; look at it, then run without UPDATE_GOLDEN")
    assert golden.is_file(), "no golden picture yet: UPDATE_GOLDEN=1 make test ARGS=tests/golden"
    was, now = Image.open(golden).convert("RGBA"), Image.open(drawn).convert("RGBA")
    assert was.size == now.size, f"{was.size} has become {now.size}"
    worst = max(high for _, high in ImageChops.difference(was, now).getextrema())
    assert worst <= 1, f"differs by {worst}/255: see {triptych(was, now, golden)}"


def triptych(was: Image.Image, now: Image.Image, golden: Path) -> Path:
    """Writes before, after and their difference, amplified, side by side."""
    difference = ImageChops.difference(was, now).convert("RGB").point(lambda v: min(255, v * 8))
    panel = Image.new("RGB", (was.width * 3 + 20, was.height), (236, 240, 244))
    panel.paste(was, (0, 0), was)
    panel.paste(now, (was.width + 10, 0), now)
    panel.paste(difference, (was.width * 2 + 20, 0))
    path = FAILURES / golden.relative_to(FOLDER)
    path.parent.mkdir(parents=True, exist_ok=True)
    panel.save(path)
    return path


def test_no_golden_picture_is_left_without_its_example() -> None:
    wanted = {golden for _, golden in (example.values for example in EXAMPLES)}
    wanted |= {FOLDER / t.path / "beat.png" for t in KIT.catalogue.templates.values() if t.manifest.beat}
    assert set(FOLDER.rglob("*.png")) == wanted
