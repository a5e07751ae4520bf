"""A Merkle tree's shape (RFC 9162, 2.1): which hashes make a root, and which prove that a leaf is in it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()


@dataclass(frozen=True, slots=True)
class Node:
    """A whole subtree of 2**height leaves, the index-th of its height."""

    height: int
    index: int


def leaf_hash(leaf: bytes) -> bytes:
    """Returns the hash of a leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Returns the hash of a node by those of its children (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def whole(hashes: bytes) -> bytes:
    """Returns the root over a power of two of joined hashes, all of one height."""
    sha256, size = hashlib.sha256, 2 * HASH_BYTES
    while len(hashes) > HASH_BYTES:
        pairs = range(0, len(hashes), size)
        hashes = b"".join([sha256(b"\1" + hashes[at : at + size]).digest() for at in pairs])
    return hashes


def cover(first: int, past: int) -> list[Node]:
    """Returns the whole subtrees, from left to right, that joined() makes the root over leaves first to past.

    The range is one that RFC 9162 speaks of: a subtree, or the ragged right edge of a tree.
    """
    nodes = []
    while first < past:
        height = (past - first).bit_length() - 1
        nodes.append(Node(height, first >> height))
        first += 1 << height
    return nodes


def joined(hashes: Sequence[bytes]) -> bytes:
    """Returns the root over subtrees that shrink from left to right, as cover() gives them."""
    if not hashes:
        return EMPTY_ROOT
    *rest, root = hashes
    for left in reversed(rest):
        root = node_hash(left, root)
    return root


def path(index: int, size: int) -> Iterator[tuple[int, int]]:
    """Yields the ranges of leaves whose roots prove a leaf, from its sibling up (RFC 9162, 2.1.3.1)."""
    first, past, turns = 0, size, []
    while past - first > 1:
        middle = first + (1 << ((past - first - 1).bit_length() - 1))
        if index < middle:
            turns.append((middle, past))
            past = middle
        else:
            turns.append((first, middle))
            first = middle
    return reversed(turns)
