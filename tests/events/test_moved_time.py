"""Moved business time, the audit trail, and sweeps that go on past a failure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr

from bountyhub import settings
from bountyhub.events import audit, moved_time, sweeps
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError, Forbidden
from tests.builders.settings import real_settings
from tests.builders.world import World


def advance(days: int) -> None:
    with transaction() as session:
        moved_time.advance(session, days)


@pytest.mark.usefixtures("database")
def test_time_moves_by_days_adds_up_and_survives_a_restart() -> None:
    World.begin()
    advance(7)
    advance(1)
    assert clock.offset() == timedelta(days=8)
    clock.set_offset(timedelta(0))
    moved_time.load()
    assert clock.offset() == timedelta(days=8)


@pytest.mark.parametrize("days", [0, -1, 401])
def test_time_never_goes_back_nor_too_far(world: World, days: int) -> None:
    with pytest.raises(DomainError):
        advance(days)
    assert clock.offset() == timedelta(0)


@pytest.mark.parametrize("key", ["sk_live_1", "sk_test_1"])
def test_beside_real_services_time_cannot_be_moved(world: World, key: str) -> None:
    settings.use(real_settings(STRIPE_SECRET_KEY=SecretStr(key)))
    with pytest.raises(Forbidden):
        advance(1)
    assert clock.offset() == timedelta(0)


def test_a_move_that_is_rolled_back_moves_nothing(world: World) -> None:
    with pytest.raises(ValueError, match="no"), transaction() as session:
        moved_time.advance(session, 3)
        raise ValueError("no")
    assert clock.offset() == timedelta(0)


def test_the_audit_trail_says_who_did_what_newest_first(world: World) -> None:
    world.pay()
    with reading() as session:
        trail = audit.trail(session, "contribution", 1)
    assert [(event.action, event.actor) for event in trail] == [
        ("contribution_captured", "stripe"), ("checkout_asked", f"person:{world.persons['cleo'].id}"),
    ]  # fmt: skip


def test_a_sweep_goes_on_past_a_failure_and_says_so_at_its_end() -> None:
    done: list[int] = []

    def handle(number: int) -> None:
        if number == 2:
            raise ValueError("two")
        done.append(number)

    with pytest.raises(sweeps.SomeFailed, match="1 failed, first ValueError"):
        sweeps.each([1, 2, 3], handle)
    assert done == [1, 3]
