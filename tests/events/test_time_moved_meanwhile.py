"""Time moved while sweeps run or begin: each looks again at the new time, none waits for its next round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bountyhub.events import moved_time, outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import JOBS, Job, Run
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from tests.builders.world import World

NAME = "tests.sweep"


class Sweep:
    """Notes the business time at each of its runs; `during` happens while it runs the first time."""

    def __init__(self) -> None:
        self.saw: list[datetime] = []
        self.move_during_run = 0

    def __call__(self, run: Run) -> None:
        self.saw.append(clock.now())
        if self.move_during_run:
            days, self.move_during_run = self.move_during_run, 0
            move(days)


@pytest.fixture
def sweep(world: World) -> Iterator[Sweep]:
    """The only recurring job, due now."""
    others = dict(JOBS)
    JOBS.clear()
    made = Sweep()
    JOBS[NAME] = Job(NAME, "sweep", made, every=60)
    outbox.ensure_schedule()
    yield made
    JOBS.clear()
    JOBS.update(others)
    clock.set_offset(timedelta(0))


def move(days: int) -> None:
    with transaction() as session:
        moved_time.advance(session, days)


def run_due() -> None:
    with reading() as session:
        ids = set(session.scalars(select(OutboxJob.id).where(OutboxJob.name == NAME)))
    for run in outbox.claim(50):
        if run.row in ids:
            outbox.run(run)


def test_a_sweep_that_ran_waits_for_its_next_round(sweep: Sweep) -> None:
    run_due()
    run_due()
    assert len(sweep.saw) == 1


def test_moving_time_makes_it_due(sweep: Sweep) -> None:
    run_due()
    move(7)
    run_due()
    assert sweep.saw[1] - sweep.saw[0] > timedelta(days=7)


def test_time_moved_while_it_runs_lets_it_look_again(sweep: Sweep) -> None:
    sweep.move_during_run = 7
    run_due()
    run_due()
    assert len(sweep.saw) == 2
    assert sweep.saw[1] - sweep.saw[0] > timedelta(days=7)


def test_no_sweep_is_due_before_this_process_lives_in_the_new_time(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_due()
    seen: list[bool] = []
    arrive = clock.set_offset

    def set_offset(value: timedelta) -> None:
        with reading() as session:
            seen.append(outbox.has_due(session))
        arrive(value)

    monkeypatch.setattr(clock, "set_offset", set_offset)
    move(7)
    assert seen == [False]
