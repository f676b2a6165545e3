"""Files: written by a commit on a branch or in a pull request, read as they are at any commit.

Of most commits only the name of one changed file is made up; those made here also keep what the file says.
"""

from __future__ import annotations

from bountyhub.sandbox.github.actions.commits import announce_push, find_commit, new_commit, put_on_branch
from bountyhub.sandbox.github.actions.history import ancestry
from bountyhub.sandbox.github.actions.pulls import moved_head, open_pull_request
from bountyhub.sandbox.github.actions.repositories import require_writable
from bountyhub.sandbox.github.errors import GithubError
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc


def file_at(world: World, repo: Doc, ref: str, path: str) -> str | None:
    """What a file says at a commit or branch; None where there is none."""
    found = find_commit(world, repo, ref)
    if found is None:
        return None
    touched = [doc for doc in _docs(world, found["sha"]) if doc["file"] == path and "content" in doc]
    newest = max(touched, key=lambda doc: int(doc["order"]), default=None)
    kept: str | None = repo["files"].get(path) if newest is None else newest["content"]
    return kept


def _docs(world: World, sha: str) -> list[Doc]:
    docs = (world.tx.get("gh_commit", one) for one in ancestry(world, sha))
    return [doc for doc in docs if doc is not None]


def write_file(
    world: World, repo: Doc, author: Doc, path: str, content: str | None, *, branch: str = "", message: str = ""
) -> Doc:  # fmt: skip
    """A commit on a branch that writes a file, or deletes it (None); announced as a push."""
    require_writable(repo)
    if not path or path.startswith("/") or path.endswith("/"):
        raise GithubError(422, "path is missing or malformed")
    branch = branch or repo["default_branch"]
    before = repo["branches"].get(branch, repo["branches"][repo["default_branch"]])
    made = new_commit(world, repo, author, message or _message(path, content), [before], path, content=content)
    announce_push(world, put_on_branch(world, repo, branch, [made]), branch, before, [made], author)
    return made


def propose_file(
    world: World, repo: Doc, author: Doc, path: str, content: str | None, *, number: int | None = None,
    message: str = "",
) -> Doc:  # fmt: skip
    """The same in a pull request: one more commit in the one named, else a new one."""
    message = message or _message(path, content)
    if number is None:
        return open_pull_request(world, repo, author, message, commits=(message,), wrote=(path, content))
    return moved_head(world, repo, world.pull(repo, number), author, (message,), wrote=(path, content))


def _message(path: str, content: str | None) -> str:
    return f"{'Delete' if content is None else 'Update'} {path}"
