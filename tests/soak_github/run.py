"""One history, played perfectly and then among faults; what differs is a violation."""

from __future__ import annotations

import gc
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bountyhub.kit import migrate
from tests import engines
from tests.servers import memory
from tests.soak_github.checks import invariants
from tests.soak_github.instance import DoesNotRest, started
from tests.soak_github.model import History
from tests.soak_github.outage import Outage
from tests.soak_github.perfect import Drawing, Played
from tests.soak_github.plans import ANYTHING, Plan

Plant = Callable[[], AbstractContextManager[object]]
#: A migrated database to copy, and a folder for plays.
Place = tuple[Path, Path]


@dataclass
class Result:
    """What one history came to; nothing wrong is what one hopes for."""

    seed: str
    steps: int = 0
    wrong: list[str] = field(default_factory=list)
    drawn: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    #: The steps of the round that ended otherwise.
    story: str = ""


@contextmanager
def template() -> Iterator[Place]:
    """The process is quiet, and what it asks of databases is compiled once."""
    memory.use_memory()
    engines.share_compiled_statements()
    logging.disable(logging.ERROR)
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    with TemporaryDirectory(prefix="soak-github-") as folder:
        path = Path(folder) / "template.sqlite"
        migrate.upgrade(f"sqlite:///{path}")
        try:
            yield path, Path(folder)
        finally:
            logging.disable(logging.NOTSET)


def play(at: Place, seed: str) -> Result:
    """Draw it in a perfect play, then play it among faults."""
    result, played = draw(at, seed)
    if played is not None:
        again = play_again(at, played)
        result.wrong, result.story, result.faults = again.wrong, again.story, again.faults
        result.seconds += again.seconds
    return result


def draw(at: Place, seed: str, plan: Plan = ANYTHING) -> tuple[Result, Played | None]:
    """The perfect play; no history where that came to something wrong by itself."""
    began, result, played = time.monotonic(), Result(seed), None
    try:
        with started(*at, Random(f"weather {seed}"), None) as instance:
            played = Drawing(instance, seed, plan).draw()
            result.wrong = [f"perfect play: {problem}" for problem in (*instance.problems, *invariants(instance))]
            result.events = Counter(row["event"] for row in instance.announced_ever())
        result.drawn, result.done, result.steps = played.drawn, played.done, len(played.outcomes)
    except DoesNotRest as problem:
        result.wrong.append(f"perfect play: {problem}")
    result.seconds = time.monotonic() - began
    return result, None if result.wrong else played


def play_again(at: Place, played: Played, plant: Plant = nullcontext) -> Result:
    """The same history among faults; `plant` is what is wrong with the application meanwhile."""
    seed, began = played.history.seed, time.monotonic()
    result = Result(seed)
    with started(*at, Random(f"weather {seed}"), Random(f"order {seed}")) as instance, plant():
        outage = Outage(instance, played.history, played.outcomes, Random(f"faults {seed}"))
        try:
            place, wrong = outage.play(played.states)
            result.wrong = [f"round {place}: {line}" for line in wrong]
            result.story = explain(played.history, place) if wrong else ""
        except DoesNotRest as problem:
            result.wrong.append(f"it does not come to rest: {problem}")
        result.faults = outage.met + instance.wire.met
        result.wrong += invariants(instance)
    result.seconds = time.monotonic() - began
    return result


def explain(history: History, place: int) -> str:
    """The steps of a round, for whoever looks for the cause."""
    one = history.rounds[place]
    return "\n".join(f"    {step}" for step in (*one.ours, *one.theirs))
