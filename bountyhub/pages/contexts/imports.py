"""Choosing issues for an import, and how far one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock, ids
from bountyhub.kit.errors import NotFound
from bountyhub.pages.contexts.projects import IssueRow, issue_rows
from bountyhub.people import queries as people
from bountyhub.ports.forge import IssueInfo
from bountyhub.ports.forge_lists import LabelInfo, MilestoneInfo, Narrowed
from bountyhub.projects.models import Project, Repository
from bountyhub.tasks.imports.models import (
    UNDER_WAY,
    Chosen,
    FollowedLabel,
    ImportItem,
    ImportState,
    IssueImport,
    ItemState,
)
from bountyhub.tasks.imports.operations import PAUSE, key_of
from bountyhub.tasks.imports.rules import MOST, MOST_PAGES, why_left_out
from bountyhub.tasks.models import OVER, Task

SHOWN = 200
#: The newest imports that the page of issues names.
NEWEST = 5


@dataclass(frozen=True)
class Preview:
    """What an import of the narrowed list would do: `left_out` counts by reason."""

    what: str
    total: int
    new: int
    known: int
    left_out: list[tuple[str, int]]
    at_least: bool
    most: int


@dataclass(frozen=True)
class PastImport:
    """One import in a list."""

    url: str
    what: str
    at: datetime
    by: str
    state: str


@dataclass(frozen=True)
class ChoosingPage:
    """The page; `url` is the project's, `address` this page's own as it is narrowed."""

    name: str
    url: str
    address: str
    repository: Repository
    narrowed: Narrowed
    preview: Preview | None
    labels: list[LabelInfo]
    milestones: list[MilestoneInfo]
    followed: list[FollowedLabel]
    imports: list[PastImport]
    nonce: str

    @property
    def free_labels(self) -> list[LabelInfo]:
        """Those that aren't followed yet."""
        taken = {row.label_forge_id for row in self.followed}
        return [label for label in self.labels if label.id not in taken]

    def rows(self, session: Session, issues: Sequence[IssueInfo]) -> list[IssueRow]:
        """One page of the list; one query."""
        return issue_rows(session, self.repository, issues)


def choosing_page(
    session: Session, project: Project, repository: Repository, narrowed: Narrowed, found: list[IssueInfo] | None,
    labels: list[LabelInfo], milestones: list[MilestoneInfo],
) -> ChoosingPage:  # fmt: skip
    """What stands around the list; `found` is everything that the narrowed list has."""
    url = f"/projects/{project.id}"
    named = {"repository": repository.id, "label": narrowed.label, "milestone": narrowed.milestone or ""}
    query = select(FollowedLabel).where(FollowedLabel.repository_id == repository.id).order_by(FollowedLabel.name)
    titles = {one.number: one.title for one in milestones}
    return ChoosingPage(
        name=project.name, url=url, address=f"{url}/issues?{urlencode({k: v for k, v in named.items() if v})}",
        repository=repository, narrowed=narrowed, labels=labels, milestones=milestones,
        preview=None if found is None else _preview(session, repository, narrowed, titles, found),
        followed=list(session.scalars(query)), imports=past_imports(session, project.id), nonce=ids.new_ref(20),
    )  # fmt: skip


def _preview(
    session: Session, repository: Repository, narrowed: Narrowed, titles: dict[int, str], found: list[IssueInfo]
) -> Preview:  # fmt: skip
    query = select(Task.issue_number).where(Task.repository_id == repository.id, Task.state.not_in(OVER))
    tasks = set(session.scalars(query.where(Task.state != "wanted")))
    reasons = {
        item.number: why_left_out(is_pull_request=item.is_pull_request, is_open=item.is_open, locked=item.locked)
        for item in found
    }
    takes = [number for number, why in reasons.items() if not why]
    known = sum(number in tasks for number in takes)
    left_out = Counter(why for why in reasons.values() if why)
    title = titles.get(narrowed.milestone, str(narrowed.milestone))
    return Preview(
        what=words(Chosen.LABEL, narrowed.label, narrowed.milestone) if narrowed.label
        else words(Chosen.MILESTONE, title), total=len(found),
        new=len(takes) - known, known=known, left_out=sorted(left_out.items()),
        at_least=len(found) >= MOST_PAGES * 100, most=MOST,
    )  # fmt: skip


def words(chosen: Chosen, name: str, milestone: int = 0) -> str:
    """What was chosen; a label may be narrowed by the number of a milestone."""
    if chosen is Chosen.TICKED:
        return "ticked issues"
    if chosen is Chosen.MILESTONE:
        return f"milestone “{name}”"
    return f"label “{name}” in milestone {milestone}" if milestone else f"label “{name}”"


def what(row: IssueImport) -> str:
    """What was chosen for an import."""
    return words(row.chosen, row.name, row.milestone)


STATES = {
    ImportState.LISTING: "begins", ImportState.RUNNING: "under way", ImportState.DONE: "done",
    ImportState.STOPPED: "stopped",
}  # fmt: skip


def past_imports(session: Session, project_id: int, limit: int = NEWEST) -> list[PastImport]:
    """The newest of a project; two queries."""
    query = select(IssueImport).where(IssueImport.project_id == project_id).order_by(IssueImport.id.desc())
    rows = session.scalars(query.limit(limit)).all()
    names = people.names(session, {row.person_id for row in rows if row.person_id})
    return [
        PastImport(f"/projects/{project_id}/imports/{row.id}", what(row), row.created_at,
                   names.get(row.person_id or 0, "somebody who left"), STATES[row.state])
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One issue that was left out, or became a task."""

    number: int
    url: str
    why: str
    task_url: str | None


@dataclass(frozen=True)
class ImportPage:
    """How far an import is; `counts` by state of its issues, `waits_until` where the forge asked us to wait."""

    name: str
    project_url: str
    url: str
    what: str
    repository: str
    by: str
    at: datetime
    ended_at: datetime | None
    state: ImportState
    state_label: str
    running: bool
    ended_why: str
    more: bool
    total: int
    handled: int
    made: int
    known: int
    left_out: int
    waits_until: datetime | None
    refused: list[Line]
    tasks: list[Line]
    shown: int


def import_page(session: Session, project_id: int, import_id: int) -> ImportPage:
    """The page, in eight queries whatever its size; raises NotFound."""
    row = session.get(IssueImport, import_id)
    if row is None or row.project_id != project_id:
        raise NotFound("There is no such import.")
    repository, project = session.get_one(Repository, row.repository_id), session.get_one(Project, project_id)
    query = select(ImportItem.state, func.count()).where(ImportItem.import_id == row.id).group_by(ImportItem.state)
    counts = {row[0]: row[1] for row in session.execute(query)}
    total, waiting = sum(counts.values()), counts.get(ItemState.WAITING, 0)
    return ImportPage(
        name=project.name, project_url=f"/projects/{project.id}", url=f"/projects/{project.id}/imports/{row.id}",
        what=what(row), repository=repository.full_name, at=row.created_at, ended_at=row.ended_at,
        by=_name(session, row),
        state=row.state, state_label=STATES[row.state], running=row.state in UNDER_WAY, ended_why=row.ended_why,
        more=row.more, total=total, handled=total - waiting, made=counts.get(ItemState.MADE, 0),
        known=counts.get(ItemState.KNOWN, 0), left_out=counts.get(ItemState.LEFT_OUT, 0),
        waits_until=_waits_until(session, row),
        refused=_lines(session, row, repository, ItemState.LEFT_OUT),
        tasks=_lines(session, row, repository, ItemState.MADE, ItemState.KNOWN), shown=SHOWN,
    )  # fmt: skip


def _name(session: Session, row: IssueImport) -> str:
    names = people.names(session, {row.person_id} if row.person_id else set())
    return names.get(row.person_id or 0, "Somebody who left")


def _waits_until(session: Session, row: IssueImport) -> datetime | None:
    query = select(OutboxJob.run_at).where(OutboxJob.key == key_of(row.id), OutboxJob.finished_at.is_(None))
    at = session.scalar(query.where(OutboxJob.last_error.is_not(None)).order_by(OutboxJob.id.desc()).limit(1))
    return at if at is not None and at > clock.real_now() + PAUSE else None


def _lines(session: Session, row: IssueImport, repository: Repository, *states: ItemState) -> list[Line]:
    query = select(ImportItem).where(ImportItem.import_id == row.id, ImportItem.state.in_(states))
    found = session.scalars(query.order_by(ImportItem.number.desc()).limit(SHOWN)).all()
    return [
        Line(item.number, f"{repository.url}/issues/{item.number}", item.why,
             f"/tasks/{item.task_id}" if item.task_id else None)
        for item in found
    ]  # fmt: skip
