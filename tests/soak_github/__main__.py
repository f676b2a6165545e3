"""`make soak-github`: random histories at GitHub, each played perfectly and among faults; then the planted faults."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor

from tests.soak_github.parts import hunt_part, soak_part
from tests.soak_github.report import tell
from tests.soak_github.run import Result

SEEDS, HISTORIES, PROCESSES = (1, 2, 3), 100, 2
#: So many histories go to a process at a time.
PART = 10


def main() -> int:
    """Soak, hunt, print; 1 if anything ended otherwise, too seldom happened, or went unseen."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak_github")
    parser.add_argument("--histories", type=int, default=HISTORIES, help="for each seed")
    parser.add_argument("--seed", type=int, action="append", help="by default 1, 2 and 3")
    parser.add_argument("--first", type=int, default=0, help="the number of the first history, to play one again")
    parser.add_argument("--no-hunt", action="store_true", help="without the planted faults")
    given = parser.parse_args()
    began = time.monotonic()
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        numbers = range(given.first, given.first + given.histories)
        soaks = [
            pool.submit(soak_part, seed, list(numbers[at : at + PART]))
            for seed in given.seed or SEEDS
            for at in range(0, len(numbers), PART)
        ]
        hunts = [] if given.no_hunt else [pool.submit(hunt_part, place, PROCESSES) for place in range(PROCESSES)]
        results = _all(soaks)
        found = [one for hunt in hunts for one in hunt.result()]
    return tell(results, found, time.monotonic() - began)


def _all(soaks: list[Future[list[Result]]]) -> list[Result]:
    """As they end, with a word about each part."""
    results: list[Result] = []
    for soak in soaks:
        results += soak.result()
        wrong = Counter(bool(one.wrong) for one in results)[True]
        print(f"  {len(results)} histories, {wrong} wrong", flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main())
