"""Checks a public log with nothing of ours but cryptography: verify.py https://HOST/log/SLUG KEY [OLD-KEY].
Reads every entry, makes the tree's root anew (RFC 9162, 2.1) and compares it with the signed checkpoint."""

import argparse
import base64
import pathlib
import struct
from hashlib import sha256
from urllib.request import urlopen

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def must(hold, what):
    if not hold:
        raise SystemExit(f"NOT RIGHT: {what}")


def checkpoint(note, vkeys):
    text, _, lines = note.rpartition("\n\n")
    origin, size, root = text.split("\n")
    signed = []  # by a key that is known: every such signature must be right
    for name, key_id, key in (vkey.split("+", 2) for vkey in vkeys):
        public = base64.b64decode(key)
        must(sha256(origin.encode() + b"\n" + public).hexdigest()[:8] == key_id, "a key is of another log")
        found = [base64.b64decode(line.split()[2]) for line in lines.splitlines() if line.split()[1] == name]
        signed += [(data[4:], public[1:]) for data in found if data[:4].hex() == key_id]
    must(signed, "none of these keys signed the checkpoint")
    for data, public in signed:
        Ed25519PublicKey.from_public_bytes(public).verify(data, (text + "\n").encode())
    return int(size), base64.b64decode(root)


def entries(log, size):
    for index in range(-(-size // 256)):
        rest = min(256, size - index * 256)
        path = f"{index:03d}" if index < 1000 else f"x{index // 1000:03d}/{index % 1000:03d}"
        path += f".p/{rest}" if rest < 256 else ""
        bundle = urlopen(f"{log}/tile/entries/{path}", timeout=30).read()
        yield from (bundle[at + 2 : at + 41] for at in range(0, len(bundle), 41))  # u16 length, 39 bytes


def root(leaves):
    hashes = [sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(hashes) > 1:  # pairs, level by level; the last one without a pair rises as it is
        pairs = [b"\1" + b"".join(hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
        hashes = [sha256(pair).digest() if len(pair) > 33 else pair[1:] for pair in pairs]
    return hashes[0] if hashes else sha256().digest()


parser = argparse.ArgumentParser()
parser.add_argument("log", help="its address, as https://badges.example/log/world")
parser.add_argument("vkeys", nargs="+", metavar="KEY", help="a line of LOG/keys that you trust")
parser.add_argument("--since", type=pathlib.Path, help="a checkpoint kept before: compared, then replaced")
parser.add_argument("--receipt", type=pathlib.Path, help="a receipt: finds its pledge and whether it stands")
asked = parser.parse_args()
note = urlopen(f"{asked.log}/checkpoint", timeout=30).read().decode()
size, signed = checkpoint(note, asked.vkeys)
leaves = list(entries(asked.log, size))
must(len(leaves) == size and root(leaves) == signed, "the entries are not those that were signed")
if asked.since:
    if asked.since.exists():
        before, was = checkpoint(asked.since.read_text(), asked.vkeys)
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
    mine = sha256(salt + details).digest()
    must(leaves[position] == struct.pack(">cHI32s", b"+", day, sequence, mine), "yours is not in the log")
    print(f"your pledge is number {sequence} and", "stands" if sequence in standing else "was undone")
