"""Many sets of books on one engine, and the hunt for planted faults; a violation comes with the steps to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.soak_ledger import books
from tests.soak_ledger.calls import Step
from tests.soak_ledger.checks import Violation
from tests.soak_ledger.faults import Fault
from tests.soak_ledger.figures import Figures
from tests.soak_ledger.guards_off import ALL as ALL_FAULTS
from tests.soak_ledger.run import Player, replay, shrink, soak

#: Steps in one set of books, and after how many of them everything is looked at.
BOOK, EVERY = 2000, 250
#: How far a planted fault is looked for: seeds, steps of each, and after how many everything is looked at.
SEEDS, LIMIT, CLOSELY = 16, 1500, 50


@dataclass
class Result:
    """What a soak came to; no violation is what one hopes for."""

    engine: str
    figures: Figures = field(default_factory=Figures)
    books: int = 0
    violation: str | None = None


@dataclass
class Found:
    """A planted fault and the check that found it; none if it went unseen."""

    fault: str
    engine: str
    steps: int
    violation: Violation | None


def soak_engine(engine: str, steps: int, seed: int) -> Result:
    """So many steps on one engine, in one set of books after another; ends at the first violation."""
    result = Result(engine)
    with books.on(engine) as fresh:
        while result.figures.steps < steps:
            player, here = Player(), seed + result.books
            with fresh():
                violation = _violation(player, here, min(BOOK, steps - result.figures.steps), EVERY)
            result.figures.add(player.figures)
            result.books += 1
            if violation is not None:
                result.violation = explain(fresh, engine, here, player, violation)
                return result
            if result.books % 5 == 0:
                print(f"  {engine}: {result.figures.steps:,} of {steps:,} steps", flush=True)
    return result


def _violation(player: Player, seed: int, steps: int, every: int) -> Violation | None:
    try:
        soak(player, seed, steps, every)
    except Violation as violation:
        return violation
    return None


def explain(fresh: books.Fresh, engine: str, seed: int, player: Player, violation: Violation) -> str:
    """Seed, step, event, what was wrong, and a short list of steps that lead to it."""

    def play_again(steps: list[Step]) -> Violation | None:
        with fresh():
            return replay(steps)

    again = play_again(player.played)
    said = f"{engine}, seed {seed}, step {player.figures.steps + 1}: {player.played[-1]}\n  {violation}"
    if again is None:
        return f"{said}\n  It doesn't show again when the {len(player.played)} steps are replayed."
    short = shrink(player.played, again.check, play_again)
    return "\n".join([f"{said}\n  {len(short)} steps lead to it:", *(f"    {step}" for step in short)])


def hunt(fault: Fault, engine: str, fresh: books.Fresh) -> Found:
    """Plant it and play until a check fails; the step at which it did counts too."""
    steps = 0
    for seed in range(SEEDS):
        player = Player()
        with fresh(), fault.plant():
            violation = _violation(player, seed, LIMIT, CLOSELY)
        steps += player.figures.steps
        if violation is not None:
            return Found(fault.name, engine, steps + 1, violation)
    return Found(fault.name, engine, steps, None)


def hunt_all(engine: str) -> list[Found]:
    """Every fault that this engine is to find: those that only it can have, and on SQLite all the others."""
    with books.on(engine) as fresh:
        return [hunt(each, engine, fresh) for each in ALL_FAULTS if (each.engine or "sqlite") == engine]
