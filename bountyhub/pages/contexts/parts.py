"""Small values that several templates share: a button, a dated line, a table row of a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bountyhub.kit.money import Money
from bountyhub.pages.contexts import words
from bountyhub.tasks.models import TaskState
from bountyhub.work.listing import Listed
from bountyhub.work.next_step import NextStep


@dataclass(frozen=True)
class Action:
    """A button that posts. With `confirm` it asks first; with `reason` it asks for a public reason of that label.

    `typed` is a reason that was refused. With `asks` it is another text that is asked for, one line of that name, and
    `hint` says how to write it.
    """

    url: str
    label: str
    fields: dict[str, str] = field(default_factory=dict)
    danger: bool = False
    confirm: str = ""
    reason: str = ""
    typed: str = ""
    asks: str = "reason"
    hint: str = "Everyone can read it."


@dataclass(frozen=True)
class Dated:
    """Something that happened."""

    at: datetime
    text: str


@dataclass(frozen=True)
class ProjectLink:
    """A project by its name."""

    url: str
    name: str
    licence: str = ""


@dataclass(frozen=True)
class TaskRow:
    """One task of a table."""

    id: int
    url: str
    title: str
    project: str
    project_url: str
    labels: list[str]
    state: TaskState
    state_label: str
    held: Money
    backers: int
    interested: int
    released: Money
    next_step: NextStep
    opened_at: datetime
    promised: Money


def task_row(listed: Listed) -> TaskRow:
    """A table row of a listed task."""
    task = listed.task
    return TaskRow(
        id=task.id, url=f"/tasks/{task.id}", title=task.title, project=listed.project.name,
        project_url=f"/projects/{listed.project.id}", labels=task.labels, state=task.state,
        state_label=words.TASK[task.state], held=listed.held, backers=listed.backers, interested=listed.interested,
        released=listed.released, next_step=listed.next_step, opened_at=task.created_at,
        promised=listed.promised,
    )  # fmt: skip
