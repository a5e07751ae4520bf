import pytest

from badge.catalogue.path_form import read_path_form
from badge.errors import InvalidField

NAMES = ("label", "message", "color")


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("build-passing-brightgreen", ("build", "passing", "brightgreen")),
        ("any_text-you_like-blue", ("any text", "you like", "blue")),
        ("just the message-8A2BE2", (None, "just the message", "8A2BE2")),
        ("a--b-c__d-red", ("a-b", "c_d", "red")),
        ("-empty label-red", (None, "empty label", "red")),
        ("v1.2--rc.1-06c", (None, "v1.2-rc.1", "06c")),
        ("and/or-yes-blue", ("and/or", "yes", "blue")),
        ("___-x-blue", ("_ ", "x", "blue")),
    ],
)
def test_a_path_is_read_as_shields_io_reads_it(said: str, values: tuple[str | None, ...]) -> None:
    read = read_path_form(said, NAMES)
    assert tuple(map(read.get, NAMES)) == values


@pytest.mark.parametrize("said", ["", "one", "a-b-c-d", "-a" * 4000])
def test_another_number_of_values_is_told_the_form(said: str) -> None:
    with pytest.raises(InvalidField, match="label-message-color or message-color, for example") as refused:
        read_path_form(said, NAMES)
    assert refused.value.field == "color"
