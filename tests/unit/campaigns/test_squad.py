import pytest

from badge.campaigns.squad import Player, Squad, read_squad

COLUMNS = ("name", "number", "role", "lang")


def cells(squad: Squad) -> list[dict[str, str]]:
    return [dict(player.cells) for player in squad.players]


@pytest.mark.parametrize(
    "data",
    [
        "name,number,role,lang\nZoë Müller,10,Keeper,nl\n".encode(),
        "\ufeffName;Number;Role;Lang\r\nZoë Müller;10;Keeper;nl\r\n".encode(),
        "name\tnumber\trole\tlang\nZoë Müller\t10\tKeeper\tnl".encode("utf-16"),
        b'lang,role,"number",name\nnl , Keeper,10,"Zo\xc3\xab M\xc3\xbcller"\n\n,,,\n',
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(data: bytes) -> None:
    assert cells(read_squad(data, COLUMNS)) == [
        {"name": "Zoë Müller", "number": "10", "role": "Keeper", "lang": "nl"}
    ]


def test_a_player_knows_its_line_and_an_empty_cell_is_left_out() -> None:
    squad = read_squad(b'name,number\n"Ana\nMaria",\n\nBo,7\n', COLUMNS)
    assert [player.line for player in squad.players] == [3, 5]
    assert squad.players[0] == Player(3, {"name": "Ana\nMaria"})


def test_what_stands_right_of_the_last_column_is_kept_to_be_told() -> None:
    squad = read_squad(b"name,role\nDe Clerck, Jan,Keeper\nAna,Spits,,\n", COLUMNS)
    assert [player.beyond for player in squad.players] == ["Keeper", ""]


def test_columns_that_no_picture_has_a_place_for_are_told() -> None:
    assert read_squad(b"name,shirt,club\nAna,M,FC\n", COLUMNS).strange == ("shirt", "club")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no column is called name"),
        (b"Zo\xc3\xab,10\n", "no column is called name"),
        (b"nmae,number\nAna,1\n", "did you mean name"),
        (b"name,name\nAna,1\n", "is there twice"),
        (b"name\n", "nobody under it"),
        (b"name\nAna\nZo\xeb\n", "line 3: not UTF-8"),
        (b"\xff\xfen", "UTF-16"),
        (b'name\n"Ana\n', "quotation mark"),
        (b"name\n" + b"Ana\n" * 1001, "line 1002: the list has more than 1,000"),
        (b"name\n" + b"a" * 1_000_000, "at most 1,000,000"),
        (b"name" + b"," * 40, "41 columns"),
        (b"name\n" + b"A" * 200_000, "line 2: field larger"),
    ],
)
def test_a_broken_list_says_what_would_be_right(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_squad(data, COLUMNS)
