"""Plays steps against the application and the model together, in one set of books."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bountyhub.kit.database import engine, reading, transaction
from tests.soak_ledger.calls import Call, Race, Step
from tests.soak_ledger.checks import Violation, check_entry, check_everything, check_lines, check_outcome
from tests.soak_ledger.draw import draw_calls, draw_race
from tests.soak_ledger.figures import Figures
from tests.soak_ledger.hand import Hand
from tests.soak_ledger.model import Again, Booked, Model, Outcome, Refused
from tests.soak_ledger.race import Answer, ask, ask_at_once

#: How often two calls come at once. SQLite has one writer at a time, and so little to race for.
RACES = {"postgresql": 0.1, "sqlite": 0.02}


@dataclass
class Player:
    """The application's books and the model's, and all that happened to them."""

    model: Model = field(default_factory=Model)
    played: list[Step] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)
    numbers: dict[str, int] = field(default_factory=dict)  # key → the application's number of the entry

    def together(self, calls: Iterable[Call]) -> None:
        """A few calls in one transaction; what must be refused is taken back alone."""
        with _told_by_name(), transaction() as session:
            for call in calls:
                self.played.append(call)
                self._one(session, call)

    def _one(self, session: Session, call: Call) -> None:
        expected = self.model.expect(call)
        with session.begin_nested() if isinstance(expected, Refused) else nullcontext() as savepoint:
            answer = ask(session, call)
            if savepoint is not None:
                savepoint.rollback()
        check_outcome(expected, answer.refused_as)
        self.model.take(expected)
        self._look(session, self.model, expected, answer)
        self.figures.count(call, expected, answer.refused_as)

    def at_once(self, race: Race) -> None:
        """Two calls in two sessions; whichever order they took effect in, it must be an order."""
        self.played.append(race)
        with _told_by_name():
            answers = ask_at_once(race)
        problems = []
        for order in (answers, answers[::-1]):
            try:
                self.model = self._in_this_order(order)
            except Violation as problem:
                problems.append(problem)
            else:
                self.figures.races += 1
                return
        raise problems[0]

    def _in_this_order(self, answers: list[Answer]) -> Model:
        model, numbers = self.model.fork(), dict(self.numbers)
        expectations = []
        for answer in answers:
            expectations.append(model.expect(answer.call))
            check_outcome(expectations[-1], answer.refused_as)
            model.take(expectations[-1])
        with reading() as session:
            try:
                for expected, answer in zip(expectations, answers, strict=True):
                    self._look(session, model, expected, answer)
            except Violation:
                self.numbers = numbers
                raise
        for expected, answer in zip(expectations, answers, strict=True):
            self.figures.count(answer.call, expected, answer.refused_as)
        return model

    def _look(self, session: Session, model: Model, expected: Outcome, answer: Answer) -> None:
        """Hold the entry, its lines and the accounts it touched against the model."""
        if answer.entry is None or isinstance(expected, Refused):
            return
        booked = expected.booked if isinstance(expected, Again) else expected
        first = self.numbers.setdefault(booked.key, answer.entry.id)
        if answer.entry.id != first:
            raise Violation("entries", f"{booked.key} was entry {first} and is entry {answer.entry.id} now")
        if isinstance(expected, Booked):
            check_entry(expected, answer.call, answer.entry, answer.since)
            check_lines(session, model, expected, answer.entry)


@contextmanager
def _told_by_name() -> Iterator[None]:
    """What only the database refuses, and what no rule foresees, are violations too."""
    try:
        yield
    except DBAPIError as error:
        text = str(error.orig).strip().partition("\n")[0]
        raise Violation("two at once" if "deadlock" in text else "the database's guards", text) from error
    except (ArithmeticError, AssertionError, LookupError, ValueError) as error:
        raise Violation("errors", f"{type(error).__name__}: {error}") from error


def soak(player: Player, seed: int, steps: int, every: int) -> None:
    """So many steps of one seed; everything is looked at after each `every` of them. Raises Violation."""
    hand, races = Hand(seed), RACES[engine().dialect.name]
    looked = 0
    while player.figures.steps < steps:
        if hand.often(races):
            player.at_once(draw_race(player.model, hand))
        else:
            player.together(draw_calls(lambda: player.model, hand))
        if player.figures.steps // every > looked:
            looked = player.figures.steps // every
            check_everything(player.model)
    check_everything(player.model)


def replay(steps: Iterable[Step]) -> Violation | None:
    """Play exactly these on fresh books; the violation they lead to, if any."""
    player = Player()
    try:
        for number, step in enumerate(steps, start=1):
            if isinstance(step, Race):
                player.at_once(step)
            else:
                player.together([step])
            if number % 50 == 0:
                check_everything(player.model)
        check_everything(player.model)
    except Violation as violation:
        return violation
    return None


Replay = Callable[[list[Step]], Violation | None]


def shrink(steps: list[Step], check: str, play_again: Replay, budget: int = 20_000) -> list[Step]:
    """Drop ever smaller pieces of a list as long as the same check still fails; naive, and ends with its budget."""
    size = max(1, len(steps) // 2)
    while size and budget > 0:
        start = 0
        while start < len(steps) and budget > 0:
            fewer = steps[:start] + steps[start + size :]
            budget -= len(fewer) + 10
            found = play_again(fewer)
            if found is not None and found.check == check:
                steps = fewer
            else:
                start += size
        size //= 2
    return steps
