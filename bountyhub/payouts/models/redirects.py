"""Where shares go instead of to who earned them, and who is paid for a project."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.types import UtcDateTime
from bountyhub.payouts.models.payees import Payee
from bountyhub.payouts.models.shares import Share
from bountyhub.people.models import Person
from bountyhub.projects.models import Project


class Redirect(Base):
    """A share that its payee sent on: once, and for good."""

    __tablename__ = "share_redirect"

    share_id: Mapped[int] = mapped_column(ForeignKey(Share.id), primary_key=True, comment="which share")
    payee_id: Mapped[int] = mapped_column(ForeignKey(Payee.id), index=True, comment="to whom it goes")
    name: Mapped[str] = mapped_column(String(200), comment="what they were called then: a project or a charity")
    at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")


class ProjectPayee(Base):
    """Whose payout account takes what is sent on to a project: a decider named their own."""

    __tablename__ = "project_payee"

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id), primary_key=True, comment="which project")
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), comment="whose account")
    named_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="business time")
