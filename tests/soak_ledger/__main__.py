"""`make soak-ledger`: the whole event table by chance, on both engines at once, and then every planted fault."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests import engines
from tests.servers import memory, postgres, process
from tests.soak_ledger import report
from tests.soak_ledger.hunt import Found, Result, hunt_all, soak_engine

ENGINES = ("postgresql", "sqlite")


def main() -> int:
    """Soak, hunt, print; 1 if anything was violated, too seldom, or went unseen."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak_ledger")
    parser.add_argument("--steps", type=int, default=100_000, help="in all, half of them on each engine")
    parser.add_argument("--seed", type=int, default=1, help="of the first set of books")
    given = parser.parse_args()
    memory.use_memory()
    process.begin_run()
    begun = time.monotonic()
    try:
        results, found = _run(given.steps // 2, given.seed)
    finally:
        postgres.leave_named_server()
        process.end_run()
    problems = report.tell(results, found, time.monotonic() - begun)
    return 1 if problems else 0


def _run(steps: int, seed: int) -> tuple[list[Result], list[Found]]:
    """One process an engine."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), engines.share_compiled_statements) as pool:
        soaks = [pool.submit(soak_engine, engine, steps, seed) for engine in ENGINES]
        results = [each.result() for each in soaks]
        hunts = [pool.submit(hunt_all, engine) for engine in ENGINES]
        return results, [found for each in hunts for found in each.result()]


if __name__ == "__main__":
    sys.exit(main())
