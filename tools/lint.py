"""The house rules that no ready-made tool knows; `make lint` runs `python -m tools.lint [ROOT]`.

Each module in tools/rules holds one rule: `check(sources)` yields the faults it finds.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.rules import commits, floats, ignores, length, locks, markup, pure_rules, splits, tables
from tools.source import Fault, Rule, read_tree

RULES: tuple[Rule, ...] = (
    commits.check,
    floats.check,
    ignores.check,
    length.check,
    locks.check,
    markup.check,
    pure_rules.check,
    splits.check,
    tables.check,
)


def faults(root: Path) -> list[Fault]:
    """Everything wrong under `root`, in path order."""
    sources = read_tree(root)
    found = [fault for rule in RULES for fault in rule(sources)]
    return sorted(found, key=lambda fault: (fault.path, fault.line))


def main(arguments: list[str]) -> int:
    """Print each fault on a line of its own; 1 when there is one."""
    found = faults(Path(arguments[0]) if arguments else Path.cwd())
    for fault in found:
        print(fault)
    print(f"house rules: {len(found)} broken" if found else "house rules: all kept")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
