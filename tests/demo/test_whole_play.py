"""`bountyhub demo` as its user runs it: once in JSON, once with each planted fault."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sums import balances

pytestmark = pytest.mark.long
STORIES = {"main loop", "kept share", "withdrawal", "ending", "window", "late claim", "wanted task"}


def demo(*options: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-c", "from bountyhub.cli import main; main()", "demo", "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    return done.returncode, json.loads(done.stdout)


def test_the_loop_and_every_way_back_to_the_cent(tmp_path: Path) -> None:
    status, report = demo("--keep", str(tmp_path / "kept"))
    assert (status, report["ok"], report["problem"]) == (0, True, None)
    assert {step["story"] for step in report["steps"]} == STORIES
    assert report["totals"]["balance"] == balances(str(tmp_path / "kept" / "sandbox.db"))
    assert (tmp_path / "kept" / "bountyhub.db").exists()


@pytest.mark.parametrize(
    ("fault", "noun"), [("lost-transfer", "transfer"), ("double-refund", "refund"), ("cent-off", "payment")]
)
def test_a_planted_fault_is_noticed(fault: str, noun: str) -> None:
    status, report = demo("--break", fault)
    assert (status, report["ok"], report["problem"]) == (1, False, None)
    assert f"each {noun} is at the processor exactly once" in report["noticed_by"]
    assert "the ledger's clearing is the sum of the processor's balance transactions" in report["noticed_by"]
