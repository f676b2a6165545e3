"""Each house rule finds a planted fault and leaves a clean file alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.planted import found_by, places
from tools.lint import main
from tools.rules import commits, floats, ignores, length, locks, pure_rules, splits

LONG = "x = 1\n" * 301


def test_a_fault_is_printed_with_its_place_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found_by(length.check, tmp_path, {"bountyhub/long.py": LONG})
    assert main([str(tmp_path)]) == 1
    assert "bountyhub/long.py:301: 301 lines" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["tests/work/test_long.py", "templates/task.html", "static/site.css", "Makefile"])
def test_a_file_over_300_lines_is_a_fault(tmp_path: Path, path: str) -> None:
    assert places(found_by(length.check, tmp_path, {path: LONG})) == [f"{path}:301"]


def test_300_lines_are_allowed(tmp_path: Path) -> None:
    assert found_by(length.check, tmp_path, {"bountyhub/work.py": "x = 1\n" * 300}) == []


def test_a_listed_exception_with_a_reason_is_allowed(tmp_path: Path) -> None:
    files = {"bountyhub/long.py": LONG, "tools/long_files.txt": "bountyhub/long.py: one table\n"}
    assert found_by(length.check, tmp_path, files) == []


@pytest.mark.parametrize(
    ("listing", "message"),
    [
        ("bountyhub/long.py:\n", "say why"),
        ("bountyhub/long.py: one table\nbountyhub/short.py: once long\n", "remove this exception"),
        ("bountyhub/long.py: a\n" * 6, "more than 5 exceptions"),
    ],
)
def test_exceptions_stay_few_needed_and_reasoned(tmp_path: Path, listing: str, message: str) -> None:
    files = {"bountyhub/long.py": LONG, "bountyhub/short.py": "", "tools/long_files.txt": listing}
    faults = found_by(length.check, tmp_path, files)
    assert len(faults) == 1
    assert message in faults[0].message


def test_only_the_database_module_commits(tmp_path: Path) -> None:
    text = "def pay(session):\n    session.commit()\n"
    files = {
        "bountyhub/kit/database.py": text,
        "bountyhub/sandbox/store.py": text,
        "bountyhub/work/views.py": text,
        "worker/__main__.py": text,
    }
    assert places(found_by(commits.check, tmp_path, files)) == [
        "bountyhub/work/views.py:2",
        "worker/__main__.py:2",
    ]


def test_mypy_is_switched_off_in_integrations_only(tmp_path: Path) -> None:
    hushed = "x: int = 'a'  # type: " + "ignore[assignment]\n"
    files = {
        "bountyhub/integrations/stripe/client.py": hushed,
        "bountyhub/work/views.py": hushed,
        "tests/work/test_views.py": "# mypy: " + "ignore-errors\n",
        "tools/text.py": "x = 'a # type: " + "ignore in a string'\n",
    }
    assert places(found_by(ignores.check, tmp_path, files)) == [
        "bountyhub/work/views.py:1",
        "tests/work/test_views.py:1",
    ]


@pytest.mark.parametrize("text", ["x = 0.1\n", "x = float('1')\n", "def f(a: float): ...\n", "x = 3 / 2\n", "x /= 2\n"])
def test_a_float_near_money_is_a_fault(tmp_path: Path, text: str) -> None:
    files = {"bountyhub/ledger/rules.py": text, "bountyhub/people/rules.py": text}
    assert places(found_by(floats.check, tmp_path, files)) == ["bountyhub/ledger/rules.py:1"]


@pytest.mark.parametrize("line", ["x = total // 3", "x //= 3", "x, y = divmod(total, 3)", "x = round(total, -2)"])
def test_money_is_divided_in_rules_only(tmp_path: Path, line: str) -> None:
    paths = ["bountyhub/payouts/rules.py", "bountyhub/payouts/operations/shares.py", "bountyhub/pages/me.py"]
    faults = found_by(splits.check, tmp_path, dict.fromkeys(paths, line + "\n"))
    assert places(faults) == ["bountyhub/payouts/operations/shares.py:1"]


def test_whole_numbers_are_allowed_near_money(tmp_path: Path) -> None:
    assert found_by(floats.check, tmp_path, {"bountyhub/ledger/rules.py": "x = 7 // 2 * 100\n"}) == []


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "import sqlalchemy",
        "from time import time",
        "from bountyhub.kit import clock",
        "from bountyhub.tasks.models import Task",
        "import bountyhub.tasks",
    ],
)
def test_rules_may_not_reach_outside(tmp_path: Path, line: str) -> None:
    for path in ("bountyhub/work/rules.py", "bountyhub/work/rules/claims.py"):
        assert places(found_by(pure_rules.check, tmp_path, {path: line + "\n"})) == [f"{path}:1"]
        (tmp_path / path).unlink()


def test_rules_may_import_money_each_other_and_plain_stdlib(tmp_path: Path) -> None:
    text = (
        "import enum\nfrom datetime import timedelta\nfrom bountyhub.kit import money\n"
        "from bountyhub.kit.money import Money\nfrom bountyhub.tasks import rules\n"
        "from bountyhub.tasks.rules import can_close\n"
    )
    assert found_by(pure_rules.check, tmp_path, {"bountyhub/work/rules.py": text}) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--find-links wheels",
        "-f wheels",
        "thing @ file:///srv/thing.whl",
        "    # via -c /etc/constraints.txt",
    ],
)
def test_a_lock_names_no_place(tmp_path: Path, line: str) -> None:
    files = {"requirements.txt": f"flask==3.1.3 \\\n    --hash=sha256:00\n    # via -r requirements.in\n{line}\n"}
    assert places(found_by(locks.check, tmp_path, files)) == ["requirements.txt:4"]
