import pytest

from badge.catalogue.query import near, read_query


@pytest.mark.parametrize(
    ("word", "meant"),
    [("nmae", "name"), ("Name", "name"), ("lng", "lang"), ("dowlnoad", "download"), ("sise", "size")],
)
def test_one_slip_is_understood(word: str, meant: str) -> None:
    assert near(word, ("name", "lang", "size", "download")) == meant


@pytest.mark.parametrize("word", ["fbclid", "utm_source", "igsh", "gclid", "si", "ref", "x" * 5000])
def test_what_networks_append_is_no_slip(word: str) -> None:
    assert near(word, ("name", "lang", "theme", "size", "scale", "download", "maxage", "campaign")) is None


def test_plus_is_a_space_and_empty_pairs_are_nothing() -> None:
    assert read_query(b"a=1+2&&b=&c") == {"a": "1 2", "b": "", "c": ""}
