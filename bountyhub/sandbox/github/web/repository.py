"""A repository's page with its lists, a commit and what may be done with it, a check run."""

from __future__ import annotations

from typing import Any

from flask import request

from bountyhub.sandbox.github.actions.commits import find_commit, push_to_branch
from bountyhub.sandbox.github.actions.files import file_at, propose_file, write_file
from bountyhub.sandbox.github.actions.reverting import revert_commit
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.web.frame import Visit, deed, page

POLICY = ".github/bountyhub.yml"
REPO = "/<owner>/<repo_name>"
MAX_SHOWN = 100


def _list(visit: Visit, kind: str) -> Any:
    state = "closed" if request.args.get("state") == "closed" else "open"
    docs = sorted(visit.world.issues(visit.repo, state, (kind,)), key=lambda doc: -doc["number"])
    labels = {label["id"]: label for label in visit.repo["labels"]}
    return "repository", {"docs": docs[:MAX_SHOWN], "kind": kind, "state": state, "labels": labels}


@page(REPO)
def repository(visit: Visit) -> Any:
    return _list(visit, "issue")


@page(f"{REPO}/issues")
def issues(visit: Visit) -> Any:
    return _list(visit, "issue")


@page(f"{REPO}/pulls")
def pulls(visit: Visit) -> Any:
    return _list(visit, "pull")


@page(f"{REPO}/commit/<sha>")
def commit(visit: Visit, sha: str) -> Any:
    found = find_commit(visit.world, visit.repo, sha)
    if found is None:
        raise not_found()
    return "commit", {"commit": found}


@deed(f"{REPO}/commit/<sha>/revert")
def take_back(visit: Visit, sha: str) -> str:
    """As `git revert` does it, straight on the default branch."""
    visit.require("write")
    made = revert_commit(visit.world, visit.repo, sha, visit.me)
    return f"{visit.base}/commit/{made['sha']}"


@page(f"{REPO}/runs/<int:id>")
def check_run(visit: Visit, id: int) -> Any:
    found = visit.world.tx.get("gh_check", str(id))
    if found is None or found["repo"] != visit.repo["id"]:
        raise not_found()
    return "run", {"run": found}


@deed(f"{REPO}/push")
def push(visit: Visit) -> str:
    """A commit straight onto a branch, which is made where there is none of that name."""
    visit.require("write")
    message, branch = (request.form.get(name, "").strip() for name in ("message", "branch"))
    if not message:
        raise GithubError(422, "A commit needs a message")
    (made,) = push_to_branch(visit.world, visit.repo, branch or visit.repo["default_branch"], visit.me, [message])
    return f"{visit.base}/commit/{made['sha']}"


@page(f"{REPO}/policy")
def policy(visit: Visit) -> Any:
    """The policy file as the default branch has it, to be edited."""
    return "policy", {"path": POLICY, "text": file_at(visit.world, visit.repo, visit.repo["default_branch"], POLICY)}


@deed(f"{REPO}/policy")
def write_policy(visit: Visit) -> str:
    """Commit it to the default branch, or propose it in a pull request; an empty text deletes it."""
    text = request.form.get("content", "").replace("\r\n", "\n")
    content = text if text.strip() else None
    if request.form.get("how") == "propose":
        made = propose_file(visit.world, visit.repo, visit.me, POLICY, content)
        return f"{visit.base}/pull/{made['number']}"
    visit.require("write")
    write_file(visit.world, visit.repo, visit.me, POLICY, content)
    return f"{visit.base}/policy"
