from pathlib import Path

from PIL import Image

from badge.content import LANGUAGES
from badge.render import Kit
from badge.render.gallery import sheet_of, write_gallery
from badge.render.sheet import contact_sheet


def test_a_template_is_drawn_in_each_theme_size_and_language(tmp_path: Path) -> None:
    kit = Kit.load()
    template = kit.catalogue.get("badge", "wear")
    drawn = {tile.path for tile in write_gallery(tmp_path, kit, [template])}
    assert len(drawn) == 2 * len(template.manifest.sizes.values) * len(LANGUAGES)
    assert all((tmp_path / path).read_bytes().startswith(b"\x89PNG") for path in drawn)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert all(f'src="{path}"' in page for path in drawn)
    with Image.open(sheet_of(tmp_path, template)) as sheet:
        assert sheet.width > sheet.height


def test_a_sheet_has_a_cell_for_each_picture_and_none_overlap() -> None:
    sizes = [(40, 20), (20, 60), (30, 10), (5, 5), (50, 50)]
    sheet = contact_sheet([Image.new("RGBA", size, "#009edb") for size in sizes], 3)
    blue = sheet.histogram()[256 + 0x9E]
    assert blue == sum(width * height for width, height in sizes)
