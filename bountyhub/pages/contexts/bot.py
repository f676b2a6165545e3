"""What the bot did in a project's repositories, for its maintainers; and where its comment was deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.projects import queries as projects
from bountyhub.projects.models import BotAction, BotVerb, Repository
from bountyhub.tasks.models import OVER, Task
from bountyhub.work.models import LabelState, Removed, StatusComment

PAGE = 100
#: So many deleted comments are named on a project's page.
MOST_REMOVED = 20
WORDS = {
    BotVerb.COMMENT: "Wrote its status comment",
    BotVerb.EDIT: "Edited its status comment",
    BotVerb.REPLY: "Replied to a command",
    BotVerb.REACTION: "Reacted to a command",
    BotVerb.CHECK_RUN: "Wrote its check run",
    BotVerb.LABEL: "Put its label on",
    BotVerb.UNLABEL: "Took its label off",
}


@dataclass(frozen=True)
class ActionRow:
    """One thing the bot did; `place` is a repository with a number."""

    at: datetime
    what: str
    why: str
    place: str
    url: str


@dataclass(frozen=True)
class BotPage:
    """The newest actions (of one issue or pull request, where asked), and the project's switches."""

    name: str
    url: str
    rows: list[ActionRow]
    next_url: str | None
    issue: int
    label_funded: bool
    languages: str
    settings_url: str
    #: What the policy file says instead, where it does.
    policy_languages: str


def bot_page(session: Session, project_id: int, issue: int, after: int = 0) -> BotPage:
    """The page; `issue` 0 shows all, `after` is the last action seen, 0 for the first page. Raises NotFound."""
    project, url = projects.project(session, project_id), f"/projects/{project_id}"
    query = select(BotAction, Repository).join(Repository, Repository.id == BotAction.repository_id)
    query = query.where(Repository.project_id == project.id).order_by(BotAction.id.desc()).limit(PAGE + 1)
    if issue:
        query = query.where(BotAction.number == issue)
    if after:
        query = query.where(BotAction.id < after)
    found = session.execute(query).all()
    rows = [_row(action, repository) for action, repository in found[:PAGE]]
    older = f"{url}/bot?{f'issue={issue}&' if issue else ''}after={found[PAGE - 1][0].id}" if found[PAGE:] else None
    return BotPage(project.name, url, rows, older, issue, project.label_funded, project.languages, f"{url}/bot",
                   _policy_languages(session, project_id))  # fmt: skip


def _policy_languages(session: Session, project_id: int) -> str:
    """In every repository of the project, or in none."""
    said = {row.policy_now.languages for row in projects.repositories_of(session, project_id)}
    return ",".join(said.pop()) if len(said) == 1 else ""


def _row(action: BotAction, repository: Repository) -> ActionRow:
    place = f"{repository.full_name}#{action.number}"
    url = f"{repository.url}/issues/{action.number}"
    if action.forge_id is not None and action.what is not BotVerb.CHECK_RUN:
        url += f"#issuecomment-{action.forge_id}"
    return ActionRow(action.at, WORDS[action.what], action.why, place, url)


@dataclass(frozen=True)
class RemovedRow:
    """A live task whose status comment (or label) was taken away at the forge, and where it is brought back."""

    title: str
    number: int
    url: str
    show_url: str


def removed_rows(session: Session, project_id: int) -> list[RemovedRow]:
    """The newest; one query."""
    away = (StatusComment.removed != Removed.NO) | (StatusComment.label == LabelState.TAKEN_OFF)
    here = (StatusComment.repository_id == Task.repository_id) & (StatusComment.issue_number == Task.issue_number)
    query = select(Task).join(StatusComment, here).where(Task.project_id == project_id, Task.state.not_in(OVER), away)
    tasks = session.scalars(query.order_by(Task.id.desc()).limit(MOST_REMOVED))
    return [
        RemovedRow(task.title, task.issue_number, f"/tasks/{task.id}", f"/tasks/{task.id}/show-comment")
        for task in tasks
    ]
