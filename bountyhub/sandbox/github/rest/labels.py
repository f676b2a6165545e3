"""Labels of a repository and of its issues."""

from __future__ import annotations

import re
from typing import Any

from flask import request

from bountyhub.sandbox.github.actions import issues as actions
from bountyhub.sandbox.github.actions.repositories import ensure_label
from bountyhub.sandbox.github.calls import Call, body, json_response, listing, resource, text
from bountyhub.sandbox.github.errors import GithubError, invalid, not_found
from bountyhub.sandbox.github.shapes import issues as shapes
from bountyhub.sandbox.store import Doc


@resource("GET", "/labels")
def list_labels(call: Call) -> Any:
    return listing(call.repo["labels"], lambda doc: shapes.label(call.world, call.repo, doc))


@resource("GET", "/labels/<name>")
def get_label(call: Call, name: str) -> Doc:
    found = actions.find_label(call.repo, name)
    if found is None:
        raise not_found()
    return shapes.label(call.world, call.repo, found)


@resource("POST", "/labels", role="write")
def create_label(call: Call) -> tuple[Doc, int]:
    given = body()
    name, color = text(given, "Label", "name"), str(given.get("color") or "ededed")
    if not re.fullmatch(r"[0-9a-fA-F]{6}", color):
        raise invalid("Label", "color")
    if actions.find_label(call.repo, name) is not None:
        raise invalid("Label", "name", "already_exists")
    doc, repo = ensure_label(call.world, call.repo, name, color, str(given.get("description") or ""))
    return shapes.label(call.world, repo, doc), 201


@resource("GET", "/issues/<int:number>/labels")
def list_issue_labels(call: Call, number: int) -> Any:
    return listing(shapes.labels_of(call.world, call.repo, call.world.issue(call.repo, number)), lambda doc: doc)


@resource("POST", "/issues/<int:number>/labels", role="triage")
def add_labels(call: Call, number: int) -> Any:
    for name in _names():
        issue = call.world.issue(call.repo, number)
        actions.label(call.world, call.world.repo(call.repo["id"]), issue, call.person, name)
    return _labels_now(call, number)


def _names() -> list[str]:
    """GitHub takes a bare list as well as an object holding one."""
    given = request.get_json(silent=True, force=True)
    names = given.get("labels") if isinstance(given, dict) else given
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise invalid("Label", "name")
    return names


@resource("DELETE", "/issues/<int:number>/labels/<name>", role="triage")
def remove_label(call: Call, number: int, name: str) -> Any:
    issue = call.world.issue(call.repo, number)
    if actions.find_label(call.repo, name) is None:
        raise GithubError(404, "Label does not exist")
    actions.unlabel(call.world, call.repo, issue, call.person, name)
    return _labels_now(call, number)


def _labels_now(call: Call, number: int) -> Any:
    repo = call.world.repo(call.repo["id"])
    return json_response(shapes.labels_of(call.world, repo, call.world.issue(repo, number)))
