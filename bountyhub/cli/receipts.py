"""`bountyhub ledger check-receipt`: needs no database, no settings and no network."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bountyhub.ledger.log import receipt

LARGEST = 1_000_000


def check_file(path: Path, key: str | None) -> int:
    """Say what the receipt proves, or what is wrong with it; 0 when all of it holds."""
    with path.open("rb") as file:
        text = file.read(LARGEST).decode(errors="replace")
    problems = receipt.check(text, key)
    for problem in problems:
        click.echo(problem)
    if not problems:
        click.echo(_proven(json.loads(text)))
        if key is None:
            click.echo("The key was taken from the file: compare it with the one you know, or give that as --key.")
    return 1 if problems else 0


def _proven(given: receipt.Json) -> str:
    entry, log = given["entry"], given["checkpoint"].partition("\n")[0]
    place = f"entry {int(given['leaf']['number']) + 1} of the first {given['size']} in the log {log}"
    hidden = "" if given["salt"] else " Its private part was forgotten; the public part holds."
    return f"Proven: {entry['kind']}, recorded {entry['recorded_at']}, is {place}.{hidden}"
