"""Every template in every language says whatever a visitor types inside its boxes."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge.catalogue import RenderSpec, Template
from badge.catalogue.fields import TextField
from badge.content import HAN_FORMS, LANGUAGES
from badge.errors import InvalidField
from badge.render import Kit, lay_out
from badge.render.proof import leaks
from badge.text import graphemes

KIT = Kit.load()
TEMPLATES = [t for t in KIT.catalogue.templates.values() if not t.manifest.hidden]
LANGS = (*LANGUAGES, *HAN_FORMS)
NAMES = {
    "short": "Ann",
    "forty letters": "Wilhelmina Alexandra van der Bloemendaal",
    "forty wide letters": "Щ" * 40,
    "one long word": "Donaudampfschifffahrtsgesellsc",
    "emoji": "👩🏽‍🚀 💙 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "right to left": "عبد الرحمن بن محمد بن خلدون الحضرمي",
    "mixed": "Club שלום ภาษาไทย 東京 2026",
    "tall": "ฏิ๋ญู๋ กี่ที่นี้ ٱللَّٰهِ ម៉្លោះ ẪỘ",
    "heaped marks": "Zo" + "".join(chr(0x300 + i) for i in range(19)) + "e Mu" + "\u0323\u0330" * 9 + "l",
}


def sizes_of(template: Template) -> tuple[str, ...]:
    sizes = template.manifest.sizes
    if sizes.unit == "side_px":
        return tuple(str(side) for side in (sizes.minimum, sizes.minimum + 7, sizes.default, sizes.maximum))
    return sizes.values


def texts_of(template: Template) -> dict[str, TextField]:
    return {name: f for name, f in template.manifest.fields.items() if isinstance(f, TextField)}


def spec_of(template: Template, typed: dict[str, str], lang: str, size: str) -> RenderSpec:
    """Returns the template's first example in another language and size, with some of its texts replaced."""
    query = dict(parse_qsl(template.manifest.examples[0].query)) | {"lang": lang, "size": size}
    for name, text in typed.items():
        query[name] = "".join(graphemes(text)[: texts_of(template)[name].max_graphemes])
    path = f"/{template.path}.{template.manifest.formats[0]}"
    return KIT.catalogue.parse(
        path, urlencode(query).encode(), dict.fromkeys(template.manifest.live, 1234)
    ).spec


def faults(spec: RenderSpec) -> Iterator[str]:
    return (fault for fault in leaks(lay_out(spec, KIT)) if "no font" not in fault)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.path)
def test_every_text_stays_in_its_box(template: Template, name: str) -> None:
    for i, lang in enumerate(LANGS):
        sizes = sizes_of(template)
        for size in sizes if len(sizes) < 9 else sizes[i % 3 :: 3]:
            spec = spec_of(template, dict.fromkeys(texts_of(template), name), lang, size)
            assert not list(faults(spec)), spec.canonical


@settings(max_examples=200, deadline=None)
@given(
    template=st.sampled_from(TEMPLATES),
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
    | st.text(
        "abcÄß ÖABC,.-'’()שלוםابتثमक्षिนำเก山田がㅎ한💙❤\ufe0f👩\u200d👧🇧🇪1٣\u0301\u05b0ំ្",
        min_size=1,
        max_size=60,
    ),
    lang=st.sampled_from(LANGS),
    where=st.floats(0, 0.999),
)
def test_whatever_is_typed_stays_in_its_box(template: Template, text: str, lang: str, where: float) -> None:
    sizes = sizes_of(template)
    try:
        typed = dict.fromkeys(texts_of(template), text)
        spec = spec_of(template, typed, lang, sizes[int(where * len(sizes))])
    except InvalidField:
        return  # nothing visible, too many marks on one letter, or a refused word
    assert not list(faults(spec)), spec.canonical


@pytest.mark.parametrize("template", [t for t in TEMPLATES if t.kind == "card"], ids=lambda t: t.path)
def test_a_name_of_forty_letters_is_never_cut_on_a_card(template: Template) -> None:
    real = (NAMES["forty letters"], "Константин Заречный-Константинопольский")
    for name in (*real, "山田太郎" * 10, "м" * 40, "W" * 40):
        for size in sizes_of(template):
            spec = spec_of(template, dict.fromkeys(texts_of(template), name), "en", size)
            cut = [key for key, text in lay_out(spec, KIT).texts.items() if text.fitted.truncated]
            assert not cut, spec.canonical
