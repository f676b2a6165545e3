"""The tree is the one of RFC 6962: known roots, and proofs against the RFC's own recursive definition."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bountyhub.ledger.log import merkle, tiles

few = settings(max_examples=15, deadline=None)

#: The leaves and roots that certificate-transparency's implementations test each other with.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def data(size: int) -> list[bytes]:
    return [str(number).encode() for number in range(size)]


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), tree_hash(leaves[k:])]
    return [*path(m - k, leaves[k:]), tree_hash(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], complete: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962."""
    if m == len(leaves):
        return [] if complete else [tree_hash(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], complete), tree_hash(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), tree_hash(leaves[:k])]


def split(size: int) -> int:
    k = 1
    while 2 * k < size:
        k *= 2
    return k


def grown(leaves: Sequence[bytes], *points: int) -> merkle.Subtree:
    """Subtrees from tiles, of which only those around these points are kept: as a proof reads them."""
    kept: dict[tuple[int, int], bytes] = {}
    edge = tiles.Edge()
    for leaf in leaves:
        kept.update(edge.append(merkle.leaf_hash(leaf)))
    return tiles.subtrees(near(kept, *points))


def near(kept: dict[tuple[int, int], bytes], *points: int) -> dict[tuple[int, int], bytes]:
    wanted = [(level, number) for level, begin, end in tiles.around(points) for number in range(begin, end)]
    return {place: kept[place] for place in wanted if place in kept}


def test_the_roots_that_everybody_else_computes() -> None:
    edge = tiles.Edge()
    for size, (leaf, known) in enumerate(zip(LEAVES, ROOTS, strict=True), 1):
        edge.append(merkle.leaf_hash(leaf))
        assert (edge.size, edge.root().hex()) == (size, known)
    assert tiles.Edge().root() == merkle.EMPTY == merkle.root(0, grown([]))


@pytest.mark.parametrize("size", [*range(1, 19), 31, 255, 256, 257, 300])
def test_every_leaf_is_proven_as_the_rfc_says(size: int) -> None:
    leaves = data(size)
    for number in {0, size // 3, size // 2, max(0, size - 2), size - 1}:
        proof = merkle.inclusion_proof(number, size, grown(leaves, number, size))
        assert proof == path(number, leaves)
        leaf = merkle.leaf_hash(leaves[number])
        assert merkle.is_included(leaf, number, size, proof, tree_hash(leaves))
        assert not merkle.is_included(merkle.leaf_hash(b"other"), number, size, proof, tree_hash(leaves))


@few
@given(st.integers(1, 300), st.data())
def test_any_two_sizes_are_shown_to_be_one_history(second: int, draw: st.DataObject) -> None:
    first = draw.draw(st.integers(1, second))
    more = draw.draw(st.integers(0, 40))
    leaves = data(second)
    proof = merkle.consistency_proof(first, second, grown(data(second + more), first, first - 1, second))
    assert proof == subproof(first, leaves, True)
    roots = tree_hash(leaves[:first]), tree_hash(leaves)
    assert merkle.is_consistent(first, second, *roots, proof)
    assert not merkle.is_consistent(first, second, merkle.leaf_hash(b"other"), roots[1], proof)
    assert first == second or not merkle.is_consistent(first, second, *roots, [*proof, roots[0]])
    assert not proof or not merkle.is_consistent(first, second, *roots, proof[:-1])


@few
@given(st.integers(2, 300), st.data())
def test_a_changed_leaf_is_never_consistent(second: int, draw: st.DataObject) -> None:
    first = draw.draw(st.integers(1, second))
    changed = draw.draw(st.integers(0, first - 1))
    leaves = data(second)
    forged = [*leaves[:changed], b"forged", *leaves[changed + 1 :]]
    proof = merkle.consistency_proof(first, second, grown(forged, first, first - 1, second))
    assert not merkle.is_consistent(first, second, tree_hash(leaves[:first]), tree_hash(forged), proof)


@few
@given(st.integers(1, 300), st.data())
def test_a_proof_is_good_for_its_own_place_only(size: int, draw: st.DataObject) -> None:
    number, elsewhere = draw.draw(st.integers(0, size - 1)), draw.draw(st.integers(-1, size))
    leaves = data(size)
    proof = merkle.inclusion_proof(number, size, grown(leaves, number, size))
    leaf, root = merkle.leaf_hash(leaves[number]), tree_hash(leaves)
    assert merkle.is_included(leaf, elsewhere, size, proof, root) == (elsewhere == number)


@few
@given(st.integers(1, 300), st.integers(1, 40))
def test_a_log_taken_up_again_grows_as_if_it_had_never_stopped(size: int, more: int) -> None:
    leaves = data(size + more)
    before = tiles.Edge()
    kept: dict[tuple[int, int], bytes] = {}
    for leaf in leaves[:size]:
        kept.update(before.append(merkle.leaf_hash(leaf)))
    near = {
        (level, n): kept[level, n] for level, a, b in tiles.around([size]) for n in range(a, b) if (level, n) in kept
    }
    again = tiles.Edge.at(size, near)
    assert again.root() == before.root()
    for leaf in leaves[size:]:
        assert again.append(merkle.leaf_hash(leaf)) == before.append(merkle.leaf_hash(leaf))
    assert again.root() == tree_hash(leaves)


def test_no_proof_for_what_is_not_there() -> None:
    for number in (-1, 3):
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_proof(number, 3, grown(data(3), 3))
    for first, second in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="no beginning"):
            merkle.consistency_proof(first, second, grown(data(3), 3))
    assert not merkle.is_consistent(0, 3, b"", b"", [])
