"""Deciders say by a button what `/landed` says: who wrote a change that is on the branch, or a bot's pull request."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.pages import claim as claim_pages
from bountyhub.pages import task as task_pages
from bountyhub.pages.acting import acting_in
from bountyhub.pages.contexts.claim import find
from bountyhub.pages.keeping import redraws
from bountyhub.pages.logins import find_by_login
from bountyhub.pages.typed import posted
from bountyhub.ports import forge
from bountyhub.ports.forge import CommitInfo
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Repository
from bountyhub.projects.rules import is_decider
from bountyhub.tasks.models import Task
from bountyhub.work.errors import CommandRefused, NotADecider
from bountyhub.work.next_step import day
from bountyhub.work.operations import land_on_task, name_person
from bountyhub.work.operations.landed import Landed

blueprint = Blueprint("landing", __name__)


class CommitWrong(CommandRefused):
    """What was typed is no commit that pays."""

    field = "commit"


#: A commit by its hash, or by its address.
_COMMIT = re.compile(r"(?:https?://\S+/commit/)?([0-9A-Fa-f]{7,40})/?", re.ASCII)


@blueprint.post("/tasks/<int:task_id>/landed")
@limits.asks_forge
@redraws(task_pages.show_pulls)
def landed(task_id: int) -> Response:
    """The change is on the branch without a merged pull request: its author is paid after the window."""
    require_person()
    with reading() as session:
        task = session.get(Task, task_id)
        if task is None:
            raise NotFound("There is no such task.")
        repository = projects.repository(session, task.repository_id)
        branches = projects.paying_branches(session, repository)
    acting = acting_in(repository.id)
    if not is_decider(acting.permission):
        raise NotADecider()
    author = find_by_login(repository.forge_id, posted("author"))
    commit = _commit(repository, posted("commit"), branches)
    with transaction() as session:
        claim = land_on_task(session, acting.actor, acting.permission, task_id, Landed(author, commit))
        until = f" Objections are possible until {day(claim.until)}." if claim.until else ""
    flash(f"Noted for @{author.login}.{until}", "success")
    return redirect(f"/tasks/{task_id}?tab=pulls", 303)


@blueprint.post("/claims/<int:claim_id>/name")
@limits.asks_forge
@redraws(claim_pages.show)
def name(claim_id: int) -> Response:
    """A bot's pull request belongs to somebody."""
    require_person()
    with reading() as session:
        repository = projects.repository(session, find(session, claim_id).repository_id)
    acting = acting_in(repository.id)
    if not is_decider(acting.permission):
        raise NotADecider()
    author = find_by_login(repository.forge_id, posted("author"))
    with transaction() as session:
        name_person(session, acting.actor, acting.permission, claim_id, Landed(author))
    flash(f"It is @{author.login}’s now.", "success")
    return redirect(f"/claims/{claim_id}", 303)


def _commit(repository: Repository, typed: str, branches: list[str]) -> CommitInfo | None:
    """The commit, if one was typed; raises CommitWrong where it is on no branch that pays, OutsideError."""
    if not typed.strip():
        return None
    match = _COMMIT.fullmatch(typed.strip())
    if match is None:
        raise CommitWrong("That is not a commit.", advice="Write its hash, as 1234abc, or its address.")
    commit = forge().landed_commit(repository.forge_id, match[1].lower(), branches)
    if commit is None:
        where = ", ".join(f"“{branch}”" for branch in branches)
        raise CommitWrong(f"{match[1]} is not on {where}.", advice="Only what is there is paid.")
    return commit
