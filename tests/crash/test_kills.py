"""A real SIGKILL at every commit, and around every outside call, of pay, refund, release, transfer and revert.

Each point was passed in a run of the same phase before; each kill begins from a copy of the instance just before the
phase. The killed application is started again and its people go on; then the books must be as if nothing had happened.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bountyhub.kit import database
from tests.crash import books, figures, said
from tests.crash.engines import PostgresEngine, SqliteEngine
from tests.crash.instance import Instance
from tests.crash.nursery import Nursery
from tests.crash.scenario import PHASES, Phase, Stage

pytestmark = pytest.mark.long
#: Threads take turns differently each time, so a point may not be passed: it is tried again.
TRIES, TRIES_OF_EXCUSED = 12, 2
#: Every so many kills the restarted application is killed too, while it recovers.
AGAIN = 5


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    running = Nursery()
    yield running
    running.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest, nursery: Nursery, tmp_path: Path) -> Iterator[Instance]:
    """A fresh instance on each engine; this process reads its database too."""
    if request.param == "sqlite":
        engine: SqliteEngine | PostgresEngine = SqliteEngine(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        request.getfixturevalue("postgres_url")
        engine = PostgresEngine(request.getfixturevalue("worker_number"))
    database.configure(engine.url)
    made = Instance(nursery, engine, tmp_path)
    yield made
    made.stop()
    engine.drop()


@pytest.mark.parametrize("name", PHASES)
def test_whenever_it_is_killed_nothing_is_lost_and_nothing_done_twice(instance: Instance, name: str) -> None:
    phase, stage, began = PHASES[name], Stage(instance), time.monotonic()
    for step in phase.before:
        step(stage)
    instance.keep("before")
    points, words = record(stage, phase)
    found = figures.Figures(instance.engine.name, name, points=len(points))
    for number, point in enumerate(points):
        wrong = kill(stage, phase, point, words, again=again(number))
        if wrong is None:
            found.elusive.append(point)
        elif wrong:
            found.broken[point] = wrong
    found.kills, found.seconds = instance.kills, time.monotonic() - began
    figures.write(found)
    assert not found.broken, "\n".join(f"{point}: {wrong}" for point, wrong in found.broken.items())
    assert found.never_killed == []


def again(number: int) -> list[str]:
    """Where the restarted application is killed too."""
    return [f"commit.after:events.outbox.claim:{number // AGAIN % 6 + 1}"] if number % AGAIN == 0 else []


def record(stage: Stage, phase: Phase) -> tuple[list[str], said.Said]:
    """Play the phase undisturbed; every point it passes, and what is said to the outside in the end."""
    log = stage.instance.folder / "points"
    begin(stage, LOG=str(log))
    phase.play(stage)
    assert books.faults(stage.instance, phase) == []
    words = said.said(stage.instance)
    stage.instance.stop()
    return log.read_text().split(), words


def kill(stage: Stage, phase: Phase, point: str, words: said.Said, again: list[str]) -> list[str] | None:
    """Play the phase with a kill at this point; what is wrong in the end, None when the point was never passed."""
    for _ in range(TRIES_OF_EXCUSED if figures.excuse(point) else TRIES):
        stage.instance.put_back("before")
        before, stage.instance.again = stage.instance.kills, list(again)
        begin(stage, KILL=point)
        try:
            phase.play(stage)
        except AssertionError as problem:
            return [str(problem)]
        wrong = books.faults(stage.instance, phase) + said.differences(said.said(stage.instance), words)
        if wrong or stage.instance.kills > before:
            return wrong
    return None


def begin(stage: Stage, **fault: str) -> None:
    """Start with a fault, and let it count from the moment when what a start does is over.

    Bo signs in before that: all the kills of a phase take longer than a sign-in is fresh enough to connect an account.
    """
    stage.instance.start(**fault)
    stage.instance.wait_until(lambda: True, "a quiet start")
    stage.bo.sign_in()
    stage.instance.arm()
