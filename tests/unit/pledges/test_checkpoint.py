import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from badge.pledges.checkpoint import Checkpoint, SigningKey, is_signed, read_keys, sign, verifier_key

# The example of Go's note package.
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6"
    "RyyBwJnAM=\n"
)
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def pem(key: object) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()  # type: ignore[attr-defined]


def test_notes_are_those_of_go() -> None:
    key = SigningKey.derived(SEED)
    assert key.line("PeterNeumann", TEXT) == LINE
    assert verifier_key("PeterNeumann", key.public) == VKEY
    note = f"{TEXT}\n{LINE}"
    assert is_signed(note, "PeterNeumann", key.public)
    assert not is_signed(note, "PeterNeuman", key.public)
    assert not is_signed(note.replace("problem", "Problem"), "PeterNeumann", key.public)
    assert not is_signed(note, "PeterNeumann", SigningKey.derived(b"x" * 32).public)
    for broken in (
        note[:-3],
        note.replace("x08go", "x18go"),
        note.replace("AM=", "AA="),
        TEXT,
        "",
        "\n\n\u2014 a",
    ):
        assert not is_signed(broken, "PeterNeumann", key.public)


def test_a_checkpoint_is_read_as_it_was_signed_by_every_key() -> None:
    keys = [SigningKey.derived(seed * 32) for seed in (b"a", b"b")]
    checkpoint = Checkpoint("badges.example/log/world", 12, b"r" * 32)
    note = sign(checkpoint, keys)
    assert Checkpoint.read(note) == checkpoint
    assert note.splitlines()[:2] == ["badges.example/log/world", "12"]
    assert note.endswith("\n")
    assert all(is_signed(note, checkpoint.origin, key.public) for key in keys)


def test_keys_are_read_from_pem_in_their_order() -> None:
    made = [Ed25519PrivateKey.generate() for _ in range(2)]
    keys = read_keys("\n".join(["# ours", *map(pem, made)]))
    assert [key.public for key in keys] == [key.public_key().public_bytes_raw() for key in made]
    assert [key.public for key in read_keys(pem(made[0]).strip())] == [keys[0].public]


@pytest.mark.parametrize(
    "wrong", ["", "secret", pem(generate_private_key(SECP256R1())), pem(Ed25519PrivateKey.generate())[:80]]
)
def test_another_key_is_refused_with_the_command_that_makes_one(wrong: str) -> None:
    with pytest.raises(ValueError, match="openssl genpkey"):
        read_keys(wrong)
