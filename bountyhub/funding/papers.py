"""What is on a paper, as plain values, and back from the stored form. Pages and PDFs are made from this alone.

Every text and written amount is frozen with the paper: later changes of words, settings or names don't reach it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from bountyhub.kit import ids
from bountyhub.kit.money import Money, plain


@dataclass(frozen=True)
class Row:
    """One amount of a paper: what it is, in minor units, and as it is written."""

    text: str
    amount: int
    written: str


@dataclass(frozen=True)
class Fact:
    """One line of what a paper is about; `link` where it leads somewhere."""

    text: str
    value: str
    link: str = ""


@dataclass(frozen=True)
class Face:
    """Everything that is printed."""

    title: str
    name: str
    date: str
    currency: str
    seller: list[str]
    buyer: list[str]
    facts: list[Fact]
    rows: list[Row]
    total: Row
    notes: list[str] = field(default_factory=list)


def row(text: str, amount: int, currency: str) -> Row:
    """An amount with its words."""
    return Row(text, amount, plain(Money(amount, currency)))


def as_json(face: Face) -> dict[str, Any]:
    """The form that is stored."""
    return asdict(face)


def from_json(content: dict[str, Any]) -> Face:
    """A stored paper's face."""
    lists = {"facts": [Fact(**fact) for fact in content["facts"]], "rows": [Row(**each) for each in content["rows"]]}
    return Face(**(content | lists | {"total": Row(**content["total"])}))


def hash_of(content: dict[str, Any]) -> str:
    """Names this content and no other, however a database orders its keys."""
    return ids.digest(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True))
