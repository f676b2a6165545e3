"""Commits and branches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request

from bountyhub.sandbox.github.actions.commits import commits_on, find_commit
from bountyhub.sandbox.github.actions.history import compare, pulls_of
from bountyhub.sandbox.github.calls import Call, listing, page, resource
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.shapes import commits as shapes
from bountyhub.sandbox.github.shapes import pulls as pull_shapes
from bountyhub.sandbox.store import Doc


@resource("GET", "/commits")
def list_commits(call: Call) -> Any:
    branch = request.args.get("sha") or call.repo["default_branch"]
    docs = commits_on(call.world, call.repo, branch)
    path = request.args.get("path")
    if path:
        docs = [doc for doc in docs if doc["file"] == path]
    since = request.args.get("since")
    if since:
        earliest = datetime.fromisoformat(since).timestamp()
        docs = [doc for doc in docs if doc["date"] >= earliest]
    return listing(docs, lambda doc: shapes.commit(call.world, call.repo, doc))


@resource("GET", "/commits/<ref>")
def get_commit(call: Call, ref: str) -> Doc:
    found = find_commit(call.world, call.repo, ref)
    if found is None:
        raise GithubError(422, f"No commit found for SHA: {ref}")
    return shapes.detailed_commit(call.world, call.repo, found)


@resource("GET", "/commits/<sha>/pulls")
def list_pulls_of_commit(call: Call, sha: str) -> Any:
    docs = pulls_of(call.world, call.repo, sha)
    if not docs and find_commit(call.world, call.repo, sha) is None:
        raise GithubError(422, f"No commit found for SHA: {sha}")
    return listing(docs, lambda doc: pull_shapes.simple_pull(call.world, call.repo, doc))


@resource("GET", "/compare/<path:basehead>")
def compare_commits(call: Call, basehead: str) -> Doc:
    base, dots, head = basehead.partition("...")
    if not dots:
        raise not_found()
    between = compare(call.world, call.repo, base, head)
    part, _ = page(between.ahead)
    return shapes.comparison(call.world, call.repo, basehead, between, part)
