"""Check runs, which only an App may write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request

from bountyhub.sandbox.github.actions.pulls import head_commit
from bountyhub.sandbox.github.calls import Call, body, counted, resource, text
from bountyhub.sandbox.github.errors import GithubError, invalid, not_found
from bountyhub.sandbox.github.shapes import pulls as shapes
from bountyhub.sandbox.store import Doc

STATUSES = ("queued", "in_progress", "completed")
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out")
MAX_TEXT = 65_535


def _require_app(call: Call) -> None:
    if not call.by_app:
        raise GithubError(403, "You must authenticate via a GitHub App.")


def _run(call: Call, id: int) -> Doc:
    found = call.world.tx.get("gh_check", str(id))
    if found is None or found["repo"] != call.repo["id"]:
        raise not_found()
    return found


@resource("POST", "/check-runs")
def create_run(call: Call) -> tuple[Doc, int]:
    _require_app(call)
    given = body()
    name, sha = text(given, "CheckRun", "name"), text(given, "CheckRun", "head_sha")
    head_commit(call.world, call.repo, sha)
    doc: Doc = {
        "id": call.world.new_id("gh_check"),
        "suite": call.world.new_id("gh_suite"),
        "repo": call.repo["id"],
        "sha": sha,
        "name": name,
        "external_id": "",
        "details_url": None,
        "status": "queued",
        "conclusion": None,
        "started": call.world.now,
        "completed": None,
        "output": {"title": None, "summary": None, "text": None},
    }
    return shapes.check_run(call.world, call.repo, _apply(call, doc, given)), 201


@resource("PATCH", "/check-runs/<int:check_run_id>")
def update_run(call: Call, check_run_id: int) -> Doc:
    _require_app(call)
    doc = _apply(call, _run(call, check_run_id), body())
    return shapes.check_run(call.world, call.repo, doc)


def _apply(call: Call, doc: Doc, given: Doc) -> Doc:
    """Take over what was given; a conclusion completes the run, as GitHub's description says."""
    changed = doc | {name: given[name] for name in ("name", "external_id", "details_url") if name in given}
    changed |= _status(call, doc, given)
    if "started_at" in given:
        changed["started"] = _seconds(given["started_at"], "started_at")
    if "output" in given:
        changed["output"] = _output(given["output"])
    ref = f"{call.repo['id']}/{changed['sha']}"
    return call.world.tx.put("gh_check", str(doc["id"]), changed, ref=ref)


def _status(call: Call, doc: Doc, given: Doc) -> Doc:
    conclusion, status = given.get("conclusion"), given.get("status", doc["status"])
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise invalid("CheckRun", "conclusion")
    if status not in STATUSES:
        raise invalid("CheckRun", "status")
    if conclusion is None:
        if status == "completed" and doc["conclusion"] is None:
            raise invalid("CheckRun", "conclusion", "missing_field")
        return {"status": status}
    completed = given.get("completed_at")
    at = call.world.now if completed is None else _seconds(completed, "completed_at")
    return {"status": "completed", "conclusion": conclusion, "completed": at}


def _seconds(value: Any, field: str) -> int:
    try:
        return int(datetime.fromisoformat(str(value)).timestamp())
    except ValueError as error:
        raise invalid("CheckRun", field) from error


def _output(given: Any) -> Doc:
    if not isinstance(given, dict) or not all(isinstance(given.get(name), str) for name in ("title", "summary")):
        raise invalid("CheckRun", "output")
    output = {name: given.get(name) for name in ("title", "summary", "text")}
    if any(len(value or "") > MAX_TEXT for value in output.values()):
        raise invalid("CheckRun", "output")
    return output


@resource("GET", "/check-runs/<int:check_run_id>")
def get_run(call: Call, check_run_id: int) -> Doc:
    return shapes.check_run(call.world, call.repo, _run(call, check_run_id))


@resource("GET", "/commits/<ref>/check-runs")
def list_runs(call: Call, ref: str) -> Any:
    sha = head_commit(call.world, call.repo, ref)["sha"]
    docs = call.world.tx.all("gh_check", ref=f"{call.repo['id']}/{sha}", newest_first=True)
    name = request.args.get("check_name")
    matching = [doc for doc in docs if not name or doc["name"] == name]
    return counted(matching, "check_runs", lambda doc: shapes.check_run(call.world, call.repo, doc))
