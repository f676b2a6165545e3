"""Files of the npm packages pinned in `package.json`: fetched once under the lock file, kept in `build/conformance/`.

Used by the GitHub checkers; needs npm the first time.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "conformance"
WANTED = {
    "api.github.com.json": "node_modules/@octokit/openapi/generated/api.github.com.json",
    "schema.graphql": "node_modules/@octokit/graphql-schema/schema.graphql",
}


class NoDescription(Exception):
    """The descriptions could not be fetched; the message says what is needed."""


@functools.cache
def packaged(name: str) -> str:
    """The text of one of the WANTED files at the pinned version; raises NoDescription when it cannot be had."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = BUILD / hashlib.sha256(lock).hexdigest()[:12]
    if not _complete(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # test workers start at once: the first fetches, the others wait
            if not _complete(folder):
                _fetch(folder)
    return (folder / name).read_text(encoding="utf-8")


def _complete(folder: Path) -> bool:
    return all((folder / wanted).exists() for wanted in WANTED)


def _fetch(folder: Path) -> None:
    """Install the packages, keep the few files that are used and drop the rest (390 MB)."""
    work = folder / "npm"
    work.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, work / name)
    _npm_ci(work)
    for name, inside in WANTED.items():
        (work / inside).replace(folder / name)
    shutil.rmtree(work)


def _npm_ci(folder: Path) -> None:
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise NoDescription("npm is needed to fetch GitHub's API description: install Node.js 20+") from error
    except subprocess.CalledProcessError as error:
        raise NoDescription(f"npm could not fetch GitHub's API description: {error.stderr[-500:]}") from error
