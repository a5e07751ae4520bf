"""The tree of RFC 9162 against Certificate Transparency's reference roots, and against the RFC's words."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge.pledges.tree import Node, cover, joined, leaf_hash, node_hash, path, whole

# Of certificate-transparency's merkletree tests, used by every implementation since.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def by_the_rfc(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word by word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(by_the_rfc(hashes[:k]), by_the_rfc(hashes[k:]))


def ours(hashes: list[bytes], first: int, past: int) -> bytes:
    def subtree(node: Node) -> bytes:
        start = node.index << node.height
        return whole(b"".join(hashes[start : start + (1 << node.height)]))

    return joined([subtree(node) for node in cover(first, past)])


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:size]]
    assert ours(hashes, 0, size).hex() == by_the_rfc(hashes).hex() == ROOTS[size]


@given(st.integers(1, 600).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_a_path_proves_its_leaf_and_nothing_else(place: tuple[int, int]) -> None:
    size, index = place
    hashes = [leaf_hash(b"%d" % n) for n in range(size)]
    root = by_the_rfc(hashes)
    assert ours(hashes, 0, size) == root
    proof = [ours(hashes, first, past) for first, past in path(index, size)]
    assert root_by_proof(hashes[index], index, size, proof) == root
    if size > 1:
        assert root_by_proof(hashes[index - 1], index, size, proof) != root


def root_by_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The verifier of RFC 9162, 2.1.3.2, word by word."""
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        assert sn != 0
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return r
