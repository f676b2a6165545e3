"""What a case of the events' table is made of: scenes, happenings, readings of rows. The table is in `table.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bountyhub.kit.database import reading
from bountyhub.projects.models import Installation, Repository
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
class Case:
    """`before` sets the scene (heard of), `happens` at GitHub unheard; then `payload` is sent. `read` tells the row."""

    name: str
    row: str
    payload: Callable[[], Json]
    before: Step
    happens: Step
    read: Callable[[], object]
    expected: object

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


def of_task(*names: str) -> Callable[[], object]:
    """Values of the only task."""
    return lambda: _only(Task, names)


def of_claim(*names: str) -> Callable[[], object]:
    """Values of the only claim, None without one."""
    return lambda: _only(Claim, names)


def of_repository(id: int, *names: str) -> Callable[[], object]:
    def read() -> object:
        with reading() as session:
            row = session.scalars(select(Repository).where(Repository.forge_id == id)).first()
            return None if row is None else _values(row, names)

    return read


def covered(id: int) -> Callable[[], object]:
    """Whether the App is on a repository we know."""

    def read() -> object:
        with reading() as session:
            return session.scalars(
                select(Repository.installation_id.is_not(None)).where(Repository.forge_id == id)
            ).first()

    return read


def removed(id: int) -> Callable[[], object]:
    """Whether an installation counts as removed, None when unknown."""

    def read() -> object:
        with reading() as session:
            return session.scalars(
                select(Installation.removed_at.is_not(None)).where(Installation.forge_id == id)
            ).first()

    return read


def _only(model: Any, names: tuple[str, ...]) -> object:
    with reading() as session:
        row = session.scalars(select(model)).one_or_none()
        return None if row is None else _values(row, names)


def _values(row: object, names: tuple[str, ...]) -> object:
    found = tuple(_plain(getattr(row, name)) for name in names)
    return found[0] if len(found) == 1 else found


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool) else str(value)
