"""`python -m tests.conformance [FOLDER]` checks recorded lines; `--self-test` shows that planted faults are seen."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.conformance.packaged import NoDescription
from tests.conformance.report import report
from tests.conformance.self_test import self_test

RECORDED = Path("build/exchanges")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help=f"of recorded exchanges, usually {RECORDED}")
    parser.add_argument("--self-test", action="store_true", help="show that each planted fault is reported")
    parser.add_argument("--few", action="store_true", help="take any number of operations, since only some tests ran")
    given = parser.parse_args()
    folder = given.folder or (None if given.self_test else RECORDED)
    try:
        return 0 if _run(folder, given.self_test, few=given.few) else 1
    except NoDescription as error:
        print(error, file=sys.stderr)
        return 2


def _run(folder: Path | None, with_self_test: bool, *, few: bool) -> bool:
    passed = self_test() if with_self_test else True
    return (folder is None or report(folder, few=few)) and passed


if __name__ == "__main__":
    sys.exit(main())
