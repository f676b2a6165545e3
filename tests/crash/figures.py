"""What the crash tests found, kept in build/crash/ so that it can be printed after all workers are done."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.crash.books import DOUBLE

#: Points that need not come again in the next run, each with the reason why.
EXCUSES = {
    "events.outbox.": "how often the outbox claims, leases or puts off is a matter of its threads' turns",
    "ledger.log.jobs.": "the sealer looks every ten seconds, whatever happens meanwhile; tests/ledger/log kills it",
}
FOLDER = Path(__file__).resolve().parents[2] / "build" / "crash"


def excuse(point: str) -> str | None:
    """Why a point may stay away, None when it must come."""
    return next((why for part, why in EXCUSES.items() if part in point), None)


@dataclass
class Figures:
    """One phase on one engine. `elusive` points were passed when recorded, and not again."""

    engine: str
    phase: str
    points: int
    kills: int = 0
    seconds: float = 0.0
    elusive: list[str] = field(default_factory=list)
    broken: dict[str, list[str]] = field(default_factory=dict)

    @property
    def never_killed(self) -> list[str]:
        """Points at which nothing was killed, and nothing excuses it."""
        return [point for point in self.elusive if excuse(point) is None]

    @property
    def double(self) -> int:
        """After so many kills something had been done twice."""
        return sum(any(fault.startswith(DOUBLE) for fault in faults) for faults in self.broken.values())


def write(found: Figures) -> None:
    """Keep them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{found.engine}-{found.phase}.json").write_text(json.dumps(asdict(found), indent=1))


def read() -> list[Figures]:
    """Everything that was kept."""
    return [Figures(**json.loads(path.read_text())) for path in sorted(FOLDER.glob("*.json"))]
