import struct
from math import hypot
from urllib.parse import quote

import pytest

from badge.catalogue.manifest import Ring
from badge.render import Kit, Scene, lay_out
from badge.render.path import compile_path
from badge.render.scene import PlacedText

NAMES = {
    "short": "Ann",
    "forty letters": "Wilhelmina Alexandra van der Bloemendaal",
    "sixty wide letters": "W" * 60,
    "right to left": "عبد الرحمن بن محمد",
    "vowelled": "ٱلْحَمْدُ لِلَّٰهِ رَبِّ ٱلْعَٰلَمِينَ",
    "joined by a line": "अनन्या शर्मा",
    "stacked": "ម៉្លោះ ឃ្ល្យើ ស្រីមុំ",
    "heaped marks": "Zo" + "".join(chr(0x300 + i) for i in range(19)) + "e",
    "emoji": "Ana 💙 Bé 🌍",
}


def scene_of(kit: Kit, name: str, lang: str, size: int) -> Scene:
    query = f"name={quote(name)}&lang={lang}&size={size}"
    return lay_out(kit.catalogue.parse("/avatar/ring.png", query.encode()).spec, kit)


def corners(text: PlacedText) -> list[tuple[float, float]]:
    """Returns every end of a stroke, and what hearts reach, from the middle of the ring."""
    (placed,) = text.lines
    line = placed.line
    found = [(heart.x_px, heart.y_px) for heart in line.hearts]
    packed = compile_path(line.d) or []
    at = 0
    while at < len(packed):
        _, length = struct.unpack("=ii", struct.pack("=d", packed[at]))
        at += 2 * length  # a header, then points; the last is the stroke's end
        if length > 1:
            found.append((packed[at - 2] * line.scale, packed[at - 1] * line.scale))
    return found


@pytest.mark.parametrize("size", [192, 512, 1024])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_ring_holds_what_it_says(kit: Kit, name: str, size: int) -> None:
    rings: tuple[Ring, ...] = kit.catalogue.get("avatar", "ring").manifest.layout["square"].rings
    for lang in ("en", "ar", "ja", "de"):
        scene = scene_of(kit, name, lang, size)
        for ring in rings:
            text = scene.texts[ring.text]
            for x, y in corners(text):
                assert abs(hypot(x, y) - ring.radius * size) <= ring.band / 2 * size + 0.5
                assert (y < 0) == (ring.side == "top") or abs(y) < 0.1 * size


def test_the_two_texts_of_a_ring_never_meet(kit: Kit) -> None:
    scene = scene_of(kit, "W" * 60, "ja", 512)
    name, line = scene.texts["name"].ink, scene.texts["line"].ink
    assert name.bottom_px < line.y_px


def test_a_name_of_forty_letters_is_whole(kit: Kit) -> None:
    for name in (NAMES["forty letters"], "Константин Константинопольский-Заречный", "山田太郎" * 5):
        assert not scene_of(kit, name, "en", 512).texts["name"].fitted.truncated, name
