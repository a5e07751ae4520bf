import base64
import hashlib
import hmac
import secrets

import pytest

from badge.catalogue.signature import Signatures

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)
URL = "/badge/wear.svg?name=Zo%C3%AB"


def keys(text: str) -> Signatures:
    signatures = Signatures.read(text)
    assert signatures is not None
    return signatures


def test_a_signature_is_what_three_lines_in_any_language_make() -> None:
    digest = hmac.new(NEW.encode(), URL.encode(), hashlib.sha256).digest()
    assert keys(NEW).sign(URL) == base64.urlsafe_b64encode(digest).decode().rstrip("=")


def test_the_first_key_signs_and_every_key_is_accepted() -> None:
    before, both, after = keys(OLD), keys(f"{NEW}, {OLD}"), keys(NEW)
    assert both.hold(URL, before.sign(URL))
    assert both.sign(URL) == after.sign(URL)
    assert not after.hold(URL, before.sign(URL))


@pytest.mark.parametrize("signature", ["", "x", "é", "\0", "=" * 43, "A" * 43, "A" * 8000])
def test_what_no_key_made_is_refused(signature: str) -> None:
    assert not keys(f"{NEW},{OLD}").hold(URL, signature)


def test_a_signature_is_for_one_picture_to_the_last_letter() -> None:
    signatures = keys(NEW)
    made = signatures.sign(URL)
    assert not signatures.hold(URL + "&scale=2", made)
    assert not signatures.hold(URL, made[:-1])
    assert not signatures.hold(URL, made.swapcase())


def test_a_file_may_have_a_key_a_line() -> None:
    assert keys(f"{NEW}\n{OLD}\n").keys == (NEW.encode(), OLD.encode())
    assert Signatures.read("") is None
    assert Signatures.read(" \n") is None


def test_a_short_key_is_refused_without_being_shown() -> None:
    with pytest.raises(ValueError, match="32 characters") as caught:
        Signatures.read(f"{NEW},hunter2")
    assert "hunter2" not in str(caught.value)


def test_keys_are_not_in_what_is_printed() -> None:
    assert NEW not in repr(keys(NEW))
