"""Which hashes of the tree are kept: the leaves, and every fourth height above them ("tiles" of 16). Pure.

A proof needs subtrees near a few leaves only; all of them can be folded from the tiles around those leaves, so
that a log of a million entries keeps 67,000 hashes beside its leaves and a proof reads a few dozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bountyhub.ledger.log import merkle

#: Kept heights are multiples of this: level 0 are the leaves, a node of level n covers 16^n of them.
STEP = 4
WIDTH = 1 << STEP
#: 16^15 leaves are more than 64 bits can count.
LEVELS = 15

Kept = Mapping[tuple[int, int], bytes]


def around(points: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """(level, begin, end) of the tiles in which these leaves, and the nodes above them, lie."""
    wanted = sorted({(level, point >> STEP * (level + 1)) for point in points for level in range(LEVELS) if point >= 0})
    highest = max((point.bit_length() for point in points), default=0)
    for level, tile in wanted:
        if STEP * level <= highest:
            yield level, tile * WIDTH, (tile + 1) * WIDTH


def subtrees(kept: Kept) -> merkle.Subtree:
    """Subtrees of any height, folded from kept hashes."""

    def subtree(height: int, number: int) -> bytes:
        level, rest = divmod(height, STEP)
        begin = number << rest
        return merkle.fold([kept[level, at] for at in range(begin, begin + (1 << rest))])

    return subtree


class Edge:
    """The growing right edge of the tree: takes leaves, gives the hashes to keep and the root."""

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[list[bytes]] = [[]]

    @classmethod
    def at(cls, size: int, kept: Kept) -> Edge:
        """The edge of a log of this size, from the kept hashes around its end."""
        edge = cls()
        edge.size = size
        edge._levels = []
        for level in range(LEVELS):
            end = size >> STEP * level
            begin = end // WIDTH * WIDTH
            edge._levels.append([kept[level, at] for at in range(begin, end)])
            if not begin:
                break
        return edge

    def append(self, leaf: bytes) -> dict[tuple[int, int], bytes]:
        """Add a leaf's hash; the hashes to keep by (level, number): the leaf's and those of tiles it filled."""
        made = {(0, self.size): leaf}
        self.size += 1
        self._levels[0].append(leaf)
        level = 0
        while len(self._levels[level]) == WIDTH:
            above = merkle.fold(self._levels[level])
            self._levels[level] = []
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(above)
            made[level, (self.size >> STEP * level) - 1] = above
        return made

    def root(self) -> bytes:
        """The root over everything that was added, from the few hashes of the edge: one may be told at any size."""
        right: bytes | None = None
        for hashes in self._levels:
            end = len(hashes)
            while end:
                width = end & -end  # the smallest whole subtree that ends here
                left = merkle.fold(hashes[end - width : end])
                right = left if right is None else merkle.node_hash(left, right)
                end -= width
        return right or merkle.EMPTY
