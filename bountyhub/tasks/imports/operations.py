"""Verbs of imports: begun by a maintainer, filled from the forge's list, taken issue by issue, stopped or done.

The row of the import is locked before the task that it makes, so its runs and its stop take turns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.kit import clock
from bountyhub.kit.database import find_or_make
from bountyhub.kit.errors import DomainError, NotFound
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.ports.forge import IssueInfo
from bountyhub.projects.errors import ProjectPaused
from bountyhub.projects.models import Repository
from bountyhub.tasks.imports.errors import ImportRuns, NothingChosen, TooManyLabels
from bountyhub.tasks.imports.models import (
    UNDER_WAY,
    Chosen,
    FollowedLabel,
    ImportItem,
    ImportState,
    IssueImport,
    ItemState,
)
from bountyhub.tasks.imports.rules import GONE, MOST, MOST_FOLLOWED, MOST_TICKED, why_left_out
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import create_task
from bountyhub.tasks.queries import task_of_issue

#: Between two slices.
PAUSE = timedelta(seconds=5)
OVER_BY_HAND = "A maintainer stopped it."
PAUSED = "The project is paused."


@dataclass(frozen=True)
class Choice:
    """Which issues: `name` of a label or milestone, `milestone` its number, `numbers` of ticked issues."""

    chosen: Chosen
    name: str = ""
    milestone: int = 0
    numbers: tuple[int, ...] = ()


def begin_import(session: Session, repository: Repository, choice: Choice, actor: Actor, nonce: str) -> IssueImport:
    """The import of these issues, begun if it wasn't: a second press, or a second maintainer, gets the one there is.

    Raises NothingChosen, and ImportRuns while one of other issues is under way.
    """
    found = session.scalars(select(IssueImport).where(IssueImport.nonce == nonce)).first()
    if found is not None and found.repository_id == repository.id:
        return found
    if choice.chosen is Chosen.TICKED and not choice.numbers:
        raise NothingChosen()
    if len(choice.numbers) > MOST_TICKED:
        raise NothingChosen(f"At most {MOST_TICKED} issues can be ticked at once.")
    running = select(IssueImport).where(IssueImport.repository_id == repository.id, IssueImport.state.in_(UNDER_WAY))
    row = find_or_make(
        session, lambda: session.scalars(running).first(), lambda: _new(session, repository, choice, actor, nonce)
    )
    if row.nonce != nonce and not _is_same(session, row, choice):
        raise ImportRuns()
    return row


def _new(session: Session, repository: Repository, choice: Choice, actor: Actor, nonce: str) -> IssueImport:
    ticked = choice.chosen is Chosen.TICKED
    row = IssueImport(
        nonce=nonce[:40], project_id=repository.project_id, repository_id=repository.id, chosen=choice.chosen,
        name=choice.name[:300], milestone=choice.milestone, person_id=actor.person_id, created_at=clock.now(),
        state=ImportState.RUNNING if ticked else ImportState.LISTING,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for number in choice.numbers:
        session.add(ImportItem(import_id=row.id, number=number, state=ItemState.WAITING))
    audit.record(session, actor.name, "import_begun", "import", row.id, chosen=choice.chosen, name=row.name)
    ask_to_go_on(session, row.id)
    return row


def _is_same(session: Session, row: IssueImport, choice: Choice) -> bool:
    if (row.chosen, row.name, row.milestone) != (choice.chosen, choice.name[:300], choice.milestone):
        return False
    numbers = set(session.scalars(select(ImportItem.number).where(ImportItem.import_id == row.id)))
    return choice.chosen is not Chosen.TICKED or numbers == set(choice.numbers)


def ask_to_go_on(session: Session, import_id: int, *, pause: bool = False) -> None:
    """Ask for the next slice; after a pause, so that others are asked for at the forge meanwhile."""
    at = clock.real_now() + PAUSE if pause else None
    outbox.add(session, "tasks.import_issues", key=key_of(import_id), run_at=at, number=import_id)


def key_of(import_id: int) -> str:
    """What the jobs of one import are called."""
    return f"import:{import_id}"


def lock_import(session: Session, import_id: int) -> IssueImport:
    """The import, locked before any of its tasks. Raises NotFound."""
    row = session.get(IssueImport, import_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("There is no such import.")
    return row


def record_list(session: Session, import_id: int, found: Iterable[IssueInfo], *, more: bool) -> None:
    """The forge's list was read: what is taken waits, what is a task already or left out is written down."""
    row = lock_import(session, import_id)
    if row.state is not ImportState.LISTING:
        return
    items = {item.number: item for item in found}
    known = _tasks_of(session, row.repository_id, items)
    taken = 0
    for number in sorted(items, reverse=True):
        item = items[number]
        why = why_left_out(is_pull_request=item.is_pull_request, is_open=item.is_open, locked=item.locked)
        new = ImportItem(import_id=row.id, number=number, state=ItemState.WAITING, task_id=known.get(number))
        if why:
            new.state, new.why = ItemState.LEFT_OUT, why
        elif number in known:
            new.state = ItemState.KNOWN
        elif taken == MOST:
            more = True
            continue
        else:
            taken += 1
        session.add(new)
    row.state, row.more = ImportState.RUNNING, more


def _tasks_of(session: Session, repository_id: int, numbers: Iterable[int]) -> dict[int, int]:
    """Living tasks that need nothing more: a wanted one is opened by an import."""
    lives = (TaskState.OPEN, TaskState.RESERVED, TaskState.MERGED)
    query = select(Task.issue_number, Task.id).where(Task.repository_id == repository_id, Task.state.in_(lives))
    wanted = set(numbers)
    return {number: id for number, id in session.execute(query) if number in wanted}


def take_issue(
    session: Session, import_id: int, item_id: int, repository: Repository, issue: IssueInfo | None, actor: Actor
) -> bool:  # fmt: skip
    """What the forge says of one issue now decides about it; False once the import doesn't run any more."""
    row = lock_import(session, import_id)
    if row.state is not ImportState.RUNNING:
        return False
    item = session.get_one(ImportItem, item_id, populate_existing=True)
    if item.state is not ItemState.WAITING:  # by a run that was taken for dead
        return True
    why = GONE if issue is None else _why(issue, repository)
    if why or issue is None:
        item.state, item.why = ItemState.LEFT_OUT, why
        return True
    there = task_of_issue(session, repository.id, issue.number)
    is_known = there is not None and there.state in (TaskState.OPEN, TaskState.RESERVED, TaskState.MERGED)
    try:
        with session.begin_nested():  # what is refused leaves nothing behind
            task = create_task(session, repository, issue, actor, opened=True, quiet=True)
    except ProjectPaused:
        stop_import(session, import_id, CLOCK, PAUSED)
        return False
    except DomainError as refusal:
        item.state, item.why = ItemState.LEFT_OUT, refusal.message[:200]
        return True
    item.state, item.task_id = ItemState.KNOWN if is_known else ItemState.MADE, task.id
    return True


def _why(issue: IssueInfo, repository: Repository) -> str:
    moved = issue.repository != repository.forge_id
    return why_left_out(
        is_pull_request=issue.is_pull_request, is_open=issue.is_open, locked=issue.locked, moved=moved
    )  # fmt: skip


def go_on_or_finish(session: Session, import_id: int) -> None:
    """After a slice: the next one is asked for, or nothing waits any more and it is done."""
    row = lock_import(session, import_id)
    if row.state is not ImportState.RUNNING:
        return
    waiting = select(func.count()).where(ImportItem.import_id == row.id, ImportItem.state == ItemState.WAITING)
    if session.scalar(waiting):
        ask_to_go_on(session, row.id, pause=True)
        return
    row.state, row.ended_at = ImportState.DONE, clock.now()
    audit.record(session, CLOCK.name, "import_done", "import", row.id)


def stop_import(session: Session, import_id: int, actor: Actor, why: str = OVER_BY_HAND) -> bool:
    """What it made stays, what waits is left alone; False when it was over already."""
    row = lock_import(session, import_id)
    if row.state not in UNDER_WAY:
        return False
    row.state, row.ended_at, row.ended_why = ImportState.STOPPED, clock.now(), why[:200]
    audit.record(session, actor.name, "import_stopped", "import", row.id, why=why)
    return True


def follow_label(session: Session, repository: Repository, label_forge_id: int, name: str, actor: Actor) -> bool:
    """New issues with this label become tasks from now on; False when they did already. Raises TooManyLabels."""
    session.get_one(Repository, repository.id, with_for_update={"key_share": True})
    query = select(FollowedLabel).where(FollowedLabel.repository_id == repository.id)
    followed = list(session.scalars(query))
    if any(row.label_forge_id == label_forge_id for row in followed):
        return False
    if len(followed) >= MOST_FOLLOWED:
        raise TooManyLabels(f"At most {MOST_FOLLOWED} labels can be followed.", advice="Stop following another first.")
    session.add(
        FollowedLabel(
            repository_id=repository.id, label_forge_id=label_forge_id, name=name[:300], created_at=clock.now()
        )
    )  # fmt: skip
    audit.record(session, actor.name, "label_followed", "repository", repository.id, label=name)
    return True


def unfollow_label(session: Session, repository: Repository, label_forge_id: int, actor: Actor) -> bool:
    """Not any more; the tasks that it made stay. False when it wasn't followed."""
    query = delete(FollowedLabel).where(FollowedLabel.repository_id == repository.id)
    gone = session.execute(query.where(FollowedLabel.label_forge_id == label_forge_id).returning(FollowedLabel.name))
    names = list(gone.scalars())
    for name in names:
        audit.record(session, actor.name, "label_unfollowed", "repository", repository.id, label=name)
    return bool(names)


def forget_imports(session: Session, person_id: int) -> None:
    """Who began imports is forgotten; what they made stays, and what still ran stops."""
    running = select(IssueImport.id).where(IssueImport.person_id == person_id, IssueImport.state.in_(UNDER_WAY))
    for import_id in list(session.scalars(running)):
        stop_import(session, import_id, CLOCK, "Whoever began it left.")
    session.execute(update(IssueImport).where(IssueImport.person_id == person_id).values(person_id=None))
