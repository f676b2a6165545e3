"""What the soak draws from chance: names, amounts and parts; the same seed draws the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from bountyhub.ledger.positions import Terms
from tests.soak_ledger import chart
from tests.soak_ledger.calls import Arguments
from tests.soak_ledger.model import Model, Pledge

Thing = TypeVar("Thing")


class Hand:
    """A generator of chance, and a counter so that no name comes twice."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.number = 0
        self.deep = seed % 2 == 1

    def new(self, prefix: str) -> str:
        """A name never used before."""
        self.number += 1
        return f"{prefix}{self.number}"

    def often(self, probability: float) -> bool:
        """True so often."""
        return self.chance.random() < probability

    def one(self, things: Sequence[Thing]) -> Thing | None:
        """One of them, None of none."""
        return self.chance.choice(things) if things else None

    def part(self, amount: int) -> int:
        """All of it as often as a part."""
        return amount if self.often(0.5) else self.chance.randint(1, amount)

    def amount(self) -> int:
        """Small, ordinary, odd or huge."""
        return self.chance.choice([1, 2, 7, 100, 999, 5000, self.chance.randint(1, 20_000), 10**9])

    def currency(self) -> str:
        """Two currencies, one without cents."""
        return "EUR" if self.often(0.7) else "JPY"


Suggest = Callable[[Model, Hand], Arguments | None]
Suggesting = TypeVar("Suggesting", bound=Suggest)
SUGGESTIONS: dict[str, Suggest] = {}


def suggests(suggest: Suggesting) -> Suggesting:
    """Register what draws the arguments of the event it is named after; None while there is nothing to do it with."""
    SUGGESTIONS[suggest.__name__] = suggest
    return suggest


def terms_of(pledge: Pledge) -> Terms:
    """As the application's functions want it."""
    return Terms(pledge.name, pledge.amount, pledge.fee, pledge.currency, pledge.vat, pledge.country)


def some_pot(model: Model, hand: Hand, *kinds: str) -> tuple[str, str, int] | None:
    """(path, currency, what it holds) of an account of these kinds that isn't empty."""
    found = hand.one(model.pots(*kinds))
    return None if found is None else (*found, model.held(*found))


def name_of(model: Model, path: str) -> str:
    """The contribution of an object's account."""
    return model.contribution_of[chart.last(path)]


def unused(model: Model, kind: str, key: str, taken: Callable[[str], str]) -> list[Arguments]:
    """The calls of one kind whose follower, by its key, was not booked yet."""
    calls = [model.booked[each].call.arguments for each in model.by_kind.get(kind, ())]
    return [call for call in calls if taken(call[key]) not in model.booked]
