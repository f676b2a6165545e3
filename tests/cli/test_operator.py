"""What an operator does beside the running instance: settle, replay, unclaimed refunds, verify, migrate, doctor."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bountyhub.events import alarms, audit, inbox, outbox
from bountyhub.events.alarms import Found
from bountyhub.events.models import InboxEvent, OutboxJob
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Refund
from bountyhub.kit import clock, database, migrate
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.accounts import clearing
from bountyhub.pages.contexts.contributions import whereabouts
from bountyhub.ports.errors import OutsideGone, OutsideUnavailable
from bountyhub.ports.payments import PayeeAccount, RefundStatus
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.world import BO, CLEO, World, assert_books_are_right, merged, refunded
from tests.cli.conftest import Command
from tests.ledger.log.books import seal_all


def objected(world: World) -> int:
    """Bo merged his own pull request, Cleo objects: the claim's id."""
    world.pay()
    world.record(merged(world.linked(), by=BO))
    claim = world.claim().id
    with transaction() as session:
        work.object_to_claim(session, claim, world.actor(CLEO), world.permission(CLEO), "It doesn't build.")
    return claim


@pytest.mark.parametrize(("outcome", "state"), [("release", "released"), ("refuse", "refused")])
def test_the_operator_settles_a_claim_in_public(world: World, command: Command, outcome: str, state: str) -> None:
    claim = objected(world)
    result = command("settle", claim, outcome, "--reason", "Looked at by two of us.")
    assert (result.exit_code, result.output) == (0, f"Claim {claim} is {state}.\n")
    with reading() as session:
        trail = audit.trail(session, "claim", claim)
    assert any(event.actor == "operator" and "Looked at by two of us." in str(event.detail) for event in trail)


def test_what_can_not_be_settled_is_said_in_one_sentence(world: World, command: Command) -> None:
    world.linked()
    result = command("settle", world.claim().id, "release", "--reason", "Because.")
    assert (result.exit_code, result.stderr) == (2, "There is no open objection to settle.\n")
    assert command("settle", 999, "release", "--reason", "Because.").exit_code == 2


def test_settling_needs_a_reason_and_an_outcome(world: World, command: Command) -> None:
    claim = objected(world)
    assert command("settle", claim, "release").exit_code == 2
    assert command("settle", claim, "release", "--reason", "  ").exit_code == 2
    assert command("settle", claim, "burn", "--reason", "x").exit_code == 2
    assert world.claim().state == "blocked"


def test_a_stored_webhook_is_handled_again(world: World, command: Command) -> None:
    with transaction() as session:
        inbox.receive(session, source="github", delivery_id="d-1", event="issues", body="{}")
    with transaction() as session:
        for row in session.query(OutboxJob).filter(OutboxJob.name == "inbox.github"):
            row.finished_at = clock.real_now()
        session.query(InboxEvent).one().handled_at = clock.real_now()
    assert command("replay", "d-1").output == "github issues will be handled again.\n"
    assert [job["inbox"] for job in world.jobs("inbox.github")] == [world.rows(InboxEvent)[0].id]
    assert world.rows(InboxEvent)[0].handled_at is None


def failed_refund(world: World) -> str:
    """Cleo takes 50 € back, and her card's bank refuses them after the debit: the refund's reference."""
    given = world.pay()
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    refund = world.rows(Refund)[0]
    with transaction() as session:
        funding.record_refund(session, refunded(refund, RefundStatus.FAILED, failure="txn_back"))
    return str(refund.ref)


def test_unclaimed_refunds_are_listed_and_asked_for_again(world: World, command: Command) -> None:
    assert command("unclaimed").output == "No refund waits for you.\n"
    ref = failed_refund(world)
    assert command("unclaimed").output.startswith(f"{ref}  52.75 EUR  cleo@example.org  asked ")
    result = command("unclaimed", "again", ref)
    assert (result.exit_code, result.output[:29]) == (0, "52.75 EUR are asked for again")
    assert world.send_refunds() == 5275
    with transaction() as session:  # an old webhook of the first comes once more
        funding.record_refund(session, refunded(world.rows(Refund)[0], RefundStatus.FAILED, failure="txn_back"))
    assert [str(row.state) for row in world.rows(Refund)] == ["settled", "done"]
    assert str(world.rows(Contribution)[0].state) == "closed"
    assert command("unclaimed").output == "No refund waits for you.\n"
    assert_books_are_right()


def test_a_refund_given_back_from_the_bank_is_written_down_once(world: World, command: Command) -> None:
    ref = failed_refund(world)
    assert command("unclaimed", "paid", ref, "--note", " ").exit_code == 2
    assert command("unclaimed", "paid", ref, "--note", "IBAN, 3 May").output == "52.75 EUR are written down as paid.\n"
    again = command("unclaimed", "paid", ref, "--note", "IBAN, 4 May")
    assert (again.exit_code, again.stderr[:23]) == (2, "This refund is settled:")
    given = world.rows(Contribution)[0]
    assert (str(given.state), world.balances(given)) == ("closed", {})
    with reading() as session:
        trail = audit.trail(session, "contribution", given.id)
        assert whereabouts(session, [given])[given.id].state == "returned"
    assert any(event.actor == "operator" and "IBAN, 3 May" in str(event.detail) for event in trail)
    assert_books_are_right()


def test_a_refund_that_is_refused_is_listed_too(world: World, outside: Outside, command: Command) -> None:
    given = world.pay()
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
        refund = session.scalars(select(Refund)).one()
        funding.refuse_refund(session, refund.id, refund.ref)
    assert command("unclaimed").output.rstrip().endswith("refused 1 times, asked again")
    assert command("unclaimed", "again", refund.ref).exit_code == 2


def test_a_delivery_that_never_came_can_not_be_replayed(world: World, command: Command) -> None:
    assert (command("replay", "d-2").exit_code, world.jobs("inbox.github")) == (2, [])


def test_migrating_brings_a_database_to_the_newest_schema(sqlite: str, command: Command) -> None:
    migrate.downgrade(sqlite, "-1")
    assert command("ledger", "verify").stderr.endswith("Run: bountyhub migrate\n")
    assert command("migrate").output == f"The database is at {migrate.head()}.\n"
    assert migrate.current(database.engine()) == migrate.head()


def test_without_an_instance_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "nowhere"))
    result = command("ledger", "verify")
    assert result.exit_code == 2
    assert "Start one there with: bountyhub serve" in result.stderr
    assert not (tmp_path / "nowhere").exists()


def findings(command: Command, *options: str) -> dict[str, bool]:
    result = command("doctor", "--json", *options)
    told = {finding["name"]: finding["well"] for finding in json.loads(result.output)}
    assert result.exit_code == (0 if all(told.values()) else 1)
    return told


@pytest.fixture
def balanced(world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> World:
    """The processor has what the books say."""

    def balance(currency: str) -> Money:
        with reading() as session:
            return Money(ledger.balance(session, clearing(), currency), currency)

    monkeypatch.setattr(outside.gateway, "balance", balance)
    return world


def test_the_doctor_finds_a_healthy_instance_well(balanced: World, command: Command) -> None:
    looked_at = {"database", "jobs", "payments", "forge", "mail", "books", "alarms", "balance EUR", "own funds EUR"}
    of_forge = {"forge permissions", "lost deliveries", "forge asks to wait"}
    assert findings(command) == dict.fromkeys(looked_at | of_forge, True)
    assert all(line.startswith("✓ ") for line in command("doctor").output.splitlines())


def test_the_doctor_looks_whether_charities_can_receive(
    balanced: World, outside: Outside, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARITIES", '{"Some Fund": "acct_fund"}')
    outside.gateway.accounts["acct_fund"] = PayeeAccount("acct_fund", "FR", "EUR", True, True)
    assert findings(command)["charities"] is True
    outside.gateway.accounts["acct_fund"] = PayeeAccount("acct_fund", "FR", "EUR", True, False)
    assert "acct_fund can't receive money now" in command("doctor").output
    outside.gateway.fail["read_account"] = [OutsideGone("acct_fund")]
    assert "there is no account acct_fund" in command("doctor").output


def test_the_doctor_tells_open_alarms(balanced: World, command: Command) -> None:
    with transaction() as session:
        alarms.settle(session, "pending:", [Found("pending:r1", "refund_pending", "r1", "r1 holds 5.00 EUR")])
    assert findings(command)["alarms"] is False
    assert "alarms: r1 holds 5.00 EUR" in command("doctor").output


def test_the_doctor_sees_a_cent_that_the_processor_lacks(
    balanced: World, outside: Outside, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside.gateway, "balance", lambda currency: Money(49_999, currency))
    assert findings(command)["balance EUR"] is False
    assert "✗ balance EUR: the processor has 499.99 EUR, the books say 500.00 EUR" in command("doctor").output


def test_the_doctor_names_a_service_that_is_away(
    balanced: World, outside: Outside, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> str:
        raise OutsideUnavailable("GET /app: timed out")

    monkeypatch.setattr(outside.forge, "check", away)
    assert findings(command)["forge"] is False
    assert "GET /app: timed out" in command("doctor").output


def test_the_doctor_sees_that_nobody_works(balanced: World, command: Command) -> None:
    with transaction() as session:
        outbox.add(session, "forge.sync_comment", run_at=clock.real_now() - timedelta(minutes=3), task=1)
    assert findings(command)["jobs"] is False


def test_the_doctor_asks_more_of_a_public_instance(balanced: World, command: Command) -> None:
    told = findings(command, "--production")
    assert (told["address"], told["real services"]) == (False, False)


def test_the_doctor_stops_at_an_old_schema(sqlite: str, command: Command) -> None:
    migrate.downgrade(sqlite, "-1")
    assert findings(command) == {"database": False}


def test_a_person_is_forgotten_once_nothing_of_theirs_is_here(world: World, command: Command) -> None:
    waiting = world.pay(5000)
    refused = command("forget", "cleo", "--reason", "Asked for.")
    assert refused.exit_code == 2 and "They can't be forgotten yet. 52.75 EUR" in refused.stderr
    with transaction() as session:
        work.withdraw(session, waiting.id, world.actor(CLEO))
    world.send_refunds()
    seal_all()
    done = command("forget", "cleo", "--reason", "Asked for.")
    assert (done.exit_code, done.output) == (0, "They are forgotten. The books are as they were.\n")
    assert command("forget", "cleo", "--reason", "Asked for.").exit_code == 2
    assert_books_are_right()
