"""From the delivery of a merge being sent to the commit of its release, the API re-read included.

A thousand tasks exist, the instance is the embedded default, two hundred of the tasks are merged, each as soon as the
last one's transfer, comment, check run and mails are done. The clock starts when the stand-in sends the delivery and
ends when the release can be seen from outside its process.
"""

from __future__ import annotations

import json
import math
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bountyhub.settings import Settings
from tests.bench.filling import connect, fund, open_tasks, propose, tasks_there, wait_for_quiet, write_issues
from tests.bench.instance import local_instance, post, serving

TASKS, MERGES = 1000, 200
LIMITS = {50: 0.2, 99: 1.0}
#: How often the release is looked for: the figures are too long by half of this on average.
LOOK = 0.002
PATIENCE = 30.0


def main() -> int:
    """Fill, measure, print; 1 when a limit is passed."""
    with tempfile.TemporaryDirectory(prefix="bountyhub-bench-") as name:
        folder = Path(name)
        here = local_instance(folder)
        written = write_issues(here, TASKS)
        with serving(here, folder):
            tasks = open_tasks(here, written, busy=MERGES)
            connect(here, written)
            fund(here, tasks[:MERGES])
            pulls = propose(here, [number for number, _ in written.issues[:MERGES]])
            wait_for_quiet()
            print(f"{tasks_there()} tasks, {len(pulls)} of them funded and with a pull request; merging …", flush=True)
            released = dict(_merge_all(here, folder, pulls))
        seconds = _durations(folder, released)
    return _report(seconds)


def _merge_all(here: Settings, folder: Path, pulls: list[int]) -> Iterator[tuple[int, float]]:
    """(pull request, moment its release was there)."""
    with closing(sqlite3.connect(folder / "bountyhub.db", timeout=10)) as database:
        for done, pull in enumerate(pulls):
            post(here, "github/control/merge", repo="ana/inkwell", number=pull, **{"as": "ana"})
            yield pull, _see_release(database, done + 1)
            wait_for_quiet()


def _see_release(database: sqlite3.Connection, count: int) -> float:
    deadline = time.monotonic() + PATIENCE
    while database.execute("SELECT count(*) FROM release").fetchone()[0] < count:
        if time.monotonic() > deadline:
            sys.exit(f"release {count} did not come")
        time.sleep(LOOK)
    return time.time()


def _durations(folder: Path, released: dict[int, float]) -> list[float]:
    """Seconds from each delivery's sending to its release, ascending."""
    sent: dict[int, float] = {}
    with closing(sqlite3.connect(folder / "sandbox.db")) as stand_in:
        for (text,) in stand_in.execute("SELECT body FROM doc WHERE kind = 'delivery' ORDER BY seq"):
            delivery = json.loads(text)
            if delivery["event"] == "pull_request.closed":
                sent[json.loads(delivery["body"])["number"]] = delivery["sent"]
    return sorted(released[pull] - sent[pull] for pull in released)


def _report(seconds: list[float]) -> int:
    late = False
    for percent, limit in LIMITS.items():
        value = seconds[math.ceil(len(seconds) * percent / 100) - 1]
        late = late or value > limit
        print(f"p{percent}  {value:.3f} s   limit {limit} s   {'TOO SLOW' if value > limit else 'ok'}")
    print(f"max  {seconds[-1]:.3f} s   of {len(seconds)} merges, delivery sent to release committed")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
