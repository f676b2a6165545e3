"""`python -m tests.crash`, after the long tests: how many kills there were, and what came of them, per engine."""

from __future__ import annotations

import sys

from tests.crash import figures
from tests.crash.scenario import PHASES

ENGINES = ("PostgreSQL", "SQLite")


def main() -> int:
    """Print one line an engine; 1 when a phase or a kill is missing, or anything was lost or done twice."""
    found = {(each.engine, each.phase): each for each in figures.read()}
    missing = [f"{engine} {phase}" for engine in ENGINES for phase in PHASES if (engine, phase) not in found]
    for engine in ENGINES:
        played = [found[engine, phase] for phase in PHASES if (engine, phase) in found]
        print(_line(engine, played))
        for line in _left_out(played):
            print(f"  {line}")
    if missing:
        print(f"not played: {', '.join(missing)}")
    return 1 if missing or any(each.broken or each.never_killed for each in found.values()) else 0


def _left_out(phases: list[figures.Figures]) -> list[str]:
    """Each point that was passed when recorded and never killed, with what excuses it."""
    return [
        f"not killed, {each.phase} at {point}: {figures.excuse(point) or 'NO REASON'}"
        for each in phases
        for point in each.elusive
    ]


def _line(engine: str, phases: list[figures.Figures]) -> str:
    kills = ", ".join(f"{each.phase} {each.kills}" for each in phases)
    broken, double = sum(len(each.broken) for each in phases), sum(each.double for each in phases)
    points, elusive = sum(each.points for each in phases), sum(len(each.elusive) for each in phases)
    seconds = sum(each.seconds for each in phases)
    return (
        f"crash, {engine}: {sum(each.kills for each in phases)} kills ({kills}) at {points - elusive} of {points}"
        f" points, {broken - double} lost, {double} double, {seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
