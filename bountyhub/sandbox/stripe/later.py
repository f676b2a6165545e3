"""Things that happen by themselves after a while: planned here by operations, done by `ticking`."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.store import Tx

Doc = dict[str, Any]
KIND = "stripe.later"


def plan(tx: Tx, action: str, target: str, due: int, *, business: bool = False) -> None:
    """Do `action` to `target` once real time (or business time) has reached `due`; planned twice is done once."""
    id = f"{action}:{target}"
    tx.put(KIND, id, {"id": id, "action": action, "target": target, "due": due, "business": business})


def due(tx: Tx, now: int, real: int) -> list[Doc]:
    return [each for each in tx.all(KIND) if each["due"] <= (now if each["business"] else real)]


def forget(tx: Tx, action: str, target: str) -> None:
    tx.delete(KIND, f"{action}:{target}")
