"""Control actions on issues, labels and comments; closing and labelling work for pull requests too."""

from __future__ import annotations

from bountyhub.sandbox.github.actions import comments as comment_actions
from bountyhub.sandbox.github.actions import issues as actions
from bountyhub.sandbox.github.actions import milestones
from bountyhub.sandbox.github.control.registry import Given, action
from bountyhub.sandbox.github.errors import not_found
from bountyhub.sandbox.store import Doc


def _issue(doc: Doc) -> Doc:
    kept = ("id", "number", "state", "state_reason", "title", "locked")
    return {name: doc[name] for name in kept} | {"repository": doc["repo"]}


def _comment(doc: Doc) -> Doc:
    return {"id": doc["id"], "repository": doc["repo"], "number": doc["number"], "author": doc["author"]}


@action
def open_issue(given: Given) -> Doc:
    """repo, title, body?, labels?, as?, id?, number?"""
    repo = given.repo()
    texts = given.text("title"), given.text("body"), given.texts("labels")
    id, number = given.maybe_number("id"), given.maybe_number("number")
    return _issue(actions.open_issue(given.world, repo, given.sender(repo), *texts, id=id, number=number))


@action
def edit_issue(given: Given) -> Doc:
    """repo, number, title?, body?, as?"""
    repo = given.repo()
    texts = {"title": given.maybe("title"), "body": given.maybe("body")}
    return _issue(actions.edit_issue(given.world, repo, given.issue(repo), given.sender(repo), **texts))


@action
def close(given: Given) -> Doc:
    """repo, number, reason? (completed, not_planned, duplicate), as?"""
    repo = given.repo()
    reason = given.text("reason", "completed")
    return _issue(actions.close(given.world, repo, given.issue(repo), given.sender(repo), reason))


@action
def reopen(given: Given) -> Doc:
    """repo, number, as?"""
    repo = given.repo()
    return _issue(actions.reopen(given.world, repo, given.issue(repo), given.sender(repo)))


@action
def label(given: Given) -> Doc:
    """repo, number, name, as?"""
    repo = given.repo()
    return _issue(actions.label(given.world, repo, given.issue(repo), given.sender(repo), given.text("name")))


@action
def unlabel(given: Given) -> Doc:
    """repo, number, name, as?"""
    repo = given.repo()
    return _issue(actions.unlabel(given.world, repo, given.issue(repo), given.sender(repo), given.text("name")))


@action
def create_milestone(given: Given) -> Doc:
    """repo, title, description?, as?"""
    repo = given.repo()
    texts = given.text("title"), given.text("description")
    made, _ = milestones.create_milestone(given.world, repo, given.sender(repo), *texts)
    return {"number": made["number"], "title": made["title"], "state": made["state"]}


@action
def put_into_milestone(given: Given) -> Doc:
    """repo, number, milestone? (its number; none takes the issue out), as?"""
    repo, wanted = given.repo(), given.maybe_number("milestone")
    return _issue(milestones.put_into(given.world, repo, given.issue(repo), given.sender(repo), wanted))


@action
def lock(given: Given) -> Doc:
    """repo, number, locked?, as?"""
    repo = given.repo()
    locked = given.flag("locked", True)
    return _issue(actions.lock(given.world, repo, given.issue(repo), given.sender(repo), locked=locked))


@action
def delete_issue(given: Given) -> Doc:
    """repo, number, as?"""
    repo = given.repo()
    doc = given.issue(repo)
    actions.delete_issue(given.world, repo, doc, given.sender(repo))
    return _issue(doc) | {"deleted": True}


@action
def convert_to_discussion(given: Given) -> Doc:
    """repo, number, as?: the issue is closed and locked"""
    repo = given.repo()
    return _issue(actions.convert_to_discussion(given.world, repo, given.issue(repo), given.sender(repo)))


@action
def transfer_issue(given: Given) -> Doc:
    """repo, number, to (repository), as?"""
    repo, target = given.repo(), given.repo("to")
    return _issue(actions.transfer_issue(given.world, repo, given.issue(repo), target, given.sender(repo)))


@action
def comment(given: Given) -> Doc:
    """repo, number, body, as?, id?"""
    repo = given.repo()
    sender, body, id = given.sender(repo), given.text("body"), given.maybe_number("id")
    return _comment(comment_actions.comment(given.world, repo, given.issue(repo), sender, body, id=id))


def _found(given: Given, repo: Doc) -> Doc:
    found = comment_actions.find_comment(given.world, repo, given.number("id"))
    if found is None:
        raise not_found()
    return found


@action
def edit_comment(given: Given) -> Doc:
    """repo, id, body, as?"""
    repo = given.repo()
    doc = _found(given, repo)
    return _comment(comment_actions.edit_comment(given.world, repo, doc, given.sender(repo), given.text("body")))


@action
def delete_comment(given: Given) -> Doc:
    """repo, id, as?"""
    repo = given.repo()
    doc = _found(given, repo)
    comment_actions.delete_comment(given.world, repo, doc, given.sender(repo))
    return _comment(doc) | {"deleted": True}


@action
def hide_comment(given: Given) -> Doc:
    """repo, id, hidden?"""
    repo = given.repo()
    return _comment(comment_actions.hide_comment(given.world, _found(given, repo), hidden=given.flag("hidden", True)))
