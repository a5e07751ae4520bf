import pytest

from badge.catalogue.filename import file_stem


@pytest.mark.parametrize(
    ("said", "stem"),
    [
        ("wear Zoë Müller", "wear-Zoë-Müller"),
        ("山田 太郎", "山田-太郎"),
        ("محمد عبد الله", "محمد-عبد-الله"),
        ("../../etc/passwd", "etc-passwd"),
        ('a\\b:c*d?e"f<g>h|i', "a-b-c-d-e-f-g-h-i"),
        ("\u202egnp.exe\u2069", "gnp.exe"),
        ("...", "picture"),
        ("CON", "CON-"),
        ("com1.png", "com1.png-"),
        ("Contessa", "Contessa"),
    ],
)
def test_a_name_in_any_script_is_readable_and_safe(said: str, stem: str) -> None:
    assert file_stem(said) == stem


def test_a_long_name_ends_between_letters_and_fits_a_file_system() -> None:
    flag = "\U0001f3f3\ufe0f\u200d\U0001f308"
    stem = file_stem("é" * 300)
    assert stem == "é" * 80
    assert len(file_stem(flag * 40).encode()) <= 200
    assert len(file_stem("𓃅" * 300).encode()) == 200
