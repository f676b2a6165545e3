"""Adds up the payment sandbox's file: `python -m bountyhub.cli.demo.sums FILE` prints one JSON document.

A separate script on purpose: it opens the file itself and shares no code with the application or the sandbox,
so that the two can't be wrong in the same way.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

Doc = dict[str, Any]


def summed(path: Path) -> Doc:
    """Every object that moved money; and per currency three sums of the balance transactions, in minor units.

    `balance`: all of them, net of costs. `costs`: what the processor kept. `own`: what the operator put in.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT kind, body FROM doc WHERE kind LIKE 'stripe.%' ORDER BY seq").fetchall()
    kinds: dict[str, list[Doc]] = {}
    for kind, body in rows:
        kinds.setdefault(kind.removeprefix("stripe."), []).append(json.loads(body))
    charges = {each["id"]: each for each in kinds.get("charge", [])}
    movements = {each["id"]: each for each in kinds.get("balance_transaction", [])}
    return {
        "balance": _sums(list(movements.values()), "amount", minus="fee"),
        "costs": _sums(list(movements.values()), "fee"),
        "own": _sums([each for each in movements.values() if each["type"] == "topup"], "amount"),
        "payments": [_moved(each, movements) for each in kinds.get("charge", []) if each["status"] == "succeeded"],
        "refunds": [_moved(each, movements) | _backer(each, charges) for each in kinds.get("refund", [])],
        "transfers": [_moved(each, movements) for each in kinds.get("transfer", [])],
    }


def _sums(movements: list[Doc], plus: str, minus: str | None = None) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in movements:
        currency = each["currency"].upper()
        sums[currency] = sums.get(currency, 0) + each[plus] - (each[minus] if minus else 0)
    return dict(sorted(sums.items()))


def _backer(refund: Doc, charges: dict[str, Doc]) -> Doc:
    """Whose card it goes back to, by the address that was given when it paid."""
    return {"backer": charges[refund["charge"]]["billing_details"]["email"]}


def _moved(each: Doc, movements: dict[str, Doc]) -> Doc:
    """`moved` is what the balance really lost or gained by it, before costs; None when nothing did."""
    movement = movements.get(each["balance_transaction"] or "")
    return {
        "id": each["id"],
        "reference": each["metadata"].get("reference"),
        "amount": each["amount"],
        "currency": each["currency"].upper(),
        "status": each.get("status"),
        "to": each.get("destination"),
        "moved": None if movement is None else abs(movement["amount"]),
    }


def main() -> None:
    """Print the sums of the file named on the command line."""
    json.dump(summed(Path(sys.argv[1])), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
