"""A repository's page with its lists, a commit, a check run, and what its admin may do to it."""

from __future__ import annotations

from typing import Any

from flask import request

from bountyhub.sandbox.github.actions import repositories as actions
from bountyhub.sandbox.github.actions.commits import find_commit, push_to_branch
from bountyhub.sandbox.github.actions.files import file_at, propose_file, write_file
from bountyhub.sandbox.github.actions.pulls import rename_branch
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.web.frame import ROOT, Visit, deed, page

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


@page(f"{REPO}/runs/<int:id>")
def check_run(visit: Visit, id: int) -> Any:
    found = visit.world.tx.get("gh_check", str(id))
    if found is None or found["repo"] != visit.repo["id"]:
        raise not_found()
    return "run", {"run": found}


@page(f"{REPO}/settings")
def settings(visit: Visit) -> Any:
    visit.require("admin")
    return "settings", {"installation": visit.world.installation_for(visit.repo)}


@deed(f"{REPO}/settings/<what>")
def change(visit: Visit, what: str) -> str:
    """Rename, hand over, hide, archive or delete; each is one button of the settings page."""
    visit.require("admin")
    world, repo, me = visit.world, visit.repo, visit.me
    if what == "rename":
        repo = actions.rename_repository(world, repo, request.form.get("name", "").strip(), me)
    elif what == "transfer":
        repo = actions.transfer_repository(world, repo, world.named(request.form.get("login", "")), me)
        return f"{ROOT}/{repo['full_name']}"
    elif what == "visibility":
        repo = actions.privatize(world, repo, me, private=not repo["private"])
    elif what == "branch":
        repo = rename_branch(world, repo, me, repo["default_branch"], request.form.get("branch", "").strip())
    elif what == "archive":
        repo = actions.archive_repository(world, repo, me, archived=not repo["archived"])
    elif what == "delete":
        actions.delete_repository(world, repo, me)
        return f"{ROOT}/"
    else:
        raise not_found()
    return f"{ROOT}/{repo['full_name']}/settings"


@deed(f"{REPO}/push")
def push(visit: Visit) -> str:
    """A commit straight onto the default branch."""
    visit.require("write")
    message = request.form.get("message", "").strip()
    if not message:
        raise GithubError(422, "A commit needs a message")
    (made,) = push_to_branch(visit.world, visit.repo, visit.repo["default_branch"], visit.me, [message])
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
