"""Commits and branches."""

from __future__ import annotations

from typing import Any

from flask import request

from bountyhub.sandbox.github.actions.commits import commits_on, find_commit
from bountyhub.sandbox.github.calls import Call, listing, resource
from bountyhub.sandbox.github.errors import GithubError
from bountyhub.sandbox.github.shapes import commits as shapes
from bountyhub.sandbox.store import Doc


@resource("GET", "/commits")
def list_commits(call: Call) -> Any:
    branch = request.args.get("sha") or call.repo["default_branch"]
    docs = commits_on(call.world, call.repo, branch)
    return listing(docs, lambda doc: shapes.commit(call.world, call.repo, doc))


@resource("GET", "/commits/<ref>")
def get_commit(call: Call, ref: str) -> Doc:
    found = find_commit(call.world, call.repo, ref)
    if found is None:
        raise GithubError(422, f"No commit found for SHA: {ref}")
    return shapes.detailed_commit(call.world, call.repo, found)
