"""Debits of bank accounts begin here: the session is complete and unpaid; `debit_ends` is the bank, days later."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import charges, later, records, sessions
from bountyhub.sandbox.stripe.balance import DAY
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import Card

Doc = dict[str, Any]


def begin(call: Call, session: Doc, intent: Doc, account: Card, email: str | None) -> None:
    """The payer has agreed to the debit: nothing has come, and nobody can pay this session any more."""
    charge = charges.ask_bank(call, intent, account, email)
    waiting = intent | {
        "last_payment_error": None, "latest_charge": charge["id"], "next_action": None,
        "payment_method": charge["payment_method"], "status": "processing",
    }  # fmt: skip
    call.note("payment_intent.processing", records.save(call.tx, waiting))
    sessions.complete(call, session, waiting, email, paid=False)
    answers_on = call.now + call.options.debit_days * DAY
    later.plan(call.tx, "end_debit", charge["id"], answers_on, business=True)
