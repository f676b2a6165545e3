"""Checks a folder of recorded exchanges and prints what was seen and what is wrong; used by `python -m`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance import github_token
from tests.conformance.github_check import check_github
from tests.conformance.github_description import MENDED
from tests.conformance.lines import Line, Verdict, read_lines
from tests.conformance.stripe_check import check_stripe

CHECKS: dict[str, Callable[[Line], Verdict]] = {"stripe": check_stripe, "github": check_github}
LEAST = {"stripe": 12, "github": 30}
SHOWN = 60
#: So many lines are worth a pool of processes.
MANY = 1_000
#: Judged by a schema written here, not by the published description: doesn't count as an operation of it.
BY_HAND = {github_token.OPERATION}
NOTES = {
    "stripe": (),
    "github": (
        *(f"description mended by hand, {place}" for place in MENDED),
        f"{github_token.OPERATION} is judged by a schema written by hand, and not counted",
    ),
}


@dataclass
class Tally:
    """What one source's lines came to; `wrong` counts each sentence with the first place it was seen at."""

    lines: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    webhooks: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    unchecked: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, line: Line, verdict: Verdict) -> None:
        self.lines += 1
        seen = self.webhooks if line.kind == "webhook" else self.operations
        (self.refused if verdict.refused else seen)[verdict.operation] += 1
        for sentence in verdict.violations:
            self._note(self.wrong, f"{verdict.operation} ({line.status}): {sentence}", line)
        if verdict.unchecked:
            self._note(self.unchecked, f"{verdict.operation} ({line.status}): {verdict.unchecked}", line)

    def described(self) -> int:
        """How many operations of the published description were seen."""
        return len(self.operations.keys() - BY_HAND)

    def _note(self, where: Counter[str], sentence: str, line: Line) -> None:
        where[sentence] += 1
        self.first.setdefault(sentence, line.where)


def tally(folder: Path, source: str) -> Tally:
    """Check every recorded line of one source; equal lines are judged once and counted each time."""
    lines = list(read_lines(folder, source))
    texts = [json.dumps(vars(line) | {"where": ""}) for line in lines]
    each = dict(zip(texts, lines, strict=True))
    known = dict(zip(each, _judge(list(each.values())), strict=True))
    found = Tally()
    for text, line in zip(texts, lines, strict=True):
        found.add(line, known[text])
    return found


def _judge(lines: list[Line]) -> list[Verdict]:
    """Many lines are shared among the machine's processors."""
    if len(lines) < MANY:
        return [_verdict(line) for line in lines]
    with ProcessPoolExecutor() as pool:
        return list(pool.map(_verdict, lines, chunksize=100))


def _verdict(line: Line) -> Verdict:
    return CHECKS[line.source](line)


def report(folder: Path, *, few: bool = False) -> bool:
    """Print the operations seen and everything wrong; whether all is well and enough (unless `few`) was seen."""
    print(f"Recorded exchanges in {folder}")
    tallies = {source: tally(folder, source) for source in CHECKS}
    for source, found in tallies.items():
        _print_source(source, found)
    violations = sum(found.wrong.total() for found in tallies.values())
    unchecked = sum(found.unchecked.total() for found in tallies.values())
    print(f"{violations} violations, {unchecked} unchecked")
    enough = [few or _enough(source, found) for source, found in tallies.items()]
    return violations == unchecked == 0 and all(enough)


def _print_source(source: str, found: Tally) -> None:
    wanted, kinds = f"at least {LEAST[source]} wanted", len(found.webhooks)
    print(f"\n{source}: {found.lines} lines, {found.described()} operations ({wanted}), {kinds} kinds of webhook")
    for name, count in [*sorted(found.operations.items()), *sorted(found.webhooks.items())]:
        print(f"  {count:6} {name}")
    for name, count in sorted(found.refused.items()):
        print(f"  {count:6} {name} refused, as its test wants: only the error answer was checked")
    for note in NOTES[source]:
        print(f"  note: {note}")
    for title, counter in (("violation", found.wrong), ("unchecked", found.unchecked)):
        for sentence, count in counter.most_common(SHOWN):
            print(f"  {title} ×{count}, first at {found.first[sentence]}: {sentence}")
        if len(counter) > SHOWN:
            print(f"  … and {len(counter) - SHOWN} more kinds of {title}")


def _enough(source: str, found: Tally) -> bool:
    if found.described() >= LEAST[source]:
        return True
    print(f"{source}: only {found.described()} operations were seen, at least {LEAST[source]} are wanted")
    return False
