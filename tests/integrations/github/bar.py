"""`python -m tests.integrations.github.bar`: how many requests one funded, merged and paid issue took, and which."""

from __future__ import annotations

import json
import sys
from pathlib import Path

FIGURE = Path(__file__).parents[3] / "build" / "github-bar.json"
#: Installing the App isn't counted.
MOST = 12
#: In which something happens after the App was installed: each costs a token, however many issues there are.
HOURS = 2


def main() -> int:
    """Print what the test left; 1 when it left nothing, or too much."""
    if not FIGURE.exists():
        print("nobody ran tests/integrations/github/test_api_calls.py")
        return 1
    found = json.loads(FIGURE.read_text())
    print(f"one funded, merged and paid issue: {len(found['requests'])} requests to GitHub (at most {MOST}),"
          f" {found['on_issue']} comment on the issue, {found['on_pull']} on the pull request")  # fmt: skip
    for request in found["requests"]:
        print(f"    {request}")
    print(f"beside them {len(found['tokens'])} tokens, one for each hour in which the installation was asked")
    return 0 if len(found["requests"]) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
