"""The soak of the ledger in short forms, and that it finds and shrinks what is wrong; see `make soak-ledger`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bountyhub.ledger.flows import FLOWS
from tests.soak_ledger import books, report
from tests.soak_ledger.calls import FUNCTIONS, Call, Step
from tests.soak_ledger.checks import Violation
from tests.soak_ledger.draw import draw
from tests.soak_ledger.faults import Fault, rounded_up
from tests.soak_ledger.figures import Figures
from tests.soak_ledger.guards_off import ALL
from tests.soak_ledger.hand import SUGGESTIONS, Hand
from tests.soak_ledger.hunt import Result, explain, hunt, hunt_all, soak_engine
from tests.soak_ledger.model import Model
from tests.soak_ledger.plans import PLANS
from tests.soak_ledger.run import Player, shrink, soak

QUICK = [fault for fault in ALL if fault.plant.__name__ in ("key_reused", "rounded_up", "sign_flipped")]


@pytest.fixture
def fresh(sqlite_database: Callable[[], str]) -> books.Fresh:
    @contextmanager
    def make() -> Iterator[None]:
        with books.configured(sqlite_database()):
            yield

    return make


def test_every_kind_of_entry_is_soaked() -> None:
    assert set(FUNCTIONS) == set(FLOWS) == set(SUGGESTIONS) == set(PLANS) - {"reversal"}


def test_the_books_and_the_model_agree_for_a_while(fresh: books.Fresh) -> None:
    player = Player()
    with fresh():
        soak(player, seed=8, steps=300, every=150)
    assert player.figures.share_accepted > report.SHARE
    assert sum(accepted > 0 for _, accepted, *_ in player.figures.rows()) > 25


@pytest.mark.parametrize("fault", QUICK, ids=lambda fault: fault.plant.__name__)
def test_a_planted_fault_is_found(fault: Fault, fresh: books.Fresh) -> None:
    found = hunt(fault, "sqlite", fresh)
    assert found.violation is not None
    assert found.steps < 150


def test_a_violation_tells_its_seed_and_few_steps_that_lead_to_it(fresh: books.Fresh) -> None:
    player = Player()
    with fresh(), rounded_up(), pytest.raises(Violation) as violation:
        soak(player, seed=0, steps=300, every=300)
    with rounded_up():
        told = explain(fresh, "sqlite", 0, player, violation.value)
    first, *_, last = told.splitlines()
    assert first.startswith("sqlite, seed 0, step ")
    assert 3 < len(told.splitlines()) < 12
    assert "captured(" in told
    assert last.strip().partition("(")[0] in FUNCTIONS


def test_the_same_seed_draws_the_same_steps() -> None:
    def drawn(seed: int) -> list[str]:
        model, hand, steps = Model(), Hand(seed), []
        for _ in range(400):
            call = draw(model, hand)
            model.take(model.expect(call))
            steps.append(str(call))
        return steps

    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)


def test_shrinking_drops_every_step_that_is_not_needed() -> None:
    steps: list[Step] = [Call("cost", {"amount": number}) for number in range(40)]

    def play_again(tried: list[Step]) -> Violation | None:
        return Violation("lines", "") if steps[3] in tried and steps[31] in tried else None

    assert shrink([*steps], "lines", play_again) == [steps[3], steps[31]]


def test_a_run_that_saw_too_little_is_not_good_enough() -> None:
    seldom = Result("sqlite", Figures())
    seldom.figures.accepted.update(dict.fromkeys(FUNCTIONS, 4000) | {"moved": 199})
    seldom.figures.refused["moved"] = 1000
    assert report.problems_of([seldom], []) == ["moved was accepted 199 times, 200 are wanted"]


@pytest.mark.long
@pytest.mark.usefixtures("postgres_url")
@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_two_thousand_steps_and_every_fault(engine: str) -> None:
    result, found = soak_engine(engine, 2000, seed=500), hunt_all(engine)
    assert report.problems_of([result], found) == []
