"""What a soak prints: a table of the kinds of steps and events, the faults that were met, and the planted ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.soak_github.hunt import Found
from tests.soak_github.kinds import KINDS, name_of
from tests.soak_github.own_steps import OWN
from tests.soak_github.run import Result

#: The bars of a whole run: planted faults, and how often each kind of step has to be done in 300 histories.
LEAST_PLANTED, LEAST_DONE, WHOLE = 10, 3, 300


def tell(results: Sequence[Result], found: Sequence[Found], seconds: float) -> int:
    """Print it all; 0 when every bar is met."""
    done, drawn = _sum(one.done for one in results), _sum(one.drawn for one in results)
    names = [*(name_of(one) for one, weight in KINDS.items() if weight), *(one.__name__ for one in OWN)]
    print("steps (done / drawn):")
    for name in sorted(names, key=lambda one: -done[one]):
        print(f"    {name:<30} {done[name]:>6} / {drawn[name]}")
    _tell_counts("events of GitHub", _sum(one.events for one in results))
    _tell_counts("faults met", _sum(one.faults for one in results))
    problems = [f"{one.seed}: {line}" for one in results for line in one.wrong]
    for one in [each for each in results if each.story][:5]:
        print(f"{one.seed} ended otherwise after:\n{one.story}")
    if len(results) >= WHOLE:
        problems += [f"{name} was done only {done[name]} times" for name in names if done[name] < LEAST_DONE]
    if found:
        problems += _tell_planted(found)
    for problem in problems[:100]:
        print(problem[:1500])
    steps, slowest = sum(one.steps for one in results), max((one.seconds for one in results), default=0.0)
    print(f"soak-github: {len(results)} histories, {steps} steps, {sum(bool(one.wrong) for one in results)} ended"
          f" otherwise, {len(problems)} problems, slowest {slowest:.1f} s, {seconds:.0f} s")  # fmt: skip
    return 1 if problems else 0


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counters:
        total += one
    return total


def _tell_counts(title: str, counts: Counter[str]) -> None:
    print(f"{title}:")
    for name, count in counts.most_common():
        print(f"    {name:<40} {count:>6}")


def _tell_planted(found: Sequence[Found]) -> list[str]:
    print("planted faults, and in which history each was found:")
    for one in found:
        print(f"    {one.fault:<75} {one.histories or 'NOT FOUND'}  {one.by[:90]}")
    missed = [f"planted and not found: {one.fault}" for one in found if not one.histories]
    return missed + ([f"only {len(found)} faults were planted"] if len(found) < LEAST_PLANTED else [])
