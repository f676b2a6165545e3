"""`make bench`: every bench, or those that are named, each in a process of its own; 1 when any of them is too slow.

A bench is a module of this package with `main() -> int`.
"""

from __future__ import annotations

import subprocess
import sys

BENCHES = ("merging", "posting", "releasing", "verifying")


def main(wanted: list[str]) -> int:
    """Run them one after the other."""
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        print(f"no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    failed = [name for name in wanted or BENCHES if _run(name)]
    if failed:
        print(f"\nover the limit: {', '.join(failed)}")
    return 1 if failed else 0


def _run(name: str) -> int:
    print(f"\n{name}", flush=True)
    return subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
