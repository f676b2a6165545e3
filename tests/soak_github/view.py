"""What a drawer of steps sees: GitHub as it stands, what the site knows, and what the round has touched already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from sqlalchemy import select

from bountyhub.bot import lookups
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.kit.database import reading
from bountyhub.projects.models import Repository
from bountyhub.sandbox.github.world import BOT_LOGIN
from bountyhub.tasks.models import Task
from bountyhub.work.models import Claim
from tests.soak_github.instance import Instance
from tests.soak_github.model import Touch

Doc = dict[str, Any]
T = TypeVar("T")
#: Who takes part, by the login that they begin with.
CAST = ("ana", "bo", "cleo", "dara", "eve")
HOME = ("ana/inkwell", "ana/pinsel", "eve/almanac")
_NUMBER = re.compile(r"#(\d+)")


@dataclass
class View:
    """The perfect play between two steps; ids of people and repositories are those that it began with."""

    instance: Instance
    rng: Random
    people: dict[str, int]
    repos: list[int]
    count: int = 0
    #: (repository, number) of each task, in the order in which they were made.
    tasks: list[tuple[int, int]] = field(default_factory=list)
    #: Issues and pull requests that were closed, and those that existed, when the round began.
    was_closed: set[str] = field(default_factory=set)
    was_there: set[str] = field(default_factory=set)

    def begin_round(self) -> None:
        """Remember how it stood."""
        self.was_closed, self.was_there = set(), set()
        with self.instance.world() as world:
            for doc in world.tx.all("gh_issue"):
                self.was_there.add(place(doc))
                if doc["state"] != "open":
                    self.was_closed.add(place(doc))

    # ------------------------------------------------------------ GitHub

    def who(self, *names: str) -> Doc:
        """One of these (by the login they began with), as they are called now; {} when deleted."""
        with self.instance.world() as world:
            found = world.person(self.people[self.rng.choice(names or CAST)])
        return {} if found.get("deleted") else {"id": found["id"], "login": found["login"]}

    def repo(self) -> Doc | None:
        """One that still exists."""
        with self.instance.world() as world:
            return self.choice([doc for id in self.repos if (doc := world.find_repo(id)) is not None])

    def owner(self, repo: Doc) -> str:
        with self.instance.world() as world:
            return str(world.person(repo["owner"])["login"])

    def items(self, repo: Doc, *, pulls: bool, state: str = "all") -> list[Doc]:
        """Issues or pull requests of a repository."""
        with self.instance.world() as world:
            return list(world.issues(repo, state, ("pull",) if pulls else ("issue",)))

    def item(self, *, pulls: bool, state: str = "all") -> tuple[Doc, Doc] | None:
        """A repository and one of its issues (those with tasks by preference) or pull requests."""
        repo = self.repo()
        found = self.items(repo, pulls=pulls, state=state) if repo else []
        if repo is None or not found:
            return None
        ours = [doc for doc in found if (repo["id"], doc["number"]) in self.tasks]
        return repo, self.rng.choice(ours if ours and self.rng.random() < 0.8 else found)

    def commits(self, pull: Doc) -> list[Doc]:
        with self.instance.world() as world:
            return [doc for sha in pull["pull"]["commits"] if (doc := world.tx.get("gh_commit", sha)) is not None]

    def comments(self, *, own: bool) -> list[Doc]:
        """Comments of the bot, or of everybody else."""
        with self.instance.world() as world:
            bot = world.named(BOT_LOGIN)["id"]
            return [doc for doc in world.tx.all("gh_comment") if (doc["author"] == bot) is own]

    # ------------------------------------------------------------ the site

    def claims(self, *states: str) -> list[tuple[int, int, int]]:
        """(repository, pull request, issue) of claims in these states."""
        query = select(Repository.forge_id, Claim.pull_number, Task.issue_number).join(
            Claim, Claim.repository_id == Repository.id
        )
        query = query.join(Task, Task.id == Claim.task_id).where(Claim.state.in_(states)).order_by(Claim.id)
        with reading() as session:
            return [(row[0], row[1], row[2]) for row in session.execute(query)]

    def held(self) -> list[int]:
        """Places of contributions that hold something."""
        with reading() as session:
            states = list(session.scalars(select(Contribution.state).order_by(Contribution.id)))
        return [at for at, state in enumerate(states) if state is ContributionState.HELD]

    def is_watched(self, repo: Doc) -> bool:
        """Whether reconciliation looks at this repository."""
        with reading() as session:
            return repo["id"] in lookups.watched_repositories(session)

    # ------------------------------------------------------------ chance

    def choice(self, found: Sequence[T]) -> T | None:
        return self.rng.choice(found) if found else None

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def words(self) -> str:
        """A text that was never written before."""
        self.count += 1
        return f"no. {self.count}"

    # ------------------------------------------------------------ what a step touches

    def refs(self, repo: Doc, pull: Doc, *more: str) -> list[int]:
        """Numbers of all issues and pull requests that a pull request may be about."""
        texts = [pull["title"], pull["body"] or "", *(one["message"] for one in self.commits(pull)), *more]
        said = {int(number) for text in texts for number in _NUMBER.findall(text)}
        stands = {
            issue for home, number, issue in self.claims(*ALL) if (home, number) == (repo["id"], pull["number"])
        }  # fmt: skip
        return sorted(said | stands)

    def about(self, repo: Doc, number: int, *more: str) -> frozenset[str]:
        """Keys of an item and of everything it lies in."""
        keys = [f"item:{repo['id']}:{number}", f"repo:{repo['id']}", f"account:{repo['owner']}"]
        return frozenset([*keys, *more])

    def linking(self, repo: Doc, pull: Doc, refs: Iterable[int]) -> Touch:
        """A step that may change what a pull request stands for."""
        issues = {f"links:{repo['id']}:{number}" for number in refs}
        return Touch(self.about(repo, pull["number"]) | issues, frozenset([f"stands:{repo['id']}:{pull['number']}"]))


ALL = (
    "linked", "unlinked", "closed", "superseded", "late", "choice", "window", "blocked", "warranty", "released",
    "refused", "undone",
)  # fmt: skip


def place(doc: Doc) -> str:
    """An item's own name."""
    return f"{doc['repo']}:{doc['number']}"
