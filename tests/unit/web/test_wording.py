import json
import re
from pathlib import Path
from shutil import copytree

import pytest

from badge.content import LANGUAGES
from badge.errors import InvalidField
from badge.web.wording import PAGES_DIR, load_wordings


def test_every_language_says_everything_that_a_page_asks_for() -> None:
    wordings = load_wordings()
    templates = "".join(path.read_text() for path in PAGES_DIR.glob("*.html"))
    asked = set(re.findall(r"\bt\.(\w+)", templates)) - {"items"}
    for code in LANGUAGES:
        wording = wordings.lang(code)
        assert asked <= set(wording.page), code
        assert all(sentence.strip() for sentence in wording.page.values()), code
        assert set(re.findall(r"\bui\.(\w+)", templates)) <= set(wording.shared.ui), code


def test_nothing_is_written_that_no_page_says() -> None:
    templates = "".join(path.read_text() for path in PAGES_DIR.glob("*.html"))
    built = {f"{kind}_" for kind in re.findall(r't\["(\w+)_" ~', templates)}
    for key in load_wordings().lang("en").page:
        assert re.search(rf"\bt\.{key}\b|w\.page\.{key}\b", templates) or any(map(key.startswith, built)), key


def test_a_missing_sentence_is_named(tmp_path: Path) -> None:
    copytree(PAGES_DIR, tmp_path / "pages")
    path = tmp_path / "pages/strings.json"
    strings = json.loads(path.read_text())
    del strings["records"][3]["page"]["title"]
    path.write_text(json.dumps(strings))
    with pytest.raises(ValueError, match="ar differs from en in title"):
        load_wordings(tmp_path / "pages")


def test_an_unknown_language_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidField, match="en, fr, es, ar, ru, zh, nl, de, pt, ja") as caught:
        load_wordings().lang("tlh")
    assert caught.value.field == "lang"
