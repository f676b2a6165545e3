"""Pull requests: read by the App, merged by people."""

from __future__ import annotations

from typing import Any

from flask import request

from bountyhub.sandbox.github.actions import pulls as actions
from bountyhub.sandbox.github.actions.merging import merge
from bountyhub.sandbox.github.calls import Call, body, listing, resource
from bountyhub.sandbox.github.errors import GithubError, not_found
from bountyhub.sandbox.github.rest.issues import in_order, wanted_state
from bountyhub.sandbox.github.shapes import commits as commit_shapes
from bountyhub.sandbox.github.shapes import pulls as shapes
from bountyhub.sandbox.store import Doc


@resource("GET", "/pulls")
def list_pulls(call: Call) -> Any:
    docs = [doc for doc in call.world.issues(call.repo, wanted_state("PullRequest"), ("pull",)) if _matches(call, doc)]
    return listing(in_order(docs), lambda doc: shapes.simple_pull(call.world, call.repo, doc))


def _matches(call: Call, doc: Doc) -> bool:
    base, head = request.args.get("base"), request.args.get("head")
    if base and doc["pull"]["base"] != base:
        return False
    if not head:
        return True
    return head == f"{call.world.head_owner(doc['pull'])}:{doc['pull']['head']}"


@resource("GET", "/pulls/<int:number>")
def get_pull(call: Call, number: int) -> Doc:
    return shapes.pull(call.world, call.repo, call.world.pull(call.repo, number))


@resource("GET", "/pulls/<int:number>/commits")
def list_commits(call: Call, number: int) -> Any:
    docs = actions.commits_of(call.world, call.world.pull(call.repo, number))
    return listing(docs, lambda doc: commit_shapes.commit(call.world, call.repo, doc))


@resource("GET", "/pulls/<int:number>/files")
def list_files(call: Call, number: int) -> Any:
    docs = {doc["file"]: doc for doc in actions.commits_of(call.world, call.world.pull(call.repo, number))}
    return listing(list(docs.values()), lambda doc: commit_shapes.file(call.world, call.repo, doc))


@resource("GET", "/pulls/<int:number>/reviews")
def list_reviews(call: Call, number: int) -> Any:
    issue = call.world.pull(call.repo, number)
    docs = actions.reviews_of(call.world, issue)
    return listing(docs, lambda doc: shapes.review(call.world, call.repo, issue, doc))


@resource("GET", "/pulls/<int:number>/merge")
def is_merged(call: Call, number: int) -> tuple[None, int]:
    if call.world.pull(call.repo, number)["pull"]["merged_at"] is None:
        raise not_found()
    return None, 204


@resource("PUT", "/pulls/<int:number>/merge", role="write", app="read")
def merge_pull(call: Call, number: int) -> Doc:
    given, issue = body(), call.world.pull(call.repo, number)
    method = str(given.get("merge_method") or "merge")
    title = str(given.get("commit_title") or "")
    if call.actor.person is None:
        raise GithubError(401, "Requires authentication")
    done = merge(call.world, call.repo, issue, call.person, method, sha=given.get("sha"), title=title)
    sha = done["pull"]["merge_commit_sha"]
    return {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}
