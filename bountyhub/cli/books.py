"""What the command line does with the books: checking every rule of them, and writing them out."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from bountyhub import wiring
from bountyhub.cli.local import settings_here
from bountyhub.funding.operations.paper_checks import Wrong, check_papers, count_papers
from bountyhub.kit.database import reading
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
    tell = None if quiet or not sys.stderr.isatty() else _progress()
    report, papers = verify_whole(tell, checkpoint=checkpoint), _look_at_papers(tell)
    problems = [str(problem) for problem in [*report.problems, *papers.wrong]]
    if as_json:
        click.echo(_as_json(report, problems, papers.issued))
    else:
        for problem in problems:
            click.echo(problem)
        for warning in report.warnings:
            click.echo(f"warning: {warning}")
        state = f"{len(problems)} problems" if problems else "sound"
        counted = f"{report.entries} entries, {report.lines} lines, {report.accounts} accounts, {papers.issued} papers"
        click.echo(f"{counted}: {state}.")
    return 1 if problems else 0


class Papers(NamedTuple):
    """How many there are, and what is wrong with them."""

    issued: int
    wrong: list[Wrong]


def _look_at_papers(tell: Callable[[str], None] | None) -> Papers:
    if tell is not None:
        tell("papers")
    with reading() as session:
        return Papers(count_papers(session), list(check_papers(session)))


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


def _as_json(report: Report, problems: list[str], papers: int) -> str:
    told = {
        "sound": not problems, "entries": report.entries, "lines": report.lines, "accounts": report.accounts,
        "papers": papers,
    }  # fmt: skip
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
