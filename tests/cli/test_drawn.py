"""`bountyhub ledger drawn`: what the owner took out of the bank account."""

from __future__ import annotations

from bountyhub.events.models import AuditEvent
from bountyhub.funding import operations as funding
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.accounts import bank
from bountyhub.ports.reconciliation import Movement
from tests.builders.world import World
from tests.cli.conftest import Command


def test_it_is_written_down_and_its_note_is_not_in_the_books(world: World, command: Command) -> None:
    out = Movement("txn_po", "payout", Money(-9_000, "EUR"), Money(0, "EUR"), "po_1", clock.now())
    with transaction() as session:
        funding.record_payout(session, out)
    assert "20.00 EUR are written down" in command("ledger", "drawn", "20", "eur", "--note", "rent for Dara").output
    with reading() as session:
        assert ledger.balance(session, bank(), "EUR") == 7_000
    assert world.rows(AuditEvent)[-1].detail["note"] == "rent for Dara"


def test_what_is_refused_says_why(world: World, command: Command) -> None:
    assert "0.00 EUR of own money are at the bank" in command("ledger", "drawn", "20", "EUR", "--note", "rent").output
    assert "Type the amount" in command("ledger", "drawn", "much", "EUR", "--note", "rent").output
    assert command("ledger", "drawn", "20", "EUR", "--note", " ").exit_code == 2
