"""The tables of a soak, and what is wrong with it: violations, events too seldom, faults unseen."""

from __future__ import annotations

from collections.abc import Sequence

from tests.soak_ledger.figures import Figures
from tests.soak_ledger.hunt import Found, Result

#: The whole run's bars; a shorter run has to accept every event once.
STEPS, SHARE, TIMES = 100_000, 0.6, 200


def tell(results: Sequence[Result], found: Sequence[Found], seconds: float) -> list[str]:
    """Print everything; returns what is wrong, empty if nothing is."""
    figures = Figures()
    for result in results:
        figures.add(result.figures)
    print(f"\n{'event':<26}{'accepted':>10}{'replayed':>10}{'refused':>10}")
    for event, *numbers in figures.rows():
        print(f"{event:<26}" + "".join(f"{number:>10,}" for number in numbers))
    print(f"\nrefused as: {', '.join(f'{name} {times:,}' for name, times in figures.reasons.most_common())}")
    for result in results:
        of = result.figures
        print(f"{result.engine}: {of.steps:,} steps in {result.books} books, {of.races:,} pairs at once")
    print(f"\n{'planted fault':<64}{'on':<12}{'steps':>6}  found by")
    for each in found:
        by = each.violation.check if each.violation else "NOTHING"
        print(f"{each.fault:<64}{each.engine:<12}{each.steps:>6,}  {by}")
    problems = problems_of(results, found)
    share = f"{figures.share_accepted:.0%} accepted, each event {figures.rarest:,} times or more"
    seen = sum(each.violation is not None for each in found)
    print(f"\n{figures.steps:,} steps, {share}; {seen} of {len(found)} faults found; {seconds:.0f} s")
    print("\n".join(problems) if problems else "0 violations")
    return problems


def problems_of(results: Sequence[Result], found: Sequence[Found]) -> list[str]:
    """What doesn't meet the bars, in words."""
    figures = Figures()
    for result in results:
        figures.add(result.figures)
    problems = [result.violation for result in results if result.violation is not None]
    if figures.share_accepted < SHARE:
        problems.append(f"only {figures.share_accepted:.0%} of the steps were accepted")
    times = TIMES if figures.steps >= STEPS else 1
    for event, accepted, *_ in figures.rows()[:-1]:
        if accepted < times:
            problems.append(f"{event} was accepted {accepted} times, {times} are wanted")
    problems += [f"nobody found that {each.fault}" for each in found if each.violation is None]
    return problems
