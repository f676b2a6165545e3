"""Whether a change stands after reverts, reverts of reverts, and so on; and what names what. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

#: Fewer characters of a hash name nothing.
SHORTEST_SHA = 7


def standing(takes_back: Mapping[int, int]) -> list[int]:
    """The reverts of a change that nothing takes back, by id; it stands where there is none.

    `takes_back`: by each revert's id what it takes back, 0 for the change itself. A revert that is itself taken back
    counts for nothing, unless that is taken back in turn.
    """
    undone: set[int] = set()
    for id in sorted(takes_back, reverse=True):  # what takes back is younger than what it takes back
        if id not in undone and takes_back[id]:
            undone.add(takes_back[id])
    return sorted(id for id, of in takes_back.items() if of == 0 and id not in undone)


def names(said: Iterable[str], shas: Collection[str]) -> bool:
    """Whether any of these hashes, or beginnings of hashes, is one of those."""
    return any(len(one) >= SHORTEST_SHA and sha.startswith(one) for one in said for sha in shas)
