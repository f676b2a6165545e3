"""The pace of transfers: turns that lie apart, and a large release spread over seconds."""

from __future__ import annotations

import pytest

from bountyhub import settings
from bountyhub.kit import clock
from bountyhub.kit.pace import Pace
from bountyhub.payouts import pacing
from bountyhub.payouts.pacing import planned_at
from tests.builders.outside import Outside
from tests.builders.settings import play_settings
from tests.builders.world import BO, World, merged


def test_turns_lie_apart_and_an_idle_time_is_not_saved_up() -> None:
    slept: list[float] = []
    at = [100.0]
    pace = Pace(lambda: at[0], slept.append)
    for _ in range(3):
        pace.wait(10)
    assert slept == [pytest.approx(0.1), pytest.approx(0.2)]
    at[0] = 200.0
    pace.wait(10)
    pace.wait(10)
    assert slept[2:] == [pytest.approx(0.1)]


def test_each_second_takes_its_number_of_a_long_row() -> None:
    settings.use(play_settings(TRANSFERS_PER_SECOND=3))
    now = clock.real_now()
    seconds = [round((at - now).total_seconds()) if at else 0 for at in map(planned_at, range(7))]
    assert seconds == [0, 0, 0, 1, 1, 1, 2]


def test_every_asking_waits_for_its_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    Outside().use()
    asked: list[int] = []
    monkeypatch.setattr(pacing, "_pace", Pace(lambda: 0.0, lambda seconds: asked.append(round(seconds * 20))))
    for _ in range(3):
        world.pay(1000)
    world.connect(BO)
    world.record(merged(world.linked()))
    world.drain("payouts.")
    assert asked == [1, 2]
