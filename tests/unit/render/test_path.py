import pytest

from badge.render.path import compile_path


def points(d: str) -> list[float]:
    packed = compile_path(d)
    assert packed is not None
    return list(packed)


@pytest.mark.parametrize(
    ("relative", "absolute"),
    [
        ("m1 2l3 4h5v-6z", "M1 2L4 6H9V0Z"),
        ("M1 2 3 4 5 6", "M1 2L3 4L5 6"),
        ("m1 2 3 4 5 6", "M1 2L4 6L9 12"),
        ("m10 10c1 1 2 2 3 0-1-1 5 5 6 6", "M10 10C11 11 12 12 13 10 12 9 18 15 19 16"),
        ("M0 0l1 1zm5 5l1 1", "M0 0L1 1ZM5 5L6 6"),
        ("M0 0q3 0 3 3", "M0 0C2 0 3 1 3 3"),
        ("M.5-.5l1e1.5", "M0.5 -0.5L10.5 0"),
    ],
)
def test_spellings_of_one_path_pack_alike(relative: str, absolute: str) -> None:
    assert points(relative) == pytest.approx(points(absolute))


@pytest.mark.parametrize("d", ["M0 0A1 1 0 0 0 5 5", "M0 0S1 1 2 2", "M0 0T1 1", "M0", "M0 0L1"])
def test_what_is_not_packed_goes_to_stock(d: str) -> None:
    assert compile_path(d) is None
