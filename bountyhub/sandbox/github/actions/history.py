"""What is between two commits, and which pull requests brought one."""

from __future__ import annotations

from dataclasses import dataclass

from bountyhub.sandbox.github.actions.commits import find_commit
from bountyhub.sandbox.github.errors import not_found
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc


@dataclass(frozen=True)
class Comparison:
    """`ahead`: commits of the head that the base hasn't, oldest first; `behind`: how many the other way round."""

    base: Doc
    merge_base: Doc
    ahead: list[Doc]
    behind: int

    @property
    def status(self) -> str:
        if self.ahead:
            return "diverged" if self.behind else "ahead"
        return "behind" if self.behind else "identical"


def compare(world: World, repo: Doc, base: str, head: str) -> Comparison:
    """Of two branches or full hashes; 404 for what is neither."""
    ends = [find_commit(world, repo, ref) for ref in (base, head)]
    if ends[0] is None or ends[1] is None:
        raise not_found()
    old, new = (ancestry(world, str(end["sha"])) for end in ends if end is not None)
    known, ahead = set(old), [sha for sha in new if sha not in set(old)]
    shared = next((sha for sha in new if sha in known), "")
    found = [world.tx.get("gh_commit", sha) for sha in reversed(ahead)]
    merge_base = find_commit(world, repo, shared) or ends[0]
    behind = sum(sha not in set(new) for sha in old)
    return Comparison(ends[0], merge_base, [doc for doc in found if doc is not None], behind)


def ancestry(world: World, sha: str) -> list[str]:
    """A commit and all before it, newest first."""
    seen: dict[str, None] = {}
    waiting = [sha]
    while waiting:
        one = waiting.pop(0)
        if one not in seen:
            seen[one] = None
            doc = world.tx.get("gh_commit", one)
            waiting += doc["parents"] if doc is not None else []
    return list(seen)


def pulls_of(world: World, repo: Doc, sha: str) -> list[Doc]:
    """Merged pull requests that brought a commit, by a hash or its beginning."""
    merged = (doc for doc in world.issues(repo, "closed", ("pull",)) if doc["pull"]["merged_at"] is not None)
    return [doc for doc in merged if any(one.startswith(sha) for one in _hashes(doc["pull"]))]


def _hashes(part: Doc) -> list[str]:
    return [part["merge_commit_sha"], *part["commits"], *part.get("landed", [])]
