"""The form for a new pull request, its page with the merge box, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from bountyhub.sandbox.github.actions import pulls as actions
from bountyhub.sandbox.github.actions.merging import closing_references, merge
from bountyhub.sandbox.github.actions.reverting import revert, revert_commit
from bountyhub.sandbox.github.errors import not_found
from bountyhub.sandbox.github.web.frame import Visit, deed, page
from bountyhub.sandbox.github.web.issues import address, conversation
from bountyhub.sandbox.github.web.repository import REPO
from bountyhub.sandbox.github.web.session import people
from bountyhub.sandbox.store import Doc

MAX_COMMITS = 20


@page(f"{REPO}/compare")
def pull_form(visit: Visit) -> Any:
    """`?issue=7` fills in the sentence that closes it."""
    issue = request.args.get("issue", "")
    body = f"Fixes #{issue}" if issue.isdigit() else ""
    return "pull_form", {"body": body, "branches": sorted(visit.repo["branches"])}


@deed(f"{REPO}/compare")
def open_pull(visit: Visit) -> str:
    form = request.form
    title = form.get("title", "").strip()
    author = visit.world.named(form["login"]) if form.get("login") else visit.me
    doc = actions.open_pull_request(
        visit.world,
        visit.repo,
        author,
        title,
        form.get("body", ""),
        branch=form.get("branch", "").strip(),
        base=form.get("base", "").strip(),
        draft=bool(form.get("draft")),
        co_authors=_co_authors(visit, author),
        commits=_messages(title, form.get("commits", 1, type=int)),
    )
    return address(visit.repo, doc)


def _co_authors(visit: Visit, author: Doc) -> tuple[Doc, ...]:
    logins = [login for login in request.form.getlist("co_author") if login and login != author["login"]]
    return tuple(visit.world.named(login) for login in logins)


def _messages(title: str, count: int) -> tuple[str, ...]:
    more = range(2, min(count, MAX_COMMITS) + 1)
    return (title, *(f"{title}, step {number}" for number in more))


@page(f"{REPO}/pull/<int:number>")
def pull_page(visit: Visit, number: int) -> Any:
    doc = visit.world.pull(visit.repo, number)
    world, repo = visit.world, visit.repo
    return "pull", conversation(visit, doc) | {
        "part": doc["pull"],
        "head_repo": world.find_repo(doc["pull"]["head_repo"]),
        "commits": actions.commits_of(world, doc),
        "reviews": actions.reviews_of(world, doc),
        "checks": world.tx.all("gh_check", ref=f"{repo['id']}/{doc['pull']['head_sha']}"),
        "closes": [(target, issue) for target, issue in closing_references(world, repo, doc)],
        "branches": sorted(repo["branches"]),
        "others": [one for one in people(world) if visit.person is None or one["id"] != visit.person["id"]],
    }


# ---------------------------------------------------------------- buttons


def _merge(visit: Visit, doc: Doc) -> None:
    """By a method, or by the queue that one puts it into."""
    visit.require("write")
    method, queued = request.form.get("method", "merge"), bool(request.form.get("queued"))
    merge(visit.world, visit.repo, doc, visit.me, method, queued=queued)


def _revert(visit: Visit, doc: Doc) -> Doc:
    """By GitHub's button; where it was pressed before, the pull request that it opened."""
    visit.require("write")
    again = {"title": f'Revert "{doc["title"]}"', "body": f"Reverts {visit.repo['full_name']}#{doc['number']}"}
    open_ones = visit.world.issues(visit.repo, "open", ("pull",))
    made = next((one for one in open_ones if again.items() <= one.items()), None)
    return made or revert(visit.world, visit.repo, doc, visit.me)


def _revert_commits(visit: Visit, doc: Doc) -> None:
    """Each commit that landed (a merge commit alone stands for its own), the last one first, straight on the branch."""
    visit.require("write")
    for landed in reversed(actions.landed_of(visit.world, doc)):
        revert_commit(visit.world, visit.world.repo(visit.repo["id"]), landed["sha"], visit.me, doc["pull"]["base"])


def _review(visit: Visit, doc: Doc) -> None:
    event, body = request.form.get("event", "APPROVE"), request.form.get("body", "")
    actions.review(visit.world, visit.repo, doc, visit.me, event, body)


def _draft(visit: Visit, doc: Doc) -> None:
    visit.require("write", doc["author"])
    actions.set_draft(visit.world, visit.repo, doc, visit.me, draft=request.form.get("draft", "1") == "1")


def _push(visit: Visit, doc: Doc) -> None:
    visit.require("write", doc["author"])
    message = request.form.get("message", "").strip() or "Another step"
    push = actions.force_push if request.form.get("force") else actions.push
    push(visit.world, visit.repo, doc, visit.me, (message,), _co_authors(visit, visit.me))


def _retarget(visit: Visit, doc: Doc) -> None:
    visit.require("write", doc["author"])
    actions.retarget(visit.world, visit.repo, doc, visit.me, request.form.get("base", "").strip())


BUTTONS: dict[str, Callable[[Visit, Doc], Doc | None]] = {
    "merge": _merge,
    "revert": _revert,
    "revert-commits": _revert_commits,
    "review": _review,
    "draft": _draft,
    "push": _push,
    "retarget": _retarget,
}


@deed(f"{REPO}/pull/<int:number>/<what>")
def press(visit: Visit, number: int, what: str) -> str:
    if what not in BUTTONS:
        raise not_found()
    doc = visit.world.pull(visit.repo, number)
    made = BUTTONS[what](visit, doc)
    return address(visit.repo, made or doc)
