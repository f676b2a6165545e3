"""Wrong states of disputes, promises, moved money, lives and stops. Part of PLANTS."""

from __future__ import annotations

import sqlite3
from typing import Any

from bountyhub.kit import ids
from tests.soak_stripe.planting import Plant, one, put

Connection = sqlite3.Connection


def a_dispute_that_we_never_heard_of(ours: Connection, theirs: Connection) -> None:
    put(theirs, "stripe.dispute", one(theirs, "stripe.dispute") | {"id": f"dp_{ids.new_ref()}"})


def a_dispute_that_ended_otherwise(ours: Connection, theirs: Connection) -> None:
    found = one(theirs, "stripe.dispute")
    put(theirs, "stripe.dispute", found | {"status": "won" if found["status"] == "lost" else "lost"})


def a_dispute_that_did_not_end(ours: Connection, theirs: Connection) -> None:
    ours.execute("UPDATE dispute SET ended_at = NULL, ending = '' WHERE id = (SELECT min(id) FROM dispute)")


def a_dispute_of_another_payment(ours: Connection, theirs: Connection) -> None:
    found = one(theirs, "stripe.dispute")
    others = [row[0] for row in theirs.execute("SELECT id FROM doc WHERE kind = 'stripe.charge'")]
    put(theirs, "stripe.dispute", found | {"charge": next(id for id in others if id != found["charge"])})


def an_answer_that_was_noted_nowhere(ours: Connection, theirs: Connection) -> None:
    found = one(theirs, "stripe.dispute")
    put(theirs, "stripe.dispute", found | {"evidence_details": {"submission_count": 1}})
    ours.execute("UPDATE dispute SET submitted_at = NULL WHERE processor_id = ?", (found["id"],))


def an_answer_that_nobody_gave(ours: Connection, theirs: Connection) -> None:
    found = one(theirs, "stripe.dispute")
    put(theirs, "stripe.dispute", found | {"evidence": {"uncategorized_text": None}})
    ours.execute("UPDATE dispute SET submitted_at = created_at WHERE processor_id = ?", (found["id"],))


def money_frozen_for_what_is_over(ours: Connection, theirs: Connection) -> None:
    ours.execute("UPDATE dispute SET warned = 1 WHERE id = (SELECT min(id) FROM dispute WHERE ended_at IS NOT NULL)")


def taken_money_that_was_noted_nowhere(ours: Connection, theirs: Connection) -> None:
    first = "(SELECT min(id) FROM dispute WHERE withdrawn IS NOT NULL)"
    ours.execute(f"UPDATE dispute SET withdrawn = NULL WHERE id = {first}")


def a_fraud_warning_that_never_arrived(ours: Connection, theirs: Connection) -> None:
    warning = one(theirs, "stripe.early_fraud_warning")
    put(theirs, "stripe.early_fraud_warning", warning | {"id": f"issfr_{ids.new_ref()}"})


def a_promise_charged_twice(ours: Connection, theirs: Connection) -> None:
    put(theirs, "stripe.payment_intent", _charged(ours, theirs) | {"id": f"pi_{ids.new_ref()}"})


def a_promise_charged_too_much(ours: Connection, theirs: Connection) -> None:
    intent = _charged(ours, theirs)
    put(theirs, "stripe.payment_intent", intent | {"amount_received": intent["amount_received"] + 1})


def _charged(ours: Connection, theirs: Connection) -> dict[str, Any]:
    query = (
        "SELECT payment.payment_intent FROM promise JOIN payment USING (contribution_id)"
        " WHERE promise.state = 'charged' ORDER BY promise.id"
    )
    return one(theirs, "stripe.payment_intent", id=ours.execute(query).fetchone()[0])


def a_promise_charged_though_withdrawn(ours: Connection, theirs: Connection) -> None:
    first = "(SELECT min(id) FROM promise WHERE state = 'charged')"
    ours.execute(f"UPDATE promise SET state = 'withdrawn' WHERE id = {first}")


def a_promise_without_an_outcome(ours: Connection, theirs: Connection) -> None:
    ours.execute("UPDATE promise SET state = 'charging' WHERE id = (SELECT min(id) FROM promise)")


def a_card_left_behind(ours: Connection, theirs: Connection) -> None:
    method = one(theirs, "stripe.payment_method", customer=None)
    put(theirs, "stripe.payment_method", method | {"customer": "cus_1"})


def a_customer_left_behind(ours: Connection, theirs: Connection) -> None:
    customer = one(theirs, "stripe.customer", deleted=True)
    put(theirs, "stripe.customer", {"id": customer["id"], "object": "customer"})


def a_card_kept_here(ours: Connection, theirs: Connection) -> None:
    ours.execute("UPDATE promise SET customer = 'cus_1' WHERE id = (SELECT min(id) FROM promise WHERE ended_at > 0)")


def a_saved_card_that_nobody_heard_of(ours: Connection, theirs: Connection) -> None:
    session = one(theirs, "stripe.session", mode="setup", status="complete")
    strange = {"id": f"cs_{ids.new_ref()}", "metadata": {"reference": "nobody"}}
    put(theirs, "stripe.session", session | strange)


def moved_money_of_another_amount(ours: Connection, theirs: Connection) -> None:
    moved = "(SELECT max(id) FROM contribution WHERE moved_from_id IS NOT NULL)"
    ours.execute(f"UPDATE contribution SET fee = fee + 1 WHERE id = {moved}")


def money_here_after_its_day(ours: Connection, theirs: Connection) -> None:
    place = "SELECT contribution FROM ledger_account WHERE kind IN ('escrow', 'payable', 'kept_for') AND balance <> 0"
    ours.execute(f"UPDATE contribution SET leave_by = 0 WHERE ref IN ({place})")


def a_stop_that_nobody_lifted(ours: Connection, theirs: Connection) -> None:
    ours.execute("UPDATE stop SET ended_at = NULL WHERE id = (SELECT min(id) FROM stop)")


def a_transfer_that_waits_for_a_bank(ours: Connection, theirs: Connection) -> None:
    first = "(SELECT min(id) FROM transfer WHERE state = 'confirmed')"
    ours.execute(f"UPDATE transfer SET state = 'waiting', wait_reason = 'dispute' WHERE id = {first}")


PLANTS: tuple[Plant, ...] = (
    a_dispute_that_we_never_heard_of, a_dispute_that_ended_otherwise, a_dispute_that_did_not_end,
    a_dispute_of_another_payment, an_answer_that_was_noted_nowhere, an_answer_that_nobody_gave,
    money_frozen_for_what_is_over, taken_money_that_was_noted_nowhere, a_fraud_warning_that_never_arrived,
    a_promise_charged_twice, a_promise_charged_too_much, a_promise_charged_though_withdrawn,
    a_promise_without_an_outcome, a_card_left_behind, a_customer_left_behind, a_card_kept_here,
    a_saved_card_that_nobody_heard_of, moved_money_of_another_amount, money_here_after_its_day,
    a_stop_that_nobody_lifted, a_transfer_that_waits_for_a_bank,
)  # fmt: skip
