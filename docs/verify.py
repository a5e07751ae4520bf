"""Checks a public log with nothing of ours (needs cryptography): python verify.py https://HOST/log/SLUG KEY.

Reads every entry, makes the tree's root anew (RFC 9162, 2.1) and compares it with the signed checkpoint.
"""

import argparse
import base64
import hashlib
import pathlib
import struct
from urllib.request import urlopen

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def must(hold, what):
    if not hold:
        raise SystemExit(f"NOT RIGHT: {what}")


def checkpoint(note, vkey):
    name, key_id, key = vkey.split("+", 2)
    public = base64.b64decode(key)
    must(hashlib.sha256(name.encode() + b"\n" + public).digest()[:4].hex() == key_id, "the key is misspelt")
    text, _, lines = note.rpartition("\n\n")
    found = [base64.b64decode(line.split()[2]) for line in lines.splitlines() if line.split()[1] == name]
    [signature] = [data[4:] for data in found if data[:4].hex() == key_id]
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature, (text + "\n").encode())
    origin, size, root = text.split("\n")
    must(origin == name, "the checkpoint is of another log")
    return int(size), base64.b64decode(root)


def entries(log, size):
    for index in range(-(-size // 256)):
        rest = min(256, size - index * 256)
        path = f"{index:03d}" if index < 1000 else f"x{index // 1000:03d}/{index % 1000:03d}"
        path += f".p/{rest}" if rest < 256 else ""
        bundle = urlopen(f"{log}/tile/entries/{path}", timeout=30).read()
        yield from (bundle[at + 2 : at + 41] for at in range(0, len(bundle), 41))  # u16 length, 39 bytes


def root(leaves):
    hashes = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(hashes) > 1:  # pairs, level by level; the last one without a pair rises as it is
        pairs = [b"\1" + b"".join(hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
        hashes = [hashlib.sha256(pair).digest() if len(pair) > 33 else pair[1:] for pair in pairs]
    return hashes[0] if hashes else hashlib.sha256().digest()


parser = argparse.ArgumentParser()
parser.add_argument("log")
parser.add_argument("vkey")
parser.add_argument("--since", type=pathlib.Path, help="a checkpoint kept before: compared, then replaced")
parser.add_argument("--receipt", type=pathlib.Path, help="a receipt: finds its pledge and whether it stands")
asked = parser.parse_args()
note = urlopen(f"{asked.log}/checkpoint", timeout=30).read().decode()
size, signed = checkpoint(note, asked.vkey)
leaves = list(entries(asked.log, size))
must(len(leaves) == size and root(leaves) == signed, "the entries are not those that were signed")
if asked.since:
    if asked.since.exists():
        before, was = checkpoint(asked.since.read_text(), asked.vkey)
        must(before <= size and root(leaves[:before]) == was, "what was signed before has been changed")
    asked.since.write_text(note)
standing, counts = {}, {b"+": 0, b"-": 0, b"x": 0}
for kind, _day, sequence, commitment in map(struct.Struct(">cHI32s").unpack, leaves):
    counts[kind] += 1
    if kind == b"+":
        must(sequence == counts[kind], "a pledge is out of order")
        standing[sequence] = commitment
    else:
        must(standing.pop(sequence, None) == commitment, "a pledge was undone that did not stand")
print(f"{len(standing)} pledges stand: {counts[b'+']} made, {counts[b'-']} withdrawn, {counts[b'x']} removed")
if asked.receipt:
    data = base64.urlsafe_b64decode(asked.receipt.read_text().strip() + "==")
    position, sequence, day, details, salt = struct.unpack_from(">IIH12s16s", data, 2 + data[1])
    mine = hashlib.sha256(salt + details).digest()
    must(leaves[position] == struct.pack(">cHI32s", b"+", day, sequence, mine), "yours is not in the log")
    print(f"your pledge is number {sequence} and", "stands" if sequence in standing else "was undone")
