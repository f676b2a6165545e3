"""`python -m tests.cases`: every case of money that was driven through the stand-in, and what they cover together.

Reads what the tests left in build/cases; 1 when a row of the ledger or a change of state was in no case.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import groupby

from tests.cases.covered import lines
from tests.cases.expected import CHANGES, ENTRIES


def main() -> int:
    """Print the list, then what is in no case."""
    cases = lines()
    for part, of_part in groupby(cases, key=lambda case: str(case["part"])):
        print(part.replace("_", " "))
        for case in of_part:
            print(f"    {case['case']}")
    entries = Counter(kind for case in cases for kind in case["entries"])
    changes = Counter(change for case in cases for change in case["changes"])
    print("rows of the ledger's event table, with the number of cases:")
    print("    " + ", ".join(f"{kind} {entries[kind]}" for kind in sorted(ENTRIES)))
    print("changes of state, with the number of cases:")
    for change in sorted(CHANGES | set(changes)):
        print(f"    {change}  {changes[change]}")
    missing = sorted((ENTRIES - set(entries)) | (CHANGES - set(changes)))
    print(f"{len(cases)} cases, each ended with ledger = processor to the cent;"
          f" {len(ENTRIES & set(entries))} of {len(ENTRIES)} rows, {len(CHANGES & set(changes))} of {len(CHANGES)}"
          " changes of state")  # fmt: skip
    for name in missing:
        print(f"in no case: {name}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
