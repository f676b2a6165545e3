"""Merkle trees as RFC 6962 has them (section 2.1), over stored subtrees: no proof reads all leaves. Pure.

A subtree of height h and number i covers the leaves i·2^h … (i+1)·2^h − 1, all of them there. Proofs ask for
such subtrees by `Subtree`; where they come from is the caller's matter (`store`, or a list in tests).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Subtree = Callable[[int, int], bytes]

EMPTY = hashlib.sha256().digest()
HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over subtrees of one height, a power of two of them."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def root(size: int, subtree: Subtree) -> bytes:
    """The root of the first `size` leaves."""
    return _range(0, size, subtree) if size else EMPTY


def inclusion_proof(number: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from leaf `number` to the root of the first `size` leaves (RFC 6962, 2.1.1)."""
    if not 0 <= number < size:
        raise ValueError(f"no leaf {number} among {size}")
    return [_range(begin, end, subtree) for begin, end in _siblings(number, size)]


def consistency_proof(first: int, second: int, subtree: Subtree) -> list[bytes]:
    """The hashes that show the first `first` leaves to be a beginning of the first `second` (RFC 6962, 2.1.2)."""
    if not 0 < first <= second:
        raise ValueError(f"{first} leaves are no beginning of {second}")
    return [_range(begin, end, subtree) for begin, end in _common(first, second)]


def root_by_inclusion(leaf: bytes, number: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that this proof leads to, None for one of another length; equal to a known root, it proves the leaf."""
    if not 0 <= number < size:
        return None
    sides = _sides(number, size)
    if len(sides) != len(proof):
        return None
    for other, is_left in zip(proof, sides, strict=True):
        leaf = node_hash(other, leaf) if is_left else node_hash(leaf, other)
    return leaf


def is_included(leaf: bytes, number: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf to this root."""
    return root_by_inclusion(leaf, number, size, proof) == root


def is_consistent(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree with the second root only adds to the one with the first."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    return _roots_by_consistency(first, second, first_root, proof) == (first_root, second_root)


def _roots_by_consistency(
    first: int, second: int, first_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:  # fmt: skip
    """Both roots as computed from the proof (RFC 9162, 2.1.4.2)."""
    hashes = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not hashes:
        return None
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, other)
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _siblings(number: int, size: int) -> list[tuple[int, int]]:
    """The ranges of leaves beside the way from a leaf up to the root, lowest first."""
    found = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if number < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin = middle
    return found[::-1]


def _sides(number: int, size: int) -> list[bool]:
    """For each hash of an inclusion proof whether it stands on the left."""
    return [end <= number for _, end in _siblings(number, size)]


def _common(first: int, second: int) -> list[tuple[int, int]]:
    """The ranges of a consistency proof, lowest first."""
    found = []
    begin, end = 0, second
    while end != first:
        middle = begin + _split(end - begin)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin = middle
    if begin:
        found.append((begin, end))
    return found[::-1]


def _range(begin: int, end: int, subtree: Subtree) -> bytes:
    """The root over a range as RFC 6962 splits it: from whole subtrees, the smaller ones to the right."""
    hashes = [subtree(height, number) for height, number in whole(begin, end)]
    found = hashes.pop()
    while hashes:
        found = node_hash(hashes.pop(), found)
    return found


def whole(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The whole subtrees that a range of leaves consists of; it begins where one as large as it could begin."""
    while begin < end:
        height = (end - begin).bit_length() - 1
        yield height, begin >> height
        begin += 1 << height
