"""What a case of the events' table is made of: scenes, happenings, readings of rows. The table is in `table.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from bountyhub.kit.database import reading
from bountyhub.projects.models import Installation, Project, Repository
from bountyhub.tasks.models import Task
from bountyhub.work.models import Claim
from tests.integrations.github.hub import Hub
from tests.integrations.github.official import scene
from tests.integrations.github.official.payloads import Json
from tests.integrations.github.official.scene import HELLO

#: An expected value that only has to differ from the former one.
ANYTHING_ELSE = object()
Step = Callable[[Hub], object]


@dataclass(frozen=True)
class Columns:
    """Named columns of rows, and how their values are read; all None while the row isn't there."""

    names: tuple[str, ...]
    values: Callable[[], tuple[object, ...]]

    def __add__(self, other: Columns) -> Columns:
        return Columns(self.names + other.names, lambda: self.values() + other.values())


@dataclass(frozen=True)
class Case:
    """`before` sets the scene (heard of), `happens` at GitHub unheard; then `payload` is sent.

    Every column that `read` names changes; `expected` says into what, in their order.
    """

    name: str
    payload: Callable[[], Json]
    before: Step
    happens: Step
    read: Columns
    expected: tuple[object, ...]
    note: str = ""

    @property
    def row(self) -> str:
        """What is read before and after, for the table."""
        return ", ".join(self.read.names) + (f" ({self.note})" if self.note else "")

    @property
    def event(self) -> str:
        return self.name.partition(".")[0]


def task(hub: Hub) -> None:
    scene.install(hub)
    scene.open_task(hub)


def claimed(hub: Hub) -> None:
    task(hub)
    scene.open_pull(hub)
    hub.deliver()


def claimed_draft(hub: Hub) -> None:
    task(hub)
    scene.open_pull(hub, draft=True)
    hub.deliver()


def then(first: Step, action: str, **given: Any) -> Step:
    """A scene after which something more happened and was heard of."""

    def step(hub: Hub) -> None:
        first(hub)
        hub.github.do(action, **{"repo": HELLO} | given)
        hub.deliver()

    return step


def do(action: str, **given: Any) -> Step:
    return lambda hub: hub.github.do(action, **{"repo": HELLO} | given)


def of_task(*names: str) -> Columns:
    """Values of the only task."""
    return _columns("task", names, select(Task))


def of_claim(*names: str) -> Columns:
    """Values of the only claim."""
    return _columns("claim", names, select(Claim))


def of_repository(id: int, *names: str) -> Columns:
    """Values of the repository with this id at GitHub."""
    return _columns("repository", names, select(Repository).where(Repository.forge_id == id))


def of_project(repository: int, *names: str) -> Columns:
    """Values of the project of a repository."""
    joined = select(Project).join(Repository, Repository.project_id == Project.id)
    return _columns("project", names, joined.where(Repository.forge_id == repository))


def of_installation(id: int, *names: str) -> Columns:
    """Values of an installation."""
    return _columns("installation", names, select(Installation).where(Installation.forge_id == id))


def _columns(table: str, names: tuple[str, ...], query: Select[Any]) -> Columns:
    def values() -> tuple[object, ...]:
        with reading() as session:
            row = session.scalars(query).one_or_none()
            return tuple(None if row is None else _plain(getattr(row, name)) for name in names)

    return Columns(tuple(f"{table}.{name}" for name in names), values)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool) else str(value)
