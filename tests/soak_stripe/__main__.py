"""`make soak-stripe`: real processes, seeded faults on both sides, and then every planted fault must be found."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.soak_stripe.planted import hunt
from tests.soak_stripe.run import RATES, Result, soak

SEEDS = (1, 2, 3)
#: Everything that goes wrong by chance.
KINDS = (*(name.removeprefix("rate_") for name in RATES), "kill -9")
#: At once, on two cores.
TOGETHER = 3
LEAST_ACCEPTED, LEAST_FAULTS, LEAST_PLANTED = 0.6, 50, 40


def main() -> int:
    """Soak, hunt, print; 1 if anything was lost or doubled, too seldom, or went unseen."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak_stripe")
    parser.add_argument("--tasks", type=int, default=500, help="funded tasks, for each seed")
    parser.add_argument("--seed", type=int, action="append", help="by default 1, 2 and 3")
    parser.add_argument("--kills", type=int, default=18, help="at least, for each seed")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    seeds = given.seed or list(SEEDS)
    if given.one:
        (given.one / "result.json").write_text(soak(given.one, seeds[0], given.tasks, kills=given.kills).as_json())
        return 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-stripe-") as folder:
        results = _soak_all(Path(folder), seeds, given.tasks, given.kills)
        missed, planted = hunt(Path(folder) / str(seeds[0])) if results else ([], 0)
    return tell(results, seeds, missed, planted, time.monotonic() - began)


def _soak_all(folder: Path, seeds: list[int], tasks: int, kills: int) -> list[Result]:
    """A process a seed."""
    running = []
    for seed in seeds:
        own = folder / str(seed)
        own.mkdir()
        command = [sys.executable, "-m", "tests.soak_stripe", "--one", str(own), "--seed", str(seed)]
        command += ["--tasks", str(tasks), "--kills", str(kills)]
        running.append((own, subprocess.Popen(command)))
        if len(running) % TOGETHER == 0:
            for _, process in running:
                process.wait()
    for _, process in running:
        process.wait()
    return [Result.from_json((own / "result.json").read_text()) for own, _ in running if (own / "result.json").exists()]


def tell(results: list[Result], seeds: list[int], missed: list[str], planted: int, seconds: float) -> int:
    """Print the figures; 0 when all bars are met."""
    problems = [f"seed {result.seed}: {problem}" for result in results for problem in result.wrong]
    problems += [f"seed {seed} did not end" for seed in seeds if seed not in {result.seed for result in results}]
    faults: Counter[str] = Counter()
    for result in results:
        faults += result.faults
        _tell_one(result)
        share = sum(result.accepted.values()) / max(1, sum(result.drawn.values()))
        if share < LEAST_ACCEPTED:
            problems.append(f"seed {result.seed}: only {share:.0%} of the steps were accepted")
    print("faults: " + ", ".join(f"{kind} {count}" for kind, count in sorted(faults.items())))
    few = [kind for kind in KINDS if faults[kind] < LEAST_FAULTS]
    problems += [f"only {faults[kind]} of {kind}" for kind in few]
    problems += [f"planted and not found: {name}" for name in missed]
    print(f"planted faults: {planted - len(missed)} of {planted} found")
    if planted < LEAST_PLANTED:
        problems.append(f"only {planted} faults were planted")
    for problem in problems[:100]:
        print(problem)
    lost = sum(" lost:" in problem for problem in problems)
    double = sum(" twice:" in problem for problem in problems)
    funded = sum(result.funded for result in results)
    print(f"soak-stripe: {funded} funded tasks, {len(results)} seeds, {lost} lost, {double} double,"
          f" {len(problems)} problems, {seconds:.0f} s")  # fmt: skip
    return 1 if problems else 0


def _tell_one(result: Result) -> None:
    drawn, accepted = sum(result.drawn.values()), sum(result.accepted.values())
    print(f"seed {result.seed}: {result.funded} funded tasks, {drawn} steps, {accepted / max(1, drawn):.0%} accepted,"
          f" {result.seconds:.0f} s")  # fmt: skip
    print("    steps: " + ", ".join(f"{name} {result.accepted[name]}/{n}" for name, n in sorted(result.drawn.items())))
    print("    objects: " + ", ".join(f"{kind} {count}" for kind, count in result.objects.items()))


if __name__ == "__main__":
    sys.exit(main())
