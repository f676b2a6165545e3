"""Issues of a repository for its maintainers to choose from: the list, narrowed or not, and what is followed there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.pages.contexts.imports import choosing_page
from bountyhub.pages.keeping import redraws
from bountyhub.pages.maintaining import installed, maintaining
from bountyhub.pages.typed import asked, asked_number, posted, posted_number
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import IssueInfo
from bountyhub.ports.forge_lists import LabelInfo, MilestoneInfo, Narrowed
from bountyhub.projects.models import Repository
from bountyhub.tasks.imports.jobs import list_items
from bountyhub.tasks.imports.operations import follow_label, unfollow_label

blueprint = Blueprint("choosing", __name__)
ISSUES_A_PAGE = 30
LAST_PAGE = 30


@dataclass(frozen=True)
class Listed:
    """What the forge lists: this page's issues, everything that was found where the list is narrowed, and the menus."""

    issues: list[IssueInfo]
    found: list[IssueInfo] | None
    more: bool
    labels: list[LabelInfo]
    milestones: list[MilestoneInfo]


@blueprint.get("/projects/<int:project_id>/issues")
@limits.asks_forge
def issues(project_id: int) -> str:
    """The open issues of one of its repositories: narrowed, counted, each with a button that makes it a task."""
    require_person()
    page = max(asked_number("page", 1, LAST_PAGE), 1)
    narrowed = Narrowed(asked("label")[:300], asked_number("milestone", 0))
    with reading() as session:
        project, repository = installed(session, project_id, asked_number("repository", 0))
    maintaining(repository.id)
    listed = _listed(repository, narrowed, page)
    with reading() as session:
        chosen = choosing_page(session, project, repository, narrowed, listed.found, listed.labels, listed.milestones)
        rows = chosen.rows(session, listed.issues)
    return render_template(
        "projects/import.html", page=chosen, issues=rows, next_url=_next(chosen.address, page) if listed.more else None
    )


def _next(address: str, page: int) -> str:
    return f"{address}&page={page + 1}"


def _listed(repository: Repository, narrowed: Narrowed, page: int) -> Listed:
    id, first = repository.forge_id, (page - 1) * ISSUES_A_PAGE
    try:
        labels, milestones = forge().labels(id), forge().milestones(id)
        if narrowed == Narrowed():
            found = forge().open_issues(id, page)
            more = len(found) == ISSUES_A_PAGE and page < LAST_PAGE
            return Listed(found, None, more, labels, milestones)
        everything, _ = list_items(id, narrowed)
    except OutsideGone:
        advice = "Was it deleted or made private?"
        raise NotFound(f"{forge().site.name} doesn’t show that repository any more.", advice=advice) from None
    issues = [item for item in everything if not item.is_pull_request]
    more = len(issues) > first + ISSUES_A_PAGE
    return Listed(issues[first : first + ISSUES_A_PAGE], everything, more, labels, milestones)


@blueprint.post("/projects/<int:project_id>/labels")
@limits.asks_forge
@redraws(issues)
def follow(project_id: int) -> Response:
    """A maintainer lets new issues with a label become tasks by themselves, or not any more."""
    require_person()
    label = posted_number("label")
    with reading() as session:
        _, repository = installed(session, project_id, posted_number("repository"))
    acting, on = maintaining(repository.id), posted("on") == "1"
    names = {one.id: one.name for one in forge().labels(repository.forge_id)} if on else {}
    if on and label not in names:
        raise NotFound("The repository has no such label.", advice="Choose one from the list.")
    with transaction() as session:
        if on:
            follow_label(session, repository, label, names[label], acting.actor)
        else:
            unfollow_label(session, repository, label, acting.actor)
    flash(f"New issues labelled “{names[label]}” become tasks from now on." if on else "Not followed any more.",
          "success")  # fmt: skip
    return redirect(f"/projects/{project_id}/issues?{urlencode({'repository': repository.id})}#followed", 303)
