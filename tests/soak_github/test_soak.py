"""A short soak at GitHub, and some planted faults; `make soak-github` is the long one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.soak_github.hunt import hunt
from tests.soak_github.model import Book, Touch
from tests.soak_github.planted import FAULTS
from tests.soak_github.run import Place, play, template

#: Quick to find.
QUICK = ("no_scan", "no_pulls", "no_issues", "no_installations", "known_by_event")


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with template() as found:
        yield found


def test_steps_whose_order_decides_never_share_a_round() -> None:
    book = Book()
    book.note(Touch(last=frozenset("a"), alone=frozenset("b"), ends=frozenset("c")))
    assert book.allows(Touch(last=frozenset("a")))
    assert not book.allows(Touch(alone=frozenset("a")))
    assert not book.allows(Touch(last=frozenset("b")))
    assert not book.allows(Touch(ends=frozenset("c")))


@pytest.mark.long
@pytest.mark.parametrize("seed", ["1/4", "1/5", "1/6"])
def test_a_history_among_faults_ends_as_the_perfect_one(place: Place, seed: str) -> None:
    result = play(place, seed)
    assert result.wrong == []
    assert sum(result.faults.values()) > 10


@pytest.mark.long
def test_planted_faults_are_found(place: Place) -> None:
    quick = [fault for fault in FAULTS if fault.plant.__name__ in QUICK]
    assert [fault.name for fault in quick if not hunt(place, fault).histories] == []
    assert len(quick) == len(QUICK)
