"""Wrong states planted in copies of what a soak left, one at a time: its checks must find each."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bountyhub import settings
from bountyhub.kit import database, ids
from tests.soak_stripe import planted_more
from tests.soak_stripe.checks import faults
from tests.soak_stripe.ended import Ended
from tests.soak_stripe.planting import Plant, drop, one, put, without_guards
from tests.soak_stripe.run import SETTINGS


def hunt(folder: Path) -> tuple[list[str], int]:
    """(what was planted and not found, how many were planted)."""
    settings.use(settings.load(**json.loads((folder / SETTINGS).read_text())))  # the key of the log is among them
    at_rest = _faults(folder, folder / "bountyhub.db", folder / "sandbox.db")
    missed = [plant.__name__ for plant in PLANTS if not _finds(folder, plant, at_rest)]
    return missed, len(PLANTS)


def _finds(folder: Path, plant: Plant, at_rest: set[str]) -> bool:
    own = folder / "planted"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    for name in ("bountyhub.db", "sandbox.db"):
        with closing(sqlite3.connect(folder / name)) as old, closing(sqlite3.connect(own / name)) as new:
            old.backup(new)
    with closing(sqlite3.connect(own / "bountyhub.db")) as ours, closing(sqlite3.connect(own / "sandbox.db")) as theirs:
        plant(ours, theirs)
        ours.commit()
        theirs.commit()
    return bool(_faults(folder, own / "bountyhub.db", own / "sandbox.db") - at_rest)


def _faults(folder: Path, ours: Path, theirs: Path) -> set[str]:
    database.configure(f"sqlite:///{ours}")
    try:
        return set(faults(Ended(theirs)))
    finally:
        database.engine().dispose()


def a_transfer_that_vanished(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    drop(theirs, "stripe.transfer", one(theirs, "stripe.transfer"))


def a_transfer_s_movement_that_vanished(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    drop(theirs, "stripe.balance_transaction", one(theirs, "stripe.balance_transaction", type="transfer"))


def a_transfer_sent_twice(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    put(theirs, "stripe.transfer", one(theirs, "stripe.transfer") | {"id": f"tr_{ids.new_ref()}"})


def a_transfer_of_another_amount(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    sent = one(theirs, "stripe.transfer")
    put(theirs, "stripe.transfer", sent | {"amount": sent["amount"] - 1})


def a_reversal_not_heard_of(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    put(theirs, "stripe.transfer", one(theirs, "stripe.transfer", amount_reversed=0) | {"amount_reversed": 1})


def a_refund_paid_twice(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    put(theirs, "stripe.refund", one(theirs, "stripe.refund") | {"id": f"re_{ids.new_ref()}"})


def a_refund_that_nobody_asked_for(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    strange = {"id": f"re_{ids.new_ref()}", "metadata": {}}
    put(theirs, "stripe.refund", one(theirs, "stripe.refund") | strange)


def a_cent_off(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    moved = one(theirs, "stripe.balance_transaction", type="charge")
    put(theirs, "stripe.balance_transaction", moved | {"net": moved["net"] - 1})


def a_fee_that_nobody_booked(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    fee = {"id": f"txn_{ids.new_ref()}", "net": -199, "type": "stripe_fee"}
    put(theirs, "stripe.balance_transaction", one(theirs, "stripe.balance_transaction") | fee)


def a_charge_that_we_never_heard_of(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    put(theirs, "stripe.charge", one(theirs, "stripe.charge", paid=True) | {"id": f"ch_{ids.new_ref()}"})


def a_charge_that_vanished(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    drop(theirs, "stripe.charge", one(theirs, "stripe.charge", paid=True))


def a_second_account_of_a_payee(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    put(theirs, "stripe.account", one(theirs, "stripe.account") | {"id": f"acct_{ids.new_ref()}"})


def an_event_that_never_arrived(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    put(theirs, "stripe.event", one(theirs, "stripe.event") | {"id": f"evt_{ids.new_ref()}"})


def a_webhook_that_was_not_handled(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    ours.execute("UPDATE inbox_event SET handled_at = NULL WHERE id = (SELECT min(id) FROM inbox_event)")


def a_transfer_without_an_outcome(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    ours.execute("UPDATE transfer SET state = 'sent' WHERE id = (SELECT min(id) FROM transfer WHERE state='confirmed')")


def a_refund_without_an_outcome(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    ours.execute("UPDATE refund SET state = 'asked' WHERE id = (SELECT min(id) FROM refund)")


def a_checkout_without_an_outcome(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    ours.execute("UPDATE payment SET state = 'planned' WHERE id = (SELECT min(id) FROM payment)")


def an_account_without_an_outcome(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    ours.execute("UPDATE payee SET account = NULL WHERE id = (SELECT min(id) FROM payee)")


def a_balance_changed_by_hand(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    without_guards(ours)
    ours.execute("UPDATE ledger_account SET balance = balance + 1 WHERE path = 'clearing'")


def a_line_changed_by_hand(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    without_guards(ours)
    ours.execute("UPDATE ledger_line SET amount = amount + 1 WHERE id = (SELECT min(id) FROM ledger_line)")


def a_job_that_fails(ours: sqlite3.Connection, theirs: sqlite3.Connection) -> None:
    ours.execute(
        "UPDATE outbox_job SET finished_at = NULL, attempts = 3, last_error = 'x' WHERE id ="
        " (SELECT min(id) FROM outbox_job WHERE every IS NULL AND name LIKE 'payouts.%')"
    )


PLANTS: tuple[Plant, ...] = (
    a_transfer_that_vanished, a_transfer_s_movement_that_vanished, a_transfer_sent_twice, a_transfer_of_another_amount,
    a_reversal_not_heard_of, a_refund_paid_twice, a_refund_that_nobody_asked_for, a_cent_off, a_fee_that_nobody_booked,
    a_charge_that_we_never_heard_of, a_charge_that_vanished, a_second_account_of_a_payee, an_event_that_never_arrived,
    a_webhook_that_was_not_handled, a_transfer_without_an_outcome, a_refund_without_an_outcome,
    a_checkout_without_an_outcome, an_account_without_an_outcome, a_balance_changed_by_hand, a_line_changed_by_hand,
    a_job_that_fails, *planted_more.PLANTS,
)  # fmt: skip
