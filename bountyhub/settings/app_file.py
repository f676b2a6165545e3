"""The forge App that an operator made from their desk: its keys in one file of DATA_DIR, for its owner alone to read.

Read by `load` at each start; written once by the operator's page. What the environment names counts more.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp

FILE = "github-app.json"
#: Written in the environment by who has no App yet and makes it from the desk.
NONE_YET = "none"
NAMES = (
    "GITHUB_APP_ID",
    "GITHUB_APP_SLUG",
    "GITHUB_APP_PRIVATE_KEY",
    "GITHUB_WEBHOOK_SECRET",
    "GITHUB_CLIENT_ID",
    "GITHUB_CLIENT_SECRET",
)


class BrokenAppFile(Exception):
    """The file is there and can't be read; the text names it and says what to do."""


def data_dir() -> Path:
    """Where an instance keeps its files: DATA_DIR, by default `var` in the current folder."""
    return Path(os.environ.get("DATA_DIR") or "var").absolute()


def is_named_outside() -> bool:
    """Whether the environment names the App."""
    return os.environ.get("GITHUB_APP_ID", "") not in ("", NONE_YET)


def values() -> dict[str, str]:
    """Settings of the App made here; empty where the environment names one, or nothing is said of it.

    Where the environment says that there is none yet: made-up ones, which fit no App. Raises BrokenAppFile.
    """
    if is_named_outside():
        return {}
    kept = _read(data_dir() / FILE)
    if kept is None and os.environ.get("GITHUB_APP_ID") == NONE_YET:
        return {name: _made_up(name) for name in NAMES} | {"GITHUB_APP_ID": "0", "GITHUB_APP_SLUG": NONE_YET}
    return kept or {}


def kept_id() -> str:
    """The number of the App in the file, "" where there is none."""
    return (_read(data_dir() / FILE) or {}).get("GITHUB_APP_ID", "")


def write(app: Mapping[str, str]) -> None:
    """Keep an App's settings; those of a former one stay beside them, because its forge gives them out only once."""
    folder = data_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE
    descriptor, fresh = mkstemp(prefix=FILE, dir=folder)  # readable by its owner alone
    with os.fdopen(descriptor, "w") as file:
        json.dump({name: app[name] for name in NAMES}, file)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        path.replace(folder / f"{FILE}.{kept_id()}")
    Path(fresh).replace(path)


def _made_up(name: str) -> str:
    """Nobody can guess it, and every process of an instance makes up the same."""
    return hmac.new(os.environ.get("SECRET_KEY", "").encode(), name.encode(), hashlib.sha256).hexdigest()


def _read(path: Path) -> dict[str, str] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(found[name]) for name in NAMES}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenAppFile(f"{path}: can't be read ({type(error).__name__}); move it away or put it right") from error
