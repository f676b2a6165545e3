"""The points at which crash tests kill: named with their place, counted by name, silent until armed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from bountyhub.kit import database, faults

database.configure("sqlite://")

def pay():
    with database.transaction():
        pass

def ask():
    with faults.call("ask"):
        pass

def fail():
    try:
        with faults.call("ask"):
            raise ValueError
    except ValueError:
        pass

for step in sys.argv[1:]:
    {"pay": pay, "ask": ask, "fail": fail}[step]()
print("reached the end")
"""


def run(steps: str, **environment: str) -> subprocess.CompletedProcess[str]:
    named = {f"BOUNTYHUB_FAULT_{name}": value for name, value in environment.items()}
    command = [sys.executable, "-c", PROGRAM, *steps.split()]
    return subprocess.run(command, env=os.environ | named, capture_output=True, text=True, timeout=30, check=False)


def test_each_passing_is_noted_with_the_function_that_committed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert run("pay ask pay", LOG=str(log)).returncode == 0
    assert log.read_text().split() == [
        "commit.before:__main__.pay:1", "commit.after:__main__.pay:1",
        "call.before:ask:1", "call.after:ask:1", "commit.before:__main__.pay:2", "commit.after:__main__.pay:2",
    ]  # fmt: skip


def test_an_error_is_an_answer_too(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert run("fail", LOG=str(log)).returncode == 0
    assert log.read_text().split() == ["call.before:ask:1", "call.after:ask:1"]


def test_the_process_dies_at_the_named_passing_and_not_before(tmp_path: Path) -> None:
    log = tmp_path / "log"
    killed = run("pay pay pay", LOG=str(log), KILL="commit.before:__main__.pay:2")
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    assert log.read_text().split()[-1] == "commit.before:__main__.pay:2"


def test_nothing_counts_before_the_test_says_so(tmp_path: Path) -> None:
    arm = tmp_path / "arm"
    assert run("ask", KILL="call.before:ask:1", ARM=str(arm)).returncode == 0
    arm.touch()
    assert run("ask", KILL="call.before:ask:1", ARM=str(arm)).returncode == -signal.SIGKILL


def test_without_a_wish_nothing_happens() -> None:
    assert run("pay ask").stdout == "reached the end\n"
