"""Comments on issues and pull requests, and reactions to them."""

from __future__ import annotations

from typing import Any

from flask import request

from bountyhub.sandbox.github.access import at_least
from bountyhub.sandbox.github.actions import comments as actions
from bountyhub.sandbox.github.calls import Call, body, listing, resource, text
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.shapes import issues as shapes
from bountyhub.sandbox.github.world import iso
from bountyhub.sandbox.store import Doc

SORTS = {"created": "created", "updated": "updated"}


def _comment(call: Call, id: int) -> tuple[Doc, Doc]:
    found = actions.find_comment(call.world, call.repo, id)
    if found is None:
        raise not_found()
    return call.world.issue(call.repo, found["number"]), found


def _own_comment(call: Call, id: int) -> tuple[Doc, Doc]:
    """The App touches nobody's comments but its own; people need write access for others'."""
    issue, doc = _comment(call, id)
    if doc["author"] != call.person["id"] and (call.by_app or not at_least(call.repo, call.person, "write")):
        raise GithubError(403, "Resource not accessible by integration")
    return issue, doc


@resource("GET", "/issues/<int:number>/comments")
def list_comments(call: Call, number: int) -> Any:
    issue = call.world.issue(call.repo, number)
    docs = _since(actions.comments_of(call.world, issue))
    return listing(docs, lambda doc: shapes.comment(call.world, call.repo, issue, doc))


@resource("GET", "/issues/comments")
def list_all_comments(call: Call) -> Any:
    """By ascending id, or as `sort` and `direction` say."""
    docs = sorted(_since(actions.comments_in(call.world, call.repo)), key=lambda doc: int(doc["id"]))
    if request.args.get("sort") in SORTS:
        key, backwards = SORTS[request.args["sort"]], request.args.get("direction") == "desc"
        docs = sorted(docs, key=lambda doc: (doc[key], doc["id"]), reverse=backwards)
    return listing(docs, lambda doc: shapes.comment(call.world, call.repo, _issue_of(call, doc), doc))


def _since(docs: list[Doc]) -> list[Doc]:
    since = request.args.get("since", "")
    return [doc for doc in docs if (iso(doc["updated"]) or "") >= since]


def _issue_of(call: Call, doc: Doc) -> Doc:
    return call.world.issue(call.repo, doc["number"])


@resource("POST", "/issues/<int:number>/comments")
def create_comment(call: Call, number: int) -> tuple[Doc, int]:
    issue = call.world.issue(call.repo, number)
    words = text(body(), "IssueComment", "body")
    doc = actions.comment(call.world, call.repo, issue, call.person, words, via_app=call.by_app)
    return shapes.comment(call.world, call.repo, issue, doc), 201


@resource("GET", "/issues/comments/<int:comment_id>")
def get_comment(call: Call, comment_id: int) -> Doc:
    issue, doc = _comment(call, comment_id)
    return shapes.comment(call.world, call.repo, issue, doc)


@resource("PATCH", "/issues/comments/<int:comment_id>")
def update_comment(call: Call, comment_id: int) -> Doc:
    issue, doc = _own_comment(call, comment_id)
    words = text(body(), "IssueComment", "body")
    doc = actions.edit_comment(call.world, call.repo, doc, call.person, words)
    return shapes.comment(call.world, call.repo, issue, doc)


@resource("DELETE", "/issues/comments/<int:comment_id>")
def delete_comment(call: Call, comment_id: int) -> tuple[None, int]:
    _, doc = _own_comment(call, comment_id)
    actions.delete_comment(call.world, call.repo, doc, call.person)
    return None, 204


@resource("GET", "/issues/comments/<int:comment_id>/reactions")
def list_reactions(call: Call, comment_id: int) -> Any:
    _, doc = _comment(call, comment_id)
    return listing(doc["reactions"], lambda reaction: shapes.reaction(call.world, reaction))


@resource("POST", "/issues/comments/<int:comment_id>/reactions")
def create_reaction(call: Call, comment_id: int) -> tuple[Doc, int]:
    _, doc = _comment(call, comment_id)
    reaction, new = actions.react(call.world, doc, call.person, text(body(), "Reaction", "content"))
    return shapes.reaction(call.world, reaction), 201 if new else 200
