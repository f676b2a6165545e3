"""The page "How the money is booked" names every kind of account and of event, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from bountyhub.ledger.accounts import RULES
from bountyhub.ledger.flows import FLOWS

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")


def first_column(heading: str) -> list[str]:
    """The names in the first column of the table under a heading."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def test_the_page_lists_every_kind_of_account() -> None:
    assert first_column("The chart") == list(RULES)


def test_the_page_lists_every_event() -> None:
    assert sorted(first_column("The events")) == sorted(FLOWS)


def test_every_event_is_in_the_file_the_page_names() -> None:
    folder = Path(__file__).parents[2] / "bountyhub" / "ledger"
    rows = re.findall(r"^\| `(\w+)` \| `(\w+\.py)` \|", PAGE, re.MULTILINE)
    assert len(rows) == len(FLOWS)
    for event, file in rows:
        assert f'"{event}"' in (folder / file).read_text(encoding="utf-8"), event
