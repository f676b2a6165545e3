"""Where a contribution's payment stands in the log of the books, and its receipt."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.funding.queries import entry_of
from bountyhub.kit.errors import NotFound
from bountyhub.ledger.log import store
from bountyhub.ledger.log.models import Leaf
from bountyhub.ledger.log.receipt import receipt


@dataclass(frozen=True)
class ProofView:
    """`number` (from 1) of `size` entries, None until it is sealed; `receipt_url`: None for all but its backer."""

    number: int | None
    size: int
    proof_url: str
    receipt_url: str | None


def proof(session: Session, contribution: Contribution, base: str | None) -> ProofView | None:
    """None while nothing is booked. Four queries. Without `base`, the page of a backer, there is no receipt."""
    entry = entry_of(session, contribution)
    if entry is None:
        return None
    number = session.scalar(select(Leaf.number).where(Leaf.entry_id == entry))
    told = store.newest_checkpoint(session)
    sealed = told is not None and number is not None and number < told.size
    return ProofView(
        number=number + 1 if sealed and number is not None else None, size=told.size if told else 0,
        proof_url=f"/api/v1/ledger/entries/{entry}/proof", receipt_url=f"{base}/receipt.json" if base else None,
    )  # fmt: skip


def receipt_file(session: Session, contribution: Contribution) -> Response:
    """The receipt to be kept; raises NotFound while nothing is booked and NotSealed for a minute after."""
    entry = entry_of(session, contribution)
    if entry is None:
        raise NotFound("Nothing was paid yet.", advice="The receipt is here once the payment has arrived.")
    made = Response(json.dumps(receipt(session, entry), indent=2) + "\n", mimetype="application/json")
    made.headers["Content-Disposition"] = f'attachment; filename="receipt-{contribution.ref}.json"'
    made.headers["Cache-Control"] = "no-store"
    return made
