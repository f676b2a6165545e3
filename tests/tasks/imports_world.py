"""Imports in the small world: the play forge shows issues, Ana begins, the jobs run by hand. For tests of imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects.models import Repository
from bountyhub.tasks.imports.models import Chosen, ImportItem, IssueImport
from bountyhub.tasks.imports.operations import Choice, begin_import
from tests.builders.outside import Outside
from tests.builders.world import ANA, World, issue

LABEL = Choice(Chosen.LABEL, name="enhancement")


@dataclass
class Importing:
    """The world, what is outside, and the steps of an import."""

    world: World
    outside: Outside

    @classmethod
    def begin(cls, world: World, numbers: range) -> Importing:
        """Task 12 is there; the forge shows these issues."""
        outside = Outside().use()
        made = cls(world, outside)
        outside.forge.permissions = made.world.permissions
        outside.forge.issues = {number: issue(number) for number in numbers}
        return made

    def repository(self) -> Repository:
        with reading() as session:
            return session.get_one(Repository, self.world.repository_id)

    def start(self, choice: Choice = LABEL, nonce: str = "n1", by: ForgePerson = ANA) -> int:
        with transaction() as session:
            row = session.get_one(Repository, self.world.repository_id)
            return begin_import(session, row, choice, self.world.actor(by), nonce).id

    def slice(self) -> None:
        """The next slice, as if its pause were over."""
        [row] = self.world.rows_of_jobs("tasks.import_issues")
        with transaction() as session:  # as a runner claims it
            claimed = session.get_one(OutboxJob, row.id)
            claimed.leased_until, claimed.attempts = clock.real_now() + timedelta(minutes=1), row.attempts + 1
        outbox.run(Run(row.id, row.attempts + 1))

    def finish(self) -> None:
        """All slices."""
        while self.world.rows_of_jobs("tasks.import_issues"):
            self.slice()

    def row(self) -> IssueImport:
        found: IssueImport = self.world.rows(IssueImport)[-1]
        return found

    def became(self) -> dict[int, str]:
        """State of each issue of all imports, by number."""
        return {item.number: str(item.state) for item in self.world.rows(ImportItem)}

    def why(self) -> dict[int, str]:
        return {item.number: item.why for item in self.world.rows(ImportItem) if item.why}
