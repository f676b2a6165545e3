"""What goes wrong by chance, but the same way for the same seed: each draw is a digest of seed, subject and number.

The rates are switches (`options`); what befell is counted by kind, so that a soak can tell what it went through.
"""

from __future__ import annotations

import hashlib
from typing import Any

from bountyhub.sandbox.store import Tx
from bountyhub.sandbox.stripe.options import Options

Doc = dict[str, Any]
COUNTS = "stripe.fault_count"
WHOLE = 1000


def drawn(tx: Tx, options: Options, subject: str, kinds: tuple[str, ...]) -> str | None:
    """Which of these kinds befalls the next thing of a subject, by their rates in a thousand; mostly none."""
    rates = [(kind, int(getattr(options, f"rate_{kind}"))) for kind in kinds]
    if not any(rate for _, rate in rates):
        return None
    number = tx.next(f"stripe.chance.{options.fault_seed}.{subject}")
    left = _number(options.fault_seed, subject, number)
    for kind, rate in rates:
        if left < rate:
            count(tx, kind)
            return kind
        left -= rate
    return None


def _number(seed: int, subject: str, number: int) -> int:
    digest = hashlib.sha256(f"{seed}/{subject}/{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % WHOLE


def count(tx: Tx, kind: str) -> None:
    """One more of a kind."""
    known = tx.get(COUNTS, kind) or {"id": kind, "count": 0}
    tx.put(COUNTS, kind, known | {"count": known["count"] + 1})


def counts(tx: Tx) -> dict[str, int]:
    """Kind → how often it befell since the store was made or reset."""
    return {each["id"]: each["count"] for each in tx.all(COUNTS)}
