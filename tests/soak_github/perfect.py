"""The perfect play, in which the history is drawn: each delivery arrives at once and is worked off before the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from tests.soak_github import (  # noqa: F401  (each fills the table of kinds)
    app_steps,
    issue_steps,
    place_steps,
    pull_steps,
    talk_steps,
)
from tests.soak_github.instance import PATIENCE, DoesNotRest, Instance
from tests.soak_github.kinds import KINDS, Drawn, name_of
from tests.soak_github.model import Book, History, Round, Step
from tests.soak_github.own_steps import OWN
from tests.soak_github.perform import perform, settle, time_passed
from tests.soak_github.plans import Plan
from tests.soak_github.state import State, state
from tests.soak_github.view import CAST, HOME, View

APART = timedelta(seconds=20)
#: Rounds of a history, and the hours that pass between two of them.
ROUNDS = (3, 4)
HOURS = (1, 1, 1, 24, 24, 72, 72, 96, 192, 360)
#: In the end everything that waits for a day comes to its day.
LAST_DAYS = (8, 30)
OURS, THEIRS = (0, 2), (5, 9)
#: So often a planned step is drawn anew while there is nothing to do it to.
TRIES = 30


@dataclass
class Played:
    """A history with what came of each step, and how it stood after each round."""

    history: History
    outcomes: dict[int, str] = field(default_factory=dict)
    states: list[State] = field(default_factory=list)
    drawn: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)


class Drawing:
    """One history in the making."""

    def __init__(self, instance: Instance, seed: str, plan: Plan) -> None:
        self.instance, self.rng, self.plan = instance, Random(seed), plan
        self.played = Played(History(seed, plan.weather))
        with instance.world() as world:
            people = {login: world.named(login)["id"] for login in CAST}
            repos = [found["id"] for name in HOME if (found := world.repo_by_name(name)) is not None]
        self.view = View(instance, self.rng, people, repos)
        self.round = Round(instance.moment.now)
        self.count = 0

    def draw(self) -> Played:
        """A whole history."""
        self._begin()
        for names in self.plan.rounds:
            self._next(timedelta(hours=HOURS[0]))
            self._play_planned(names)
            self._rest()
        for _ in range(0 if self.plan.rounds else self.rng.randint(*ROUNDS)):
            self._next(timedelta(hours=self.rng.choice(HOURS)))
            self._play_ours()
            self._play_theirs()
            self._rest()
        for days in LAST_DAYS:
            self._next(timedelta(days=days))
            self._rest()
        return self.played

    def _begin(self) -> None:
        """The App comes to both accounts; some issues become tasks, with money."""
        self._own("top_up", {"amount": 500_000})
        for name in ("ana", "eve"):
            self._theirs("install", "install", {"account": name})
        self._rest()
        self._next(timedelta(hours=1))
        self._own("label_funded", {"repo": self.view.repos[0]})
        for drawer in (next(iter(OWN)),) * 4:
            self._draw_own(drawer)
        for drawer in list(OWN)[1:2] * 4:
            self._draw_own(drawer)
        self._rest()

    def _next(self, pause: timedelta) -> None:
        """Time passes; a day's sweeps see it before anybody acts."""
        begins = max(self.instance.moment.now, self.round.begins) + pause
        self.round = Round(begins)
        self.played.history.rounds.append(self.round)
        self.instance.moment.reach(begins)
        time_passed(self.instance)
        self.view.begin_round()

    def _rest(self) -> None:
        if not self.played.history.rounds:
            self.played.history.rounds.append(self.round)
        settle(self.instance)
        self._deliver()
        self.played.states.append(state(self.instance))

    def _at(self) -> Any:
        self.count += 1
        return self.round.begins + APART * (len(self.round.ours) + len(self.round.theirs) + 1)

    # ------------------------------------------------------------ the site

    def _play_ours(self) -> None:
        for _ in range(self.rng.randint(*OURS)):
            self._draw_own(self.rng.choices(list(OWN), list(OWN.values()))[0])

    def _draw_own(self, drawer: Any) -> None:
        found = drawer(self.view)
        self.played.drawn[drawer.__name__] += 1
        if found is not None:
            self._own(*found)

    def _own(self, action: str, given: dict[str, Any]) -> None:
        step = Step(action, action, given, self._at())
        self.round.ours.append(step)
        outcome = self._do(step)
        if action == "make_task" and outcome == "done":
            self.view.tasks.append((given["repo"], given["number"]))

    # ------------------------------------------------------------ GitHub

    def _play_theirs(self) -> None:
        book, wanted = Book(), self.rng.randint(*THEIRS)
        for _ in range(wanted * 8):
            if len(self.round.theirs) >= wanted:
                break
            drawer = self.rng.choices(list(KINDS), list(KINDS.values()))[0]
            found = drawer(self.view)
            self.played.drawn[name_of(drawer)] += 1
            if found is not None and book.allows(found.touch):
                book.note(found.touch)
                self._drawn(name_of(drawer), found)

    def _play_planned(self, names: Sequence[str]) -> None:
        """Each of these if there is something to do it to, whatever else the round touches: its author knows."""
        drawers = {name_of(drawer): drawer for drawer in KINDS}
        book = Book()
        for name in names:
            for _ in range(TRIES):
                found = drawers[name](self.view)
                if found is not None and book.allows(found.touch):
                    book.note(found.touch)
                    self._drawn(name, found)
                    break

    def _drawn(self, kind: str, found: Drawn) -> None:
        name = f"comment {self.count}" if found.named else ""
        step = Step(kind, found.action, found.given, self._at(), found.touch, found.must_arrive, name)
        self._their_step(step)

    def _theirs(self, kind: str, action: str, given: dict[str, Any]) -> None:
        self._their_step(Step(kind, action, given, self._at()))

    def _their_step(self, step: Step) -> None:
        self.round.theirs.append(step)
        self._do(step)
        self._deliver()

    def _deliver(self) -> None:
        """One after the other, also what GitHub tells of the bot's own doing."""
        for _ in range(PATIENCE):
            rows = self.instance.announced()
            if not rows:
                return
            for row in rows:
                status = self.instance.post(row)
                if status != 202:
                    self.instance.problems.append(f"{row['event']} was answered with {status}")
                self.instance.work()
        raise DoesNotRest("deliveries bring deliveries without end")

    def _do(self, step: Step) -> str:
        self.instance.moment.reach(step.at)
        outcome = perform(self.instance, step)
        self.instance.work()
        self.played.outcomes[len(self.played.outcomes)] = outcome
        self.played.done[step.kind] += outcome == "done"
        return outcome
