"""Commits: made for pushes and merges, found by their hash, announced by `push`."""

from __future__ import annotations

import hashlib

from bountyhub.sandbox.github.hooks import announce
from bountyhub.sandbox.github.shapes import commits as shapes
from bountyhub.sandbox.github.shapes.repositories import pushed_repository
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc

#: Characters of a hash: of one that GitHub still understands, and of a whole one.
SHORTEST, FULL = 7, 40


def trailers(co_authors: tuple[Doc, ...]) -> str:
    """The lines by which GitHub knows co-authors."""
    lines = [f"Co-authored-by: {person['name']} <{person['email']}>" for person in co_authors]
    return "\n\n" + "\n".join(lines) if lines else ""


#: `content` where only the name of the changed file is known.
UNKNOWN = object()


def new_commit(
    world: World, repo: Doc, author: Doc, message: str, parents: list[str], file: str, *, content: object = UNKNOWN
) -> Doc:
    """A commit on no branch yet; its hash depends on a counter, so two are never the same.

    `content`: what the file says from then on, None for a deleted one.
    """
    nonce = world.tx.next("gh_commit")
    sha = hashlib.sha1(f"{repo['id']} {nonce} {message} {parents}".encode()).hexdigest()  # noqa: S324
    doc: Doc = {
        "sha": sha,
        "repo": repo["id"],
        "tree": hashlib.sha1(f"tree {sha}".encode()).hexdigest(),  # noqa: S324
        "author": author["id"],
        "committer": author["id"],
        "message": message,
        "date": world.now,
        "parents": parents,
        "file": file,
        "additions": 10 + nonce % 40,
        "deletions": nonce % 7,
        "order": nonce,
    }
    if content is not UNKNOWN:
        doc["content"] = content
    return world.tx.put("gh_commit", sha, doc, ref=f"{repo['id']}/")


def put_on_branch(world: World, repo: Doc, branch: str, commits: list[Doc]) -> Doc:
    """Move a branch to the last of these commits and remember that they are on it; the repository as it then is."""
    for doc in commits:
        world.tx.put("gh_commit", doc["sha"], doc, ref=f"{repo['id']}/{branch}")
    branches = repo["branches"] | {branch: commits[-1]["sha"]}
    return world.put_repo(repo | {"branches": branches, "pushed": world.now, "updated": world.now})


def find_commit(world: World, repo: Doc, ref: str) -> Doc | None:
    """By hash, its beginning, or a branch; commits of forks are reachable through the repository they came from."""
    sha = repo["branches"].get(ref.removeprefix("heads/").removeprefix("refs/heads/"), ref)
    found = world.tx.get("gh_commit", sha) or _by_beginning(world, repo, sha)
    if found is None:
        return _root(world, repo, sha)
    origin = world.tx.get("gh_repo", str(found["repo"]))
    related = origin is not None and repo["id"] in (origin["id"], origin["fork_of"])
    return found if related else None


def _by_beginning(world: World, repo: Doc, sha: str) -> Doc | None:
    if not SHORTEST <= len(sha) < FULL:
        return None
    docs = (doc for branch in repo["branches"] for doc in commits_on(world, repo, branch))
    return next((doc for doc in docs if doc["sha"].startswith(sha)), None)


def _root(world: World, repo: Doc, sha: str) -> Doc | None:
    """The first commit, which is kept nowhere."""
    first = hashlib.sha1(f"root of {repo['id']}".encode()).hexdigest()  # noqa: S324
    if sha != first and sha not in repo["branches"].values():
        return None
    fields = {"author": repo["owner"], "committer": repo["owner"], "date": repo["created"], "file": "README.md"}
    counts = {"additions": 1, "deletions": 0, "parents": [], "repo": repo["id"], "tree": sha[::-1]}
    return {"sha": sha, "message": "Initial commit"} | fields | counts


def commits_on(world: World, repo: Doc, branch: str) -> list[Doc]:
    """Newest first."""
    return world.tx.all("gh_commit", ref=f"{repo['id']}/{branch}")[::-1]


def announce_push(world: World, repo: Doc, branch: str, before: str, commits: list[Doc], pusher: Doc) -> None:
    if world.installation_for(repo) is None:
        return
    hooked = world.for_hooks()
    bodies = [shapes.pushed_commit(hooked, repo, doc) for doc in commits]
    after = commits[-1]["sha"]
    announce(
        world,
        "push",
        repo,
        pusher,
        ref=f"refs/heads/{branch}",
        before=before,
        after=after,
        base_ref=None,
        created=False,
        deleted=False,
        forced=False,
        compare=f"{hooked.urls.page(repo)}/compare/{before[:12]}...{after[:12]}",
        commits=bodies,
        head_commit=bodies[-1],
        pusher={"name": pusher["login"], "email": pusher["email"]},
        repository=pushed_repository(hooked, repo),
    )


def push_to_branch(world: World, repo: Doc, branch: str, author: Doc, messages: list[str]) -> list[Doc]:
    """Commits made straight on a branch, without a pull request."""
    before = repo["branches"].get(branch, repo["branches"][repo["default_branch"]])
    parent, commits = before, []
    for message in messages:
        doc = new_commit(world, repo, author, message, [parent], "src/main.py")
        commits.append(doc)
        parent = doc["sha"]
    changed = put_on_branch(world, repo, branch, commits)
    announce_push(world, changed, branch, before, commits, author)
    return commits
