"""The walls of pyproject.toml hold: a small tree keeps them, and each planted import breaks the right one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
FEATURES = ["work", "payouts", "funding", "tasks", "projects", "people", "ledger", "events"]
PARTS = [
    "app",
    "pages",
    "api",
    "admin",
    "integrations",
    "bot",
    "notifications",
    *FEATURES,
    "ports",
    "http",
    "kit",
    "settings",
]

LAYERS = "Imports go one way"
SANDBOX = "Only the command line starts the sandboxes"
FLASK = "know no web framework"
OUTSIDE = "Only integrations speak to the outside"
FORGE = "know which forge it is"
WORKER = "Nothing but its own program imports the worker"

BREACHES = [
    ("bountyhub/tasks/rules.py", "import bountyhub.funding", LAYERS),
    ("bountyhub/api/views.py", "import bountyhub.pages", LAYERS),
    ("bountyhub/kit/money.py", "import bountyhub.people.models", LAYERS),
    ("bountyhub/settings/late.py", "import bountyhub.kit", LAYERS),
    ("bountyhub/sandbox/stripe.py", "import bountyhub.kit", LAYERS),
    ("bountyhub/surprise/__init__.py", "", LAYERS),
    ("bountyhub/app/start.py", "import bountyhub.sandbox.server", SANDBOX),
    ("bountyhub/work/operations.py", "import flask", FLASK),
    ("bountyhub/work/operations/claims.py", "from flask import g", FLASK),
    ("bountyhub/work/queries.py", "import flask_login", FLASK),
    ("bountyhub/payouts/jobs.py", "import stripe", OUTSIDE),
    ("bountyhub/work/operations.py", "from github import Github", OUTSIDE),
    ("bountyhub/bot/texts.py", "from github import Github", OUTSIDE),
    ("bountyhub/bot/texts.py", "import bountyhub.integrations.github.forge", FORGE),
    ("bountyhub/pages/task.py", "import bountyhub.integrations.github.forge", FORGE),
    ("bountyhub/cli/serve.py", "import worker", WORKER),
]


def plant(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
        (path.parent / "__init__.py").touch()


def walls(root: Path) -> subprocess.CompletedProcess[str]:
    config = str(ROOT / "pyproject.toml")
    command = [str(TOOLS / "lint-imports"), "--no-logo", "--no-cache", "--config", config]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    plant(tmp_path, {"bountyhub/__init__.py": "", "worker/__main__.py": "import bountyhub.app"})
    plant(tmp_path, {f"bountyhub/{part}/__init__.py": "" for part in [*PARTS, "sandbox"]})
    allowed = {
        "bountyhub/cli/serve.py": "import bountyhub.app, bountyhub.sandbox.server",
        "bountyhub/sandbox/server.py": "import flask, requests",
        "bountyhub/work/views.py": "import flask, bountyhub.funding.models",
        "bountyhub/funding/models.py": "import bountyhub.kit",
        "bountyhub/integrations/stripe/client.py": "import stripe, bountyhub.work.views",
        "bountyhub/app/wiring.py": "import bountyhub.integrations.stripe.client",
        "bountyhub/integrations/github/forge.py": "import github, bountyhub.bot.reads",
        "bountyhub/bot/reads.py": "import bountyhub.work.views",
        "bountyhub/wiring.py": "import bountyhub.integrations.github.forge",
        "bountyhub/admin/github.py": "import bountyhub.integrations.github.forge",
    }
    plant(tmp_path, allowed)
    return tmp_path


def test_a_tree_that_keeps_the_walls_passes(tree: Path) -> None:
    result = walls(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("path", "line", "wall"), BREACHES)
def test_a_planted_import_breaks_its_wall(tree: Path, path: str, line: str, wall: str) -> None:
    plant(tree, {path: line})
    result = walls(tree)
    assert result.returncode == 1, result.stdout + result.stderr
    broken = [row for row in result.stdout.splitlines() if " BROKEN" in row]
    assert [row for row in broken if wall in row], result.stdout


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import datetime\n\nnow = datetime.now()",
        "import time\n\nnow = time.time()",
        "import uuid\n\nname = uuid.uuid4()",
        "import random",
        "from secrets import token_hex",
        "import datetime as dt\n\nday = dt.date.today()",
    ],
)
def test_the_real_clock_and_chance_are_met_in_the_kit_only(line: str) -> None:
    def codes(path: str) -> str:
        command = [str(TOOLS / "ruff"), "check", "--select", "TID251", "--stdin-filename", path, "-"]
        done = subprocess.run(command, cwd=ROOT, input=line, capture_output=True, text=True, timeout=60)
        return done.stdout

    assert "TID251" in codes("bountyhub/work/operations.py")
    assert "TID251" in codes("worker/relay.py")
    assert "TID251" not in codes("bountyhub/kit/clock.py")
