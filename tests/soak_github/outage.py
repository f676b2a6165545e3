"""The other play of a history: the same steps at the same moments among everything that goes wrong.

Deliveries are lost, late by rounds, doubled, out of order, met by errors of ours; GitHub is away, slow to answer or
refuses; jobs run in any order and read what another process is just recording. After each round comes good weather.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy import select

from bountyhub.events import inbox
from bountyhub.events.models import InboxEvent
from bountyhub.kit.database import reading, transaction
from tests.soak_github.instance import Instance
from tests.soak_github.model import History, Round, Step
from tests.soak_github.perform import perform, settle, time_passed
from tests.soak_github.state import State, state, unlike

Body = dict[str, Any]
#: How often the log of failed deliveries is walked in bad weather.
WALKED = 0.3


class Outage:
    """Plays a history on a fresh instance."""

    def __init__(self, instance: Instance, history: History, outcomes: dict[int, str], rng: Random) -> None:
        self.instance, self.history, self.rng = instance, history, rng
        self.outcomes, self.number = outcomes, 0
        self.met: Counter[str] = Counter()
        self.problems: list[str] = []
        #: On their way in this round, and in later ones.
        self._now: list[Body] = []
        self._later: list[Body] = []
        self._steps: list[Step] = []
        self._busy = False
        self.weather = history.weather
        instance.wire.between, instance.wire.rates = self._between, self.weather.rates

    def play(self, states: list[State]) -> tuple[int, list[str]]:
        """(the round, what differs after it): the first that ends otherwise than in the perfect play."""
        for place, one in enumerate(self.history.rounds):
            self._round(one, first=place == 0)
            differs = unlike(states[place], state(self.instance))
            if differs or self.problems:
                return place, [*self.problems, *differs]
        return len(states), []

    def _round(self, one: Round, *, first: bool) -> None:
        self.instance.moment.reach(one.begins)
        if not first:
            time_passed(self.instance)
        for step in one.ours:
            self._do(step)
            if self.weather.early:
                self.instance.wire.bad_weather = True
                self.instance.work_some(8)
                self.instance.wire.bad_weather = False
            self.instance.work()
        self.instance.wire.bad_weather = True
        self._steps = list(one.theirs)
        while self._steps:
            self._next()
            self._arrive(self.rng.randint(0, 3))
            self.instance.work_some(self.rng.randint(0, 6))
        self._arrive(len(self._now))
        self.instance.work_some(10)
        if self.rng.random() < WALKED:
            self._walk()
        if self.weather.reconciled and self.rng.random() < 0.5:
            self.instance.sweep(("forge.reconcile",))
            self.instance.work_some(6)
        settle(self.instance, reconciled=self.weather.reconciled)

    # ------------------------------------------------------------ GitHub

    def _next(self) -> None:
        step = self._steps.pop(0)
        self._do(step)
        for row in self.instance.announced():
            self._send(row, must_arrive=step.must_arrive)

    def _do(self, step: Step) -> None:
        self.instance.moment.reach(step.at)
        outcome, wanted = perform(self.instance, step), self.outcomes[self.number]
        if outcome != wanted:
            self.problems.append(f"{step} came to {outcome!r}, not to {wanted!r}")
        self.number += 1

    def _between(self, path: str) -> None:
        """While an answer is on its way the next thing happens, and another process hears of it."""
        if (
            not self.instance.wire.bad_weather
            or self._busy
            or not self._steps
            or self.rng.random() > self.weather.between
        ):
            return
        self._busy = True
        try:
            with self.instance.other_process():
                self._next()
                self._arrive(len(self._now))
                self.instance.work_some(4)
            self.met["read while it changed"] += 1
        finally:
            self._busy = False

    # ------------------------------------------------------------ deliveries

    def _send(self, row: Body, *, must_arrive: bool) -> None:
        fate = self.rng.choices(*zip(*self.weather.fates, strict=True))[0]
        if must_arrive and fate in ("lost", "later rounds"):
            fate = "late"
        self.met[fate] += 1
        if fate == "at once":
            self._post(row)
        elif fate == "late":
            self._now.append(row)
        elif fate == "later rounds":
            self._later.append(row)
        elif fate == "error of ours":
            self._fail(row)
            if must_arrive:
                self._now.append(row)

    def _walk(self) -> None:
        """The log of deliveries is looked through; what failed is sent again, and may be lost again."""
        self.instance.sweep(("forge.walk_deliveries",))
        self.instance.work_some(20)
        for row in self.instance.announced():
            self.met["sent again"] += 1
            self._send(row, must_arrive=False)
        self._arrive(len(self._now))

    def _arrive(self, most: int) -> None:
        """Some of what is on its way arrives, in any order; perhaps something old too."""
        self.rng.shuffle(self._now)
        for row in [self._now.pop() for _ in range(min(most, len(self._now)))]:
            self._post(row)
        if self._later and self.rng.random() < 0.15:
            self._post(self._later.pop(self.rng.randrange(len(self._later))))
        if self.rng.random() < self.weather.replayed:
            self._replay()

    def _post(self, row: Body) -> None:
        times = 2 if self.rng.random() < self.weather.twice else 1
        self.met["twice"] += times - 1
        for _ in range(times):
            status = self.instance.post(row)
            if status != 202:
                self.problems.append(f"{row['event']} was answered with {status}")
            if times == 2 and self.rng.random() < 0.5:
                self.instance.work_some(3)

    def _fail(self, row: Body) -> None:
        """Our database is away: GitHub hears an error and doesn't try again by itself."""
        with patch.object(inbox, "receive", side_effect=RuntimeError("the soak's error")):
            if self.instance.post(row) != 500:
                self.problems.append(f"{row['event']} was acknowledged and not stored")

    def _replay(self) -> None:
        """An operator has an old delivery handled once more."""
        with reading() as session:
            known = list(session.scalars(select(InboxEvent.delivery_id).where(InboxEvent.handled_at.is_not(None))))
        if known:
            with transaction() as session:
                inbox.replay(session, self.rng.choice(known))
            self.met["replayed"] += 1
