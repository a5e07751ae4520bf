import shutil
from pathlib import Path
from time import perf_counter

import pytest

from badge.text import FontBook, TextBox, fit
from badge.text import fonts as fonts_module


def test_loading_opens_no_face_and_takes_no_time(fonts: FontBook) -> None:
    started = perf_counter()
    FontBook.load()
    assert perf_counter() - started < 0.5  # some 5 ms; a loaded machine may stall


def test_the_digest_names_the_faces(fonts: FontBook, tmp_path: Path) -> None:
    assert FontBook.load().digest == fonts.digest
    shutil.copy(fonts.primary.path, tmp_path / "Own.ttf")
    assert FontBook.load([tmp_path]).digest != fonts.digest


def test_a_deployers_face_draws_what_ours_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = fonts_module._package_files

    def without_cjk(package: str) -> list[Path]:
        return [] if package.endswith("cjk") else found(package)

    (cjk,) = found("manimgx_fonts_cjk")
    monkeypatch.setattr(fonts_module, "_package_files", without_cjk)
    box = TextBox(500, 20)
    bare = fit("Ana 山田", box, FontBook.load())
    assert bare.missing == ("山", "田")
    assert bare.lines[0].d
    (tmp_path / "own.ttc").symlink_to(cjk)
    assert fit("Ana 山田", box, FontBook.load([tmp_path])).missing == ()


def test_a_folder_or_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a folder"):
        FontBook.load([tmp_path / "none"])
    (tmp_path / "broken.ttf").write_bytes(b"no font at all")
    with pytest.raises(ValueError, match=r"broken\.ttf is not a font"):
        FontBook.load([tmp_path])


def test_the_weight_follows_the_axis_and_stops_at_its_ends(fonts: FontBook) -> None:
    widths = [fit("Ana", TextBox(500, 40, weight=weight), fonts).width_px for weight in (100, 400, 700, 900)]
    assert widths[0] == widths[1] < widths[2] == widths[3]
