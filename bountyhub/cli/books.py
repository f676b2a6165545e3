"""What the command line does with the books: checking every rule of them from scratch."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import click

from bountyhub import wiring
from bountyhub.cli.local import settings_here
from bountyhub.ledger.verify import Report
from bountyhub.ledger.whole import verify_whole


def verify(*, as_json: bool, quiet: bool) -> int:
    """Check the books; 0 when they are sound."""
    wiring.wire_existing(settings_here())
    report = verify_whole(None if quiet or not sys.stderr.isatty() else _progress())
    if as_json:
        click.echo(_as_json(report))
    else:
        for problem in report.problems:
            click.echo(str(problem))
        state = "sound" if report.sound else f"{len(report.problems)} problems"
        click.echo(f"{report.entries} entries, {report.lines} lines, {report.accounts} accounts: {state}.")
    return 0 if report.sound else 1


def _progress() -> Callable[[str], None]:
    """Tells each check and the seconds since the beginning, beside the result."""
    began = time.monotonic()

    def tell(check: str) -> None:
        click.echo(f"{time.monotonic() - began:6.1f} s  {check}", err=True)

    return tell


def _as_json(report: Report) -> str:
    told = {"sound": report.sound, "entries": report.entries, "lines": report.lines, "accounts": report.accounts}
    return json.dumps(told | {"checks": report.checks, "problems": [str(problem) for problem in report.problems]})
