"""What the cases covered: which kinds of ledger entries were posted, and which changes of state were made.

Each test that passes leaves one line in build/cases; `python -m tests.cases` reads them all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm.base import NO_VALUE

from bountyhub.funding.models import Contribution, Dispute, Promise, Refund
from bountyhub.kit.database import reading
from bountyhub.ledger.models import Entry
from bountyhub.payouts.models import Reversal, Share, Transfer

FOLDER = Path(__file__).parents[2] / "build" / "cases"

#: The nouns whose changes of state are noted.
NOUNS: dict[str, Any] = {
    "contribution": Contribution,
    "refund": Refund,
    "dispute": Dispute,
    "promise": Promise,
    "share": Share,
    "transfer": Transfer,
    "reversal": Reversal,
}

_made: set[str] = set()


@contextmanager
def noting() -> Iterator[set[str]]:
    """The changes of state that are made meanwhile, as `refund: asked → debited`."""
    _made.clear()
    listeners = [(model.state, _listener(noun)) for noun, model in NOUNS.items()]
    for attribute, listener in listeners:
        event.listen(attribute, "set", listener)
    try:
        yield _made
    finally:
        for attribute, listener in listeners:
            event.remove(attribute, "set", listener)


def _listener(noun: str) -> Any:
    def note(target: object, value: Any, old: Any, initiator: object) -> None:
        before = "–" if old is NO_VALUE or old is None else str(old)
        if str(value) != before:
            _made.add(f"{noun}: {before} → {value}")

    return note


def leave(part: str, name: str, made: set[str]) -> None:
    """One case's line: its name, the entries it posted and the changes of state."""
    with reading() as session:
        kinds = sorted(set(session.scalars(select(Entry.kind).distinct())))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"part": part, "case": name, "entries": kinds, "changes": sorted(made)}) + "\n")


def lines() -> list[dict[str, Any]]:
    """Every case that was run, by part."""
    found = [json.loads(line) for file in sorted(FOLDER.glob("*.jsonl")) for line in file.read_text().splitlines()]
    return sorted(found, key=lambda line: (line["part"], line["case"]))
