"""What the command line does with the books: checking every rule of them, and writing them out."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from bountyhub import wiring
from bountyhub.cli.local import settings_here
from bountyhub.kit.snapshot import snapshot
from bountyhub.ledger.beancount import as_beancount
from bountyhub.ledger.export import as_csv
from bountyhub.ledger.verify import Report
from bountyhub.ledger.whole import verify_whole
from bountyhub.settings import SettingsError


def verify(*, as_json: bool, quiet: bool, against: Path | None) -> int:
    """Check the books; 0 when they are sound."""
    checkpoint = None if against is None else _read(against)
    wiring.wire_existing(settings_here())
    report = verify_whole(None if quiet or not sys.stderr.isatty() else _progress(), checkpoint=checkpoint)
    if as_json:
        click.echo(_as_json(report))
    else:
        for problem in report.problems:
            click.echo(str(problem))
        for warning in report.warnings:
            click.echo(f"warning: {warning}")
        state = "sound" if report.sound else f"{len(report.problems)} problems"
        click.echo(f"{report.entries} entries, {report.lines} lines, {report.accounts} accounts: {state}.")
    return 0 if report.sound else 1


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"--against: {file} can't be read as a checkpoint. Name the file you kept.") from None


def _progress() -> Callable[[str], None]:
    """Tells each check and the seconds since the beginning, beside the result."""
    began = time.monotonic()

    def tell(check: str) -> None:
        click.echo(f"{time.monotonic() - began:6.1f} s  {check}", err=True)

    return tell


def _as_json(report: Report) -> str:
    told = {"sound": report.sound, "entries": report.entries, "lines": report.lines, "accounts": report.accounts}
    problems = [str(problem) for problem in report.problems]
    return json.dumps(told | {"checks": report.checks, "problems": problems, "warnings": report.warnings})


def export(kind: str, out: Path | None) -> None:
    """Write the books as they are at this moment; a file is there whole or not at all."""
    wiring.wire_existing(settings_here())
    with snapshot(1) as (session,):
        text = as_csv(session) if kind == "csv" else as_beancount(session)
        if out is None:
            for part in text:
                click.echo(part, nl=False)
        else:
            _write(out, text)


def _write(out: Path, text: Iterator[str]) -> None:
    unfinished = out.with_name(f"{out.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.writelines(text)
        os.replace(unfinished, out)
    except OSError as error:
        raise SettingsError(
            f"--out: {out} can't be written: {error.strerror}. Name a file in a folder of yours."
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
