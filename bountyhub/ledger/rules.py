"""Splitting and fee arithmetic: pure, in whole minor units, used by releases, refunds and their previews.

Largest remainder (Hamilton's method), ties by stable id; then rows and columns are filled in id order, so
that both margins are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Cell:
    """A part of one row (a contribution) that goes to one column (a payee)."""

    row: str
    column: str
    amount: int


@dataclass(frozen=True)
class PlannedPiece:
    """A payee's part of one contribution, held back or not."""

    payee: str
    contribution: str
    amount: int
    held_back: bool


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share `total` in proportion to whole weights; the parts sum to it exactly. Raises ValueError."""
    whole = sum(weights.values())
    if total < 0 or whole <= 0 or min(weights.values()) < 0:
        raise ValueError("a split needs an amount of 0 or more and weights of which one is above 0")
    parts = {name: total * weight // whole for name, weight in weights.items()}
    order = sorted(weights, key=lambda name: (-(total * weights[name] % whole), name))
    for name in order[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def fill(rows: Mapping[str, int], columns: Mapping[str, int]) -> list[Cell]:
    """Pour rows into columns in id order; margins are exact, at most n + m − 1 cells. Raises ValueError."""
    if sum(rows.values()) != sum(columns.values()) or min([0, *rows.values(), *columns.values()]) < 0:
        raise ValueError("rows and columns must hold the same sum of amounts of 0 or more")
    return list(_pour([*sorted(rows.items())], [*sorted(columns.items())]))


def _pour(rows: list[tuple[str, int]], columns: list[tuple[str, int]]) -> Iterator[Cell]:
    waiting = iter(columns)
    column, room = next(waiting, ("", 0))
    for row, amount in rows:
        while amount:
            if not room:
                column, room = next(waiting)
                continue
            part = min(amount, room)
            yield Cell(row, column, part)
            amount, room = amount - part, room - part


def plan_release(
    contributions: Mapping[str, int], payees: Mapping[str, int], holdback_percent: int = 0, unit: int = 1
) -> list[PlannedPiece]:
    """Who gets what from whom: payee totals by weight, a percentage of each held back, all exact.

    `unit` is the least that can be moved (10 in a three-decimal currency); contributions are multiples of it.
    """
    if any(amount % unit for amount in contributions.values()):
        raise ValueError(f"every contribution must be a multiple of {unit}")
    rows = {name: amount // unit for name, amount in contributions.items()}
    return [replace(piece, amount=piece.amount * unit) for piece in _plan(rows, payees, holdback_percent)]


def _plan(contributions: Mapping[str, int], payees: Mapping[str, int], holdback_percent: int) -> list[PlannedPiece]:
    totals = split(sum(contributions.values()), payees)
    held = {payee: total * holdback_percent // 100 for payee, total in totals.items()}
    held_rows = split(sum(held.values()), contributions)
    paid_rows = {name: amount - held_rows[name] for name, amount in contributions.items()}
    paid = {payee: total - held[payee] for payee, total in totals.items()}
    return [
        *(PlannedPiece(cell.column, cell.row, cell.amount, held_back=True) for cell in fill(held_rows, held)),
        *(PlannedPiece(cell.column, cell.row, cell.amount, held_back=False) for cell in fill(paid_rows, paid)),
    ]


def part_due(fee: int, amount: int, moved_so_far: int, taken_so_far: int, unit: int = 1) -> int:
    """The part of a fee that goes with what moved so far: ⌊fee × moved / amount⌋ − taken before, in whole units.

    Negative when a movement is undone.
    """
    if amount <= 0 or fee < 0:
        raise ValueError("a fee belongs to an amount above 0")
    return fee * moved_so_far // amount // unit * unit - taken_so_far


def quarter_of(moment: datetime) -> int:
    """The quarter of its year that a moment lies in, 1 to 4."""
    return (moment.month + 2) // 3
