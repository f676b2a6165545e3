"""Forks `bountyhub` commands from one process that has imported them: a start then takes a tenth of a second, not two.

`Nursery` starts it (this module as a program) and talks to it in lines of JSON; each child is a whole process of its
own, with its own environment, log and signals. Used by instance.py.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """The parent of all processes of one test; they end with it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def start(self, arguments: list[str], environment: Mapping[str, str], log: Path) -> Child:
        """Run `bountyhub <arguments>`, or `-m module` by its `main`; what it prints goes to the end of `log`."""
        return Child(self, self.ask(do="start", arguments=arguments, environment=dict(environment), log=str(log)))

    def ask(self, **request: Any) -> Any:
        """One line there, one line back."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End every child and then itself."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()


@dataclass
class Child:
    """One running or ended command."""

    nursery: Nursery
    pid: int
    _status: int | None = None

    def status(self) -> int | None:
        """None while it runs, its exit status, or minus the signal that ended it."""
        if self._status is None:
            self._status = self.nursery.ask(do="poll", pid=self.pid)
        return self._status

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; gives the status."""
        if self.status() is None:
            self._status = self.nursery.ask(do="end", pid=self.pid, signal=int(how))
        assert self._status is not None
        return self._status


def _main() -> None:
    children: dict[int, int | None] = {}
    from bountyhub import wiring

    importlib.import_module("bountyhub.cli.serve")
    wiring.register_jobs()
    for line in sys.stdin:
        request = json.loads(line)
        answer: int | None
        if request["do"] == "start":
            answer = pid = _fork(request)
            children[pid] = None
        else:
            answer = _collect(children, request)
        print(json.dumps(answer), flush=True)
    for left in [pid for pid, status in children.items() if status is None]:
        _collect(children, {"do": "end", "pid": left, "signal": signal.SIGKILL})


def _collect(children: dict[int, int | None], request: dict[str, Any]) -> int | None:
    pid = request["pid"]
    if children[pid] is None:
        wait = os.WNOHANG
        if request["do"] == "end":
            wait = 0
            os.kill(pid, request["signal"])
        found, status = os.waitpid(pid, wait)
        children[pid] = os.waitstatus_to_exitcode(status) if found else None
    return children[pid]


def _fork(request: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _become(request)
    return pid


def _become(request: dict[str, Any]) -> NoReturn:
    status = 70
    try:
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for target in (1, 2):
            os.dup2(log, target)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.clear()
        os.environ.update(request["environment"])
        status = _run(request["arguments"])
    finally:
        sys.stdout.flush()
        os._exit(status)


def _run(arguments: list[str]) -> int:
    from bountyhub.cli import main
    from bountyhub.kit import faults

    importlib.reload(faults)  # it read the environment when it was imported
    try:
        if arguments[0] == "-m":
            importlib.import_module(arguments[1]).main()
        else:
            main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


if __name__ == "__main__":
    _main()
