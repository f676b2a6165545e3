"""Issues of a repository; pull requests are issues too and say so."""

from __future__ import annotations

from typing import Any

from flask import request

from bountyhub.sandbox.github.access import at_least
from bountyhub.sandbox.github.actions import issues as actions
from bountyhub.sandbox.github.calls import Call, body, listing, resource, text
from bountyhub.sandbox.github.errors import GithubError, invalid
from bountyhub.sandbox.github.shapes import issues as shapes
from bountyhub.sandbox.github.world import iso
from bountyhub.sandbox.store import Doc

STATES = ("open", "closed", "all")
SORTS = {"created": "created", "updated": "updated", "comments": "comments"}


@resource("GET", "/issues")
def list_issues(call: Call) -> Any:
    found = list(call.world.issues(call.repo, wanted_state("Issue")))
    matching = [doc for doc in found if _matches(call, doc)]
    return listing(in_order(matching), lambda doc: shapes.issue(call.world, call.repo, doc))


def wanted_state(resource_name: str) -> str:
    state = request.args.get("state", "open")
    if state not in STATES:
        raise invalid(resource_name, "state")
    return state


def in_order(docs: list[Doc]) -> list[Doc]:
    """Newest first unless asked otherwise."""
    key = SORTS.get(request.args.get("sort", "created"), "created")
    newest_first = request.args.get("direction", "desc") != "asc"
    return sorted(docs, key=lambda doc: (doc[key], doc["number"]), reverse=newest_first)


def _matches(call: Call, doc: Doc) -> bool:
    names = [name.strip().lower() for name in request.args.get("labels", "").split(",") if name.strip()]
    carried = {label["name"].lower() for label in call.repo["labels"] if label["id"] in doc["labels"]}
    if not carried.issuperset(names):
        return False
    if not _in_milestone(doc, request.args.get("milestone", "")):
        return False
    creator, since = request.args.get("creator"), request.args.get("since")
    if creator and doc["author"] != call.world.named(creator)["id"]:
        return False
    return not since or (iso(doc["updated"]) or "") >= since


def _in_milestone(doc: Doc, wanted: str) -> bool:
    """`*` is any milestone, `none` is none, a number is that one."""
    number = doc.get("milestone")
    if wanted in ("", "*", "none"):
        return wanted == "" or (number is None) == (wanted == "none")
    if not wanted.isdecimal():
        raise invalid("Issue", "milestone")
    return bool(number == int(wanted))


@resource("GET", "/issues/<int:number>")
def get_issue(call: Call, number: int) -> Doc:
    return shapes.detailed_issue(call.world, call.repo, call.world.issue(call.repo, number))


@resource("POST", "/issues")
def create_issue(call: Call) -> tuple[Doc, int]:
    given = body()
    labels = tuple(name for name in given.get("labels", []) if isinstance(name, str))
    title = text(given, "Issue", "title")
    doc = actions.open_issue(call.world, call.repo, call.person, title, given.get("body") or "", labels)
    return shapes.detailed_issue(call.world, call.world.repo(call.repo["id"]), doc), 201


@resource("PATCH", "/issues/<int:number>")
def update_issue(call: Call, number: int) -> Doc:
    doc, given = call.world.issue(call.repo, number), body()
    own = not call.by_app and doc["author"] == call.person["id"]
    if not (call.by_app or own or at_least(call.repo, call.person, "triage")):
        raise GithubError(403, "Must have triage access to the repository.")
    doc = actions.edit_issue(call.world, call.repo, doc, call.person, title=given.get("title"), body=given.get("body"))
    doc = _set_state(call, doc, given)
    return shapes.detailed_issue(call.world, call.world.repo(call.repo["id"]), doc)


def _set_state(call: Call, doc: Doc, given: Doc) -> Doc:
    if given.get("state") == "closed":
        return actions.close(call.world, call.repo, doc, call.person, given.get("state_reason") or "completed")
    if given.get("state") == "open":
        return actions.reopen(call.world, call.repo, doc, call.person)
    if given.get("state") is not None:
        raise invalid("Issue", "state")
    return doc
