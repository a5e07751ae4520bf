import pytest

from badge.text import FontBook


@pytest.fixture(scope="session")
def fonts() -> FontBook:
    return FontBook.load()
