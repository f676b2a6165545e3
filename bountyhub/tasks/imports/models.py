"""Tables of imports and followed labels. They stay as the record of who imported what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import BigInt, UtcDateTime, words
from bountyhub.people.models import Person
from bountyhub.projects.models import Project, Repository
from bountyhub.tasks.models import Task


class Chosen(StrEnum):
    """How the issues of an import were chosen."""

    LABEL = "label"
    MILESTONE = "milestone"
    TICKED = "ticked"


class ImportState(StrEnum):
    LISTING = "listing"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


#: Neither done nor stopped.
UNDER_WAY = (ImportState.LISTING, ImportState.RUNNING)
_RUNS = text("state IN ('listing', 'running')")


class IssueImport(Base):
    """One import of issues of a repository; one at a time runs there."""

    __tablename__ = "issue_import"
    __table_args__ = (
        Index("uq_issue_import_running", "repository_id", unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    nonce: Mapped[str] = mapped_column(String(40), unique=True, comment="of the form: sent twice it is one import")
    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id), index=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id))
    chosen: Mapped[Chosen] = mapped_column(words(Chosen), comment="how its issues were chosen")
    name: Mapped[str] = mapped_column(String(300), comment="of the label or milestone, as it was then")
    milestone: Mapped[int] = mapped_column(BigInt, comment="number of the milestone, else 0")
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), comment="who began it; none once forgotten")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ImportState] = mapped_column(words(ImportState))
    more: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="more was open there than one import takes"
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str] = mapped_column(String(200), default="", comment="why it was stopped; names nobody")


class ItemState(StrEnum):
    WAITING = "waiting"
    MADE = "made"
    KNOWN = "known"
    LEFT_OUT = "left_out"


class ImportItem(Base):
    """One issue of an import and what became of it."""

    __tablename__ = "import_item"
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey(IssueImport.id))
    number: Mapped[int] = mapped_column(BigInt, comment="of the issue")
    state: Mapped[ItemState] = mapped_column(words(ItemState))
    task_id: Mapped[int | None] = mapped_column(ForeignKey(Task.id), comment="made by it, or there already")
    why: Mapped[str] = mapped_column(String(200), default="", comment="why it was left out")


class FollowedLabel(Base):
    """A label whose new issues become tasks by themselves."""

    __tablename__ = "followed_label"
    __table_args__ = (UniqueConstraint("repository_id", "label_forge_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    repository_id: Mapped[int] = mapped_column(ForeignKey(Repository.id))
    label_forge_id: Mapped[int] = mapped_column(BigInt, comment="stays when the label is renamed")
    name: Mapped[str] = mapped_column(String(300), comment="what it was called when last heard of")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
