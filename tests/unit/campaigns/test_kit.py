import csv
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from badge.cli import main
from badge.content.disclaimer import DISCLAIMER

SQUAD = """name;number;role;lang
Zoë Müller;10;Keeper;nl
محمد عبد الله;7;;ar
=SUM(A1);1;;
Ana;12a;;
Certified Ana;2;;
ZOË MÜLLER;10;;fr
"""


def make(folder: Path, *more: str, squad: str = SQUAD) -> int:
    crest = Image.new("RGBA", (64, 64), "#cc0000")
    crest.save(folder / "crest.png")
    (folder / "squad.csv").write_text(squad, "utf-8")
    call = ["kit", str(folder / "squad.csv"), "-o", str(folder / "kit.zip"), "--jobs", "2"]
    return main([*call, "--crest", str(folder / "crest.png"), *more])


def test_good_rows_are_made_and_bad_ones_are_named_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make(tmp_path, "--templates", "card/player,avatar/pin", "--sizes", "email,square,256") == 1
    said = capsys.readouterr()
    assert f"{tmp_path}/squad.csv:5: number must be a whole number" in said.err
    assert f"{tmp_path}/squad.csv:6: name says 'certified'" in said.err
    assert "12 pictures of 4 players, 2 refused" in said.out
    with zipfile.ZipFile(tmp_path / "kit.zip") as kit:
        assert kit.testzip() is None
        names = kit.namelist()
        with Image.open(io.BytesIO(kit.read("card-player-square/10-Zoë-Müller.png"))) as card:
            assert card.size == (1080, 1080)
            reds = sum(n for n, (r, g, b, *_) in card.getcolors(2**24) or [] if (r, g, b) == (0xCC, 0, 0))
            assert reds > 300, "the crest is on the card"
    assert names[:3] == [
        f"{folder}/10-Zoë-Müller.png"
        for folder in ("card-player-email", "card-player-square", "avatar-pin-256")
    ]
    assert "card-player-square/7-محمد-عبد-الله.png" in names
    assert "card-player-square/10-ZOË-MÜLLER-2.png" in names, "no file system mixes up two players"


def test_a_kit_holds_a_contact_sheet_what_the_pictures_say_and_what_we_are(tmp_path: Path) -> None:
    make(tmp_path, "--sizes", "email")
    with zipfile.ZipFile(tmp_path / "kit.zip") as kit:
        with Image.open(io.BytesIO(kit.read("contact-sheet.jpg"))) as sheet:
            assert sheet.height > sheet.width
        assert DISCLAIMER in kit.read("README.txt").decode()
        rows = list(csv.reader(io.StringIO(kit.read("texts.csv").decode("utf-8-sig"))))
    assert rows[1] == [
        "card-player-email/10-Zoë-Müller.png",
        "1200",
        "300",
        "Zoë Müller draagt het Blauwe Hart · 10 · Keeper",
    ]
    assert rows[3][3].startswith("'=SUM"), "no spreadsheet computes a name"


def test_two_kits_of_one_list_are_equal_byte_for_byte(tmp_path: Path) -> None:
    make(tmp_path, "--sizes", "email")
    first = (tmp_path / "kit.zip").read_bytes()
    make(tmp_path, "--sizes", "email")
    assert (tmp_path / "kit.zip").read_bytes() == first


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--templates", "card/plaier"), "did you mean /card/player"),
        (("--sizes", "sqare"), "did you mean square"),
        (("--sizes", "og,9"), "has the size 9; card/player takes og, linkedin,"),
        (("--templates", "avatar/pin", "--sizes", "og"), "has the size og; avatar/pin takes 32 to 1024"),
        (
            ("--templates", "badge/count"),
            "a number that changes: take it from the service, as /badge/count.svg",
        ),
        (("--format", "gif"), "--format must be one of png, jpg, webp"),
        (("--theme", "blue"), "--theme must be one of light, dark"),
        (("--lang", "xx"), "--lang must be one of en, fr"),
        (("--colors", "blauw,wit"), "blueheart: --colors must be a colour as 009edb"),
        (("--crest", "nowhere.png"), "nowhere.png"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(
    more: tuple[str, ...], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make(tmp_path, *more) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "kit.zip").exists()


def test_a_list_of_mistakes_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(tmp_path, squad="name,number\nAna,x\n") == 2
    assert "every row was refused" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"crest.png", "squad.csv"}


def test_a_bare_comma_in_a_name_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make(tmp_path, "--sizes", "og", squad="name,role\nDe Clerck, Jan,Keeper\nAna,Spits\n") == 1
    assert "squad.csv:2: 'Keeper' stands right of the last column" in capsys.readouterr().err


ONE = "name,number\nAna,7\n"


@pytest.mark.parametrize(
    ("more", "words", "made"),
    [
        (
            ("--templates", "card/player,avatar/pin", "--sizes", "email", "--format", "jpg"),
            [
                "avatar/pin has none of these sizes: made in 256; avatar/pin takes 32 to 1024",
                "avatar/pin does not come as jpg: made as png",
            ],
            ["card-player-email/7-Ana.jpg", "avatar-pin-256/7-Ana.png"],
        ),
        (
            ("--templates", "avatar/pin", "--colors", "#0055a4,#fff"),
            ["place for the colour #0055a4, #fff", "place for the crest"],
            ["avatar-pin-256/Ana.png"],
        ),
        (
            ("--sizes", "email", "--colors", "#0055a4,#fff,#000"),
            ["no picture has a place for the colour #000"],
            ["card-player-email/7-Ana.png"],
        ),
    ],
)
def test_a_wish_that_no_picture_can_meet_is_named(
    more: tuple[str, ...],
    words: list[str],
    made: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    squad = ONE if "card/player" in more[1] or more[0] == "--sizes" else "name\nAna\n"
    assert make(tmp_path, *more, squad=squad) == 1
    said = capsys.readouterr().err
    assert all(sentence in said for sentence in words)
    assert len(said.splitlines()) == len(words)
    with zipfile.ZipFile(tmp_path / "kit.zip") as kit:
        assert kit.namelist()[: len(made)] == made


def test_what_is_wished_twice_is_made_once(tmp_path: Path) -> None:
    assert (
        make(
            tmp_path, "--templates", "avatar/pin,card/player,avatar/pin", "--sizes", "64,64,email", squad=ONE
        )
        == 0
    )
    with zipfile.ZipFile(tmp_path / "kit.zip") as kit:
        pictures = [name for name in kit.namelist() if name.endswith(".png")]
    assert pictures == ["avatar-pin-64/7-Ana.png", "card-player-email/7-Ana.png"]


def test_without_sizes_each_template_comes_in_its_own(tmp_path: Path) -> None:
    assert make(tmp_path, "--templates", "avatar/pin,card/supporter", squad="name\nAna\n") == 0
    with zipfile.ZipFile(tmp_path / "kit.zip") as kit:
        folders = [name.partition("/")[0] for name in kit.namelist() if "/" in name]
    assert folders == ["avatar-pin-256", *(f"card-supporter-{size}" for size in ("og", "square", "story"))]


def test_a_row_without_a_name_is_named_though_its_picture_needs_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    squad = "name,text\n,No one is for sale.\nAna,No one is for sale.\n"
    assert make(tmp_path, "--templates", "card/thanks,card/statement", "--sizes", "email", squad=squad) == 1
    assert "squad.csv:2: name is missing" in capsys.readouterr().err


def test_a_list_of_matches_needs_no_players(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    squad = (
        "date,home,away,time,zone\n"
        "2026-07-30,Club Brugge,RSC Anderlecht,20:45,Europe/Brussels\n"
        "2026-03-29,Club Brugge,Genk,02:30,Europe/Brussels\n"
    )
    assert make(tmp_path, "--templates", "card/matchday", "--sizes", "email", squad=squad) == 1
    assert "squad.csv:3: time 02:30 does not exist on 2026-03-29" in capsys.readouterr().err
    with zipfile.ZipFile(tmp_path / "kit.zip") as kit:
        card = kit.namelist()[0]
    assert card == "card-matchday-email/2026-07-30-Club-Brugge-RSC-Anderlecht-20-45-Europe-Brussels.png"


def test_a_heart_that_beats_is_too_large_by_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    squad = "name,animate\nAna,none\nBo,beat\n"
    wish = ("--templates", "avatar/ring", "--sizes", "512", "--format", "webp")
    assert make(tmp_path, *wish, squad=squad) == 1
    assert "squad.csv:3: animate=beat moves a webp of at most 256 x 256" in capsys.readouterr().err
