"""GitHub's published example payloads (npm's `@octokit/webhooks-examples`, pinned in `package-lock.json` beside this).

Fetched once by npm into `build/webhook-examples/`; nothing of them is kept in the repository.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BUILD = HERE.parents[3] / "build" / "webhook-examples"
INSIDE = "node_modules/@octokit/webhooks-examples/api.github.com/index.json"
Json = dict[str, Any]


class NoExamples(Exception):
    """The examples could not be fetched; the message says what is needed."""


@dataclass(frozen=True)
class Example:
    """One published payload; `number` counts within its event."""

    event: str
    number: int
    payload: Json

    @property
    def action(self) -> str:
        return str(self.payload.get("action") or "")


@functools.cache
def examples() -> tuple[Example, ...]:
    """All of them, in GitHub's order; raises NoExamples."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = BUILD / hashlib.sha256(lock).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "index.json"
    with (folder / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # test workers start at once: the first fetches, the others wait
        if not kept.exists():
            _fetch(folder / "npm", kept)
    events: list[Json] = json.loads(kept.read_text(encoding="utf-8"))
    return tuple(
        Example(event["name"], number, payload) for event in events for number, payload in enumerate(event["examples"])
    )


def example(event: str, published: str, /, **changed: Any) -> Json:
    """The first published payload of an event and a published action; `changed` replaces top-level values."""
    found = next(one for one in examples() if (one.event, one.action) == (event, published))
    return found.payload | changed


def _fetch(work: Path, kept: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, work / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=work, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise NoExamples("npm is needed to fetch GitHub's example payloads: install Node.js 20+") from error
    except subprocess.CalledProcessError as error:
        raise NoExamples(f"npm could not fetch GitHub's example payloads: {error.stderr[-500:]}") from error
    (work / INSIDE).replace(kept)
    shutil.rmtree(work)
