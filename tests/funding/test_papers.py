"""Receipts, credit notes and statements: one for each movement, numbered without gaps, never changed."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bountyhub import settings
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Paper
from bountyhub.funding.operations.buyers import BuyerDetails
from bountyhub.funding.papers import Face, from_json, hash_of
from bountyhub.kit import clock, ids
from bountyhub.kit.database import engine, reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import release
from bountyhub.people.operations import CLOCK
from bountyhub.ports.forge import Permission
from bountyhub.work.operations import cancel_task, end_life, withdraw
from tests.builders.at_once import at_once
from tests.builders.processor_says import paid
from tests.builders.settings import play_settings
from tests.builders.world import ANA, BO, CLEO, World, assert_books_are_right, later, merged

YEAR = clock.real_now().year


def faces(world: World) -> list[Face]:
    return [from_json(paper.content) for paper in world.rows(Paper)]


def names(world: World) -> list[str]:
    return [paper.name for paper in world.rows(Paper)]


def rows(face: Face) -> dict[str, str]:
    return {each.text: each.written for each in face.rows} | {face.total.text: face.total.written}


def facts(face: Face) -> dict[str, str]:
    return {each.text: each.value for each in face.facts}


def take_back(world: World, given: Contribution) -> None:
    with transaction() as session:
        withdraw(session, given.id, world.actor(CLEO))


@pytest.mark.usefixtures("database")
def test_a_payment_has_its_receipt_in_the_same_transaction() -> None:
    world = World.begin()
    given = world.pay(5000)
    (face,) = faces(world)
    assert (face.title, face.name) == ("Receipt", f"R-{YEAR}-000001")
    assert rows(face) == {
        "Contribution, held for the task": "50.00 EUR", "Service fee": "2.75 EUR", "Paid": "52.75 EUR",
    }  # fmt: skip
    assert facts(face)["Contribution"] == given.ref
    assert face.buyer == [f"Who paid contribution {given.ref}"]


def test_the_same_payment_told_again_has_no_second_one(world: World) -> None:
    ref = world.order()
    for _ in range(3):
        world.capture(ref)
    assert names(world) == [f"R-{YEAR}-000001"]


@pytest.mark.usefixtures("database")
def test_what_is_taken_back_has_a_credit_note_that_names_the_receipt() -> None:
    world = World.begin()
    take_back(world, world.pay(5000))
    world.send_refunds()
    _, note = faces(world)
    assert (note.title, note.name) == ("Credit note", f"C-{YEAR}-000001")
    assert rows(note) == {"Contribution": "50.00 EUR", "Service fee": "2.75 EUR", "Goes back": "52.75 EUR"}
    assert facts(note)["Corrects"] == f"Receipt R-{YEAR}-000001"
    assert facts(note)["Why"] == "taken back by you"


@pytest.mark.usefixtures("database")
def test_a_release_has_a_statement_of_what_was_built() -> None:
    world = World.begin()
    world.connect(BO)
    world.pay(5000)
    world.record(merged(world.linked()))
    _, statement = faces(world)
    assert statement.name == f"S-{YEAR}-000001"
    assert rows(statement) == {
        "Released to who built it": "50.00 EUR", "Service fee earned": "2.75 EUR", "Of your money": "52.75 EUR",
    }  # fmt: skip
    said = facts(statement)
    assert (said["Pull request"], said["Paid by"]) == ("#40", f"Receipt R-{YEAR}-000001")
    assert "Merged" in said
    assert all(fact.link.startswith("http") for fact in statement.facts if fact.text == "Pull request")


def test_a_kept_share_has_its_statement_when_its_payee_comes(world: World) -> None:
    world.pay(5000)
    world.record(merged(world.linked()))
    assert len(faces(world)) == 1
    world.connect(BO)
    _, statement = faces(world)
    assert facts(statement)["Pull request"] == "#40"


def test_a_kept_share_that_lapses_has_a_credit_note(world: World) -> None:
    given = world.pay(5000)
    world.record(merged(world.linked()))
    later(90)
    with transaction() as session:
        end_life(session, given.id)
    note = faces(world)[-1]
    assert (note.title, facts(note)["Why"]) == ("Credit note", "the developer could not be paid in time")


def test_what_stops_being_payable_is_taken_back_by_a_correction(world: World) -> None:
    world.connect(BO)
    given = world.pay(5000)
    world.record(merged(world.linked()))
    with transaction() as session:
        share = share_of(session, given)
        piece = release.Piece(share, given.ref, 5000)
        release.undone(
            session, key="undone:1", pieces=[piece], terms=[funding.refunds.terms(given)], effective_at=clock.now(),
            actor="operator",
        )  # fmt: skip
    correction = faces(world)[-1]
    assert (correction.title, correction.name) == ("Correction of a statement", f"S-{YEAR}-000002")
    assert rows(correction)["Of your money"] == "-52.75 EUR"


def share_of(session: Any, given: Contribution) -> str:
    query = text("SELECT owner FROM ledger_account WHERE kind = 'payable' AND contribution = :ref")
    return str(session.scalar(query, {"ref": given.ref}))


def test_money_that_comes_too_late_has_both_papers(world: World) -> None:
    ref = world.order()
    with transaction() as session:
        cancel_task(session, world.task_id, world.actor(ANA), Permission.ADMIN, "No.")
    world.capture(ref)
    receipt, note = faces(world)
    assert "all of it goes back" in receipt.notes[0]
    assert rows(note) == {"Contribution": "50.00 EUR", "Service fee": "2.75 EUR", "Goes back": "52.75 EUR"}
    assert facts(note)["Corrects"] == f"Receipt R-{YEAR}-000001"


def test_a_wrong_amount_has_a_receipt_of_what_arrived_and_a_credit_note_of_all_of_it(world: World) -> None:
    ref = world.order()
    world.capture(ref, Money(4000, "USD"))
    (contribution,) = world.rows(Contribution)
    with transaction() as session:
        funding.return_suspended(session, session.get_one(Contribution, contribution.id), CLOCK)
    receipt, note = faces(world)
    assert (rows(receipt), rows(note)["Goes back"]) == ({"Paid": "40.00 USD"}, "40.00 USD")


def test_papers_name_the_operator_and_whom_the_backer_wanted_named(world: World) -> None:
    settings.use(play_settings(LEGAL_NAME="Bounties e.V.", LEGAL_ADDRESS="Weg 1; Berlin", PAPER_NOTE="§ 19 UStG",
                               VAT_COUNTRY="DE", VAT_RATES={"DE": Decimal(19)}, LEGAL_VAT_ID="DE1"))  # fmt: skip
    buyer = BuyerDetails(name="Łódź S.A.", address="ul. 1\nŁódź", vat_id="PL1234567890", reference="PO 7", country="PL")
    with transaction() as session:
        order = funding.Order(world.task_id, Money(5000, "EUR"), "a@example.org", None, True, ids.new_ref(), "", buyer)
        ref = funding.contribute(session, order).ref
    world.capture(ref)
    (face,) = faces(world)
    assert face.seller == ["Bounties e.V.", "Weg 1", "Berlin", "VAT number DE1"]
    assert face.buyer == ["Łódź S.A.", "ul. 1", "Łódź", "VAT number PL1234567890", "Your reference: PO 7"]
    assert face.notes[1:] == [
        "Reverse charge: the recipient owes the VAT on the service fee (Article 196, Directive 2006/112/EC).",
        "§ 19 UStG",
    ]
    assert "example.org" not in json.dumps(world.rows(Paper)[0].content)


def test_later_changes_reach_no_issued_paper(world: World) -> None:
    world.pay()
    before = world.rows(Paper)[0]
    settings.use(play_settings(LEGAL_NAME="Somebody else", FEE_PERCENT=Decimal(9)))
    with transaction() as session:
        session.execute(text("UPDATE task SET title = 'Another'"))
    world.pay()
    after = world.rows(Paper)[0]
    assert (after.content, after.hash) == (before.content, before.hash)
    assert after.hash == hash_of(after.content)


@pytest.mark.usefixtures("database")
def test_a_rollback_gives_its_number_back() -> None:
    world = World.begin()
    refs = [world.order() for _ in range(3)]
    world.capture(refs[0])
    with pytest.raises(ZeroDivisionError), transaction() as session:
        funding.record_checkout(session, refs[1], paid(refs[1], Money(5275, "EUR")))
        funding.papers.issue_papers(session)
        assert session.scalar(select(Paper.number).order_by(Paper.id.desc())) == 2
        raise ZeroDivisionError
    world.capture(refs[2])
    assert names(world) == [f"R-{YEAR}-000001", f"R-{YEAR}-000002"]
    assert_books_are_right()


@pytest.mark.usefixtures("postgresql")
def test_payments_at_the_same_moment_take_numbers_one_after_the_other() -> None:
    world = World.begin(own_funds=1_000_000)
    refs = [world.order(5000, by=None, email=f"g{number}@example.org") for number in range(8)]

    def capture(ref: str) -> Any:
        return lambda session: funding.record_checkout(session, ref, paid(ref, Money(5275, "EUR")))

    at_once(*(capture(ref) for ref in refs))
    assert sorted(paper.number for paper in world.rows(Paper)) == list(range(1, 9))
    assert_books_are_right()


def test_a_new_year_begins_at_one(world: World) -> None:
    world.pay()
    clock.set_offset(timedelta(days=400))
    world.pay()
    assert [(paper.year - YEAR, paper.number) for paper in world.rows(Paper)][1][1] == 1


CHANGES = (
    "UPDATE paper SET number = 7",
    "DELETE FROM paper",
    "UPDATE agreed_text SET text = 'more'",
    "DELETE FROM agreed_text",
    "INSERT INTO paper (ref, kind, series, year, number, contribution_id, entry_id, issued_at, content, hash) "
    "SELECT 'r2', 'credit_note', series, year, number + 2, contribution_id, entry_id, issued_at, content, hash "
    "FROM paper",
)


@pytest.mark.usefixtures("owned")
@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_a_paper_or_to_leave_a_number_out(statement: str) -> None:
    World.begin().pay()
    with engine().connect() as connection, pytest.raises(DBAPIError, match=r"guard|append-only"):
        connection.exec_driver_sql(statement)


@pytest.mark.usefixtures("sqlite")
def test_sqlite_refuses_to_replace_one() -> None:
    World.begin().pay()
    columns = "id, ref, kind, series, year, number, contribution_id, entry_id, issued_at, content, hash"
    replacing = f"INSERT OR REPLACE INTO paper ({columns}) SELECT {columns} FROM paper"
    with engine().connect() as connection, pytest.raises(DBAPIError, match="guard"):
        connection.exec_driver_sql(replacing)


@pytest.mark.usefixtures("postgresql")
def test_the_applications_role_may_only_add_papers() -> None:
    World.begin().pay()
    for statement in ("UPDATE paper SET number = 7", "DELETE FROM paper", "TRUNCATE paper"):
        with engine().connect() as connection, pytest.raises(DBAPIError, match="denied"):
            connection.exec_driver_sql(statement)
    with reading() as session:
        assert session.scalar(select(Paper.number)) == 1
