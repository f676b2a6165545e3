"""`make soak-github`: random histories at GitHub, each played perfectly and among faults; then the planted faults."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed

from tests.soak_github.hunt import Found
from tests.soak_github.parts import begin, hunt_one, soak_one
from tests.soak_github.planted import FAULTS
from tests.soak_github.report import tell
from tests.soak_github.run import Result

SEEDS, HISTORIES, PROCESSES = (1, 2, 3), 100, 2


def main() -> int:
    """Soak, hunt, print; 1 if anything ended otherwise, too seldom happened, or went unseen."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak_github")
    parser.add_argument("--histories", type=int, default=HISTORIES, help="for each seed")
    parser.add_argument("--seed", type=int, action="append", help="by default 1, 2 and 3")
    parser.add_argument("--first", type=int, default=0, help="the number of the first history, to play one again")
    parser.add_argument("--no-hunt", action="store_true", help="without the planted faults")
    given = parser.parse_args()
    began = time.monotonic()
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn"), begin) as pool:
        numbers = range(given.first, given.first + given.histories)
        soaks = [pool.submit(soak_one, seed, number) for seed in given.seed or SEEDS for number in numbers]
        hunts = [] if given.no_hunt else [pool.submit(hunt_one, place) for place in range(len(FAULTS))]
        results, found = _all(soaks), _hunted(hunts)
    return tell(results, found, time.monotonic() - began)


def _all(soaks: list[Future[Result]]) -> list[Result]:
    """As they end, a line each; in the order of their numbers."""
    for count, soak in enumerate(as_completed(soaks), 1):
        one = soak.result()
        wrong = f", WRONG: {one.wrong[0][:200]}" if one.wrong else ""
        print(f"  {count}: {one.seed}, {one.steps} steps, {one.seconds:.1f} s{wrong}", flush=True)
    return [soak.result() for soak in soaks]


def _hunted(hunts: list[Future[Found]]) -> list[Found]:
    for hunt in as_completed(hunts):
        one = hunt.result()
        print(f"  planted: {one.fault}: {one.histories or 'NOT FOUND'}, {one.seconds:.1f} s", flush=True)
    return [hunt.result() for hunt in hunts]


if __name__ == "__main__":
    sys.exit(main())
