"""The pictures of the README: drawn by one script, small together, each with words that stand for it."""

import re
import runpy
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/img"
SHEETS = ["avatars.jpg", "badges.jpg", "cards.jpg", "hero.jpg"]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_script_draws_every_sheet_of_the_readme(tmp_path: Path) -> None:
    runpy.run_path(str(ROOT / "docs/pictures.py"))["main"](tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == SHEETS
    for folder in (tmp_path, IMAGES):
        for name in SHEETS:
            with Image.open(folder / name) as sheet:
                assert (sheet.format, sheet.width) == ("JPEG", 1600)


def test_every_picture_is_shown_with_words_and_all_are_small() -> None:
    shown = dict(re.findall(r"!\[([^\]]{40,})\]\(docs/img/([\w.-]+)\)", README))
    assert sorted(shown.values()) == sorted(path.name for path in IMAGES.iterdir())
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < 1_000_000


def test_the_first_screen_says_what_it_is_and_shows_it_and_how_to_start() -> None:
    first = README[: README.index("## Put it on a page")]
    assert (
        first.index("**Wear the Blue Heart online.**") < first.index("hero.jpg") < first.index("make serve")
    )
