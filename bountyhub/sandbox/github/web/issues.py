"""The issue page and its buttons; comments, closing and labels serve pull requests too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from bountyhub.sandbox.github.actions import comments as comment_actions
from bountyhub.sandbox.github.actions import issues as actions
from bountyhub.sandbox.github.errors import not_found
from bountyhub.sandbox.github.web.frame import ROOT, Visit, deed, elsewhere, page
from bountyhub.sandbox.github.web.repository import REPO
from bountyhub.sandbox.store import Doc

SIGNS = {
    "+1": "👍",
    "-1": "👎",
    "laugh": "😄",
    "hooray": "🎉",
    "confused": "😕",
    "heart": "❤️",
    "rocket": "🚀",
    "eyes": "👀",
}


@page(f"{REPO}/issues/new")
def issue_form(visit: Visit) -> Any:
    return "issue_form", {}


@deed(f"{REPO}/issues/new")
def open_issue(visit: Visit) -> str:
    title, body = request.form.get("title", ""), request.form.get("body", "")
    labels = tuple(request.form.getlist("labels")) if visit.may("triage") else ()
    doc = actions.open_issue(visit.world, visit.repo, visit.me, title, body, labels)
    return address(visit.repo, doc)


def address(repo: Doc, doc: Doc) -> str:
    return f"{ROOT}/{repo['full_name']}/{'pull' if doc['pull'] else 'issues'}/{doc['number']}"


@page(f"{REPO}/issues/<int:number>")
def issue_page(visit: Visit, number: int) -> Any:
    doc = visit.world.issue(visit.repo, number)
    if doc["pull"]:
        raise elsewhere(address(visit.repo, doc))
    own = visit.world.tx.find("gh_repo", owner=visit.repo["owner"], deleted=False)
    targets = [repo for repo in own if repo["id"] != visit.repo["id"] and repo["fork_of"] is None]
    return "issue", conversation(visit, doc) | {"targets": targets}


def conversation(visit: Visit, doc: Doc) -> Doc:
    """What issue and pull request pages share."""
    mine = visit.person is not None and visit.person["id"] == doc["author"]
    return {
        "doc": doc,
        "address": address(visit.repo, doc),
        "labels": [label for label in visit.repo["labels"] if label["id"] in doc["labels"]],
        "other_labels": [label for label in visit.repo["labels"] if label["id"] not in doc["labels"]],
        "comments": comment_actions.comments_of(visit.world, doc),
        "signs": SIGNS,
        "may_edit": mine or visit.may("triage"),
        "mine": mine,
    }


# ---------------------------------------------------------------- buttons


def _comment(visit: Visit, doc: Doc) -> Doc:
    comment_actions.comment(visit.world, visit.repo, doc, visit.me, request.form.get("body", ""))
    return doc


def _edit(visit: Visit, doc: Doc) -> Doc:
    visit.require("triage", doc["author"])
    texts = {name: request.form.get(name) for name in ("title", "body")}
    return actions.edit_issue(visit.world, visit.repo, doc, visit.me, **texts)


def _close(visit: Visit, doc: Doc) -> Doc:
    visit.require("triage", doc["author"])
    reason = request.form.get("reason") or "completed"
    return actions.close(visit.world, visit.repo, doc, visit.me, reason)


def _reopen(visit: Visit, doc: Doc) -> Doc:
    visit.require("triage", doc["author"])
    return actions.reopen(visit.world, visit.repo, doc, visit.me)


def _label(visit: Visit, doc: Doc) -> Doc:
    visit.require("triage")
    return actions.label(visit.world, visit.repo, doc, visit.me, request.form.get("name", ""))


def _unlabel(visit: Visit, doc: Doc) -> Doc:
    visit.require("triage")
    return actions.unlabel(visit.world, visit.repo, doc, visit.me, request.form.get("name", ""))


def _lock(visit: Visit, doc: Doc) -> Doc:
    visit.require("write")
    return actions.lock(visit.world, visit.repo, doc, visit.me, locked=request.form.get("locked", "1") == "1")


def _convert(visit: Visit, doc: Doc) -> Doc:
    visit.require("write")
    return actions.convert_to_discussion(visit.world, visit.repo, doc, visit.me)


BUTTONS: dict[str, Callable[[Visit, Doc], Doc]] = {
    "comment": _comment,
    "edit": _edit,
    "close": _close,
    "reopen": _reopen,
    "label": _label,
    "unlabel": _unlabel,
    "lock": _lock,
    "convert": _convert,
}


@deed(f"{REPO}/issues/<int:number>/<what>")
def press(visit: Visit, number: int, what: str) -> str:
    if what not in BUTTONS:
        raise not_found()
    return address(visit.repo, BUTTONS[what](visit, visit.world.issue(visit.repo, number)))


@deed(f"{REPO}/issues/<int:number>/transfer")
def transfer(visit: Visit, number: int) -> str:
    visit.require("write")
    target = visit.world.repo(int(request.form.get("to") or 0))
    doc = visit.world.issue(visit.repo, number)
    new = actions.transfer_issue(visit.world, visit.repo, doc, target, visit.me)
    return address(target, new)


@deed(f"{REPO}/issues/<int:number>/delete")
def delete(visit: Visit, number: int) -> str:
    visit.require("admin")
    actions.delete_issue(visit.world, visit.repo, visit.world.issue(visit.repo, number), visit.me)
    return visit.base


@deed(f"{REPO}/comments/<int:id>/<what>")
def change_comment(visit: Visit, id: int, what: str) -> str:
    """Edit, hide or delete a comment of one's own, or anybody's with write access."""
    found = comment_actions.find_comment(visit.world, visit.repo, id)
    if found is None or what not in ("edit", "hide", "delete"):
        raise not_found()
    visit.require("write", found["author"])
    if what == "hide":
        comment_actions.hide_comment(visit.world, found, hidden=request.form.get("hidden", "1") == "1")
    elif what == "edit":
        comment_actions.edit_comment(visit.world, visit.repo, found, visit.me, request.form.get("body", ""))
    else:
        comment_actions.delete_comment(visit.world, visit.repo, found, visit.me)
    return address(visit.repo, visit.world.issue(visit.repo, found["number"]))
