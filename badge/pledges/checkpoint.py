"""Checkpoints: the size and root of a log at a moment, as a signed note (c2sp.org/tlog-checkpoint)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_ED25519 = b"\x01"
_PEM = re.compile(r"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log promises never to take back: its first `size` entries have this root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Returns the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, note: str) -> Self:
        """Reads the text of a signed note, without its signatures; raises ValueError."""
        origin, size, root, *_ = note.split("\n")
        return cls(origin, int(size), base64.b64decode(root, validate=True))


class SigningKey:
    """One Ed25519 key; it has another name, and so another id, in each log (c2sp.org/signed-note)."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    @classmethod
    def derived(cls, seed: bytes) -> Self:
        """Returns the key of a secret seed of 32 bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def line(self, name: str, text: str) -> str:
        """Returns the signature line under a note's text."""
        signature = key_id(name, self.public) + self._private.sign(text.encode())
        return f"\u2014 {name} {base64.b64encode(signature).decode()}\n"


def read_keys(pem: str) -> tuple[SigningKey, ...]:
    """Reads one or more Ed25519 keys in PEM (PKCS 8); raises ValueError."""
    keys = [load_pem_private_key(block.encode(), None) for block in _PEM.findall(pem)]
    if not keys or not all(isinstance(key, Ed25519PrivateKey) for key in keys):
        raise ValueError("it wants PEM of an Ed25519 key, as `openssl genpkey -algorithm ed25519` writes it")
    return tuple(SigningKey(key) for key in keys if isinstance(key, Ed25519PrivateKey))


def sign(checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> str:
    """Returns the checkpoint as a note signed by every key, each under the log's origin as its name."""
    text = checkpoint.text
    return f"{text}\n{''.join(key.line(checkpoint.origin, text) for key in keys)}"


def is_signed(note: str, origin: str, public: bytes) -> bool:
    """Tells whether a key signed this note under the name of its log."""
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        name, _, encoded = line.removeprefix("\u2014 ").rpartition(" ")
        try:
            signature = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            return False
        if name == origin and signature[:4] == key_id(origin, public):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], f"{text}\n".encode())
            except InvalidSignature:
                return False
            return True
    return False


def key_id(name: str, public: bytes) -> bytes:
    """Returns the 4 bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """Returns the public key as verifiers take it: name+id+key, as in Go's `note` package."""
    return f"{name}+{key_id(name, public).hex()}+{base64.b64encode(_ED25519 + public).decode()}"
