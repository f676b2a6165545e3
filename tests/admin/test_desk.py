"""The operator's page: for operators alone, with what needs them and without anybody's address."""

from __future__ import annotations

import pytest

from bountyhub.admin.queries import without_addresses
from bountyhub.events import alarms, outbox
from bountyhub.events.alarms import Found
from bountyhub.events.models import OutboxJob
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Refund
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ledger import jobs, watch
from bountyhub.ledger.models import SelfCheck
from bountyhub.ports.forge import ForgePerson
from bountyhub.ports.payments import RefundStatus
from bountyhub.work import operations as work
from tests.admin.conftest import use
from tests.builders.world import ANA, BO, CLEO, DARA, refunded
from tests.pages.conftest import Pages


def alarm(*names: str) -> None:
    with transaction() as session:
        found = [Found(f"pending:{n}", "refund_pending", f"refund_pending/{n}", f"{n} holds 5.00 EUR") for n in names]
        alarms.settle(session, "pending:", found)


def fail_refund(pages: Pages) -> str:
    given = pages.world.pay()
    with transaction() as session:
        work.withdraw(session, given.id, pages.world.actor(CLEO))
    refund = pages.world.rows(Refund)[0]
    with transaction() as session:
        funding.record_refund(session, refunded(refund, RefundStatus.FAILED, failure="txn_back"))
    return str(refund.ref)


def fail_job(error: str) -> None:
    with transaction() as session:
        outbox.add(session, "events.purge")
        session.flush()
        session.query(OutboxJob).filter(OutboxJob.name == "events.purge").one().last_error = error


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
def test_there_is_no_such_page_for_anybody_else(pages: Pages, who: ForgePerson | None) -> None:
    someone = pages.signed_in(who) if who else pages.stranger()
    answer = someone.get("/operator")
    assert answer.status_code == 404
    assert 'href="/operator"' not in someone.get("/").text
    assert answer.text.count("Own funds") == 0


def test_the_operator_finds_it_in_the_header(pages: Pages) -> None:
    assert 'href="/operator"' in pages.signed_in(DARA).get("/").text
    assert pages.signed_in(DARA).get("/operator").status_code == 200


def test_who_is_no_operator_any_more_does_not(pages: Pages) -> None:
    dara = pages.signed_in(DARA)
    use(OPERATORS=[ANA.id])
    assert dara.get("/operator").status_code == 404


def test_alarms_come_first_and_the_ended_ones_are_kept_apart(pages: Pages) -> None:
    alarm("r1", "r2")
    alarm("r2")
    read = pages.signed_in(DARA).reads("/operator")
    assert "Alarms refund_pending/r2 r2 holds 5.00 EUR Raised" in read
    assert "1 ended lately r1 holds 5.00 EUR (ended" in read


def test_books_and_checks_are_told(pages: Pages) -> None:
    pages.world.pay(5000)
    read = pages.signed_in(DARA).reads("/operator")
    assert "No check has run yet" in read
    assert "498.96 € EUR 50.00 € 52.75 € 551.71 €" in read.replace("  ", " ")
    with transaction() as session:
        now = clock.real_now()
        session.add(SelfCheck(name=jobs.HOURLY, began_at=now, ended_at=now, entries=12, problems=0))
        session.add(SelfCheck(name=watch.DAILY, began_at=now, ended_at=now, entries=12, problems=2))
    read = pages.signed_in(DARA).reads("/operator")
    assert "Daily check: 2 problems, 12 entries, ended" in read
    assert "Hourly check: sound, 12 entries, ended" in read


def test_a_failed_refund_is_told_without_whom_it_is_owed_to(pages: Pages) -> None:
    ref = fail_refund(pages)
    text = pages.signed_in(DARA).get("/operator").text
    assert ref in text
    assert "52.75" in text
    assert "cleo@example.org" not in text


def test_a_failed_job_is_told_without_the_addresses_in_its_error(pages: Pages) -> None:
    fail_job("SMTPRecipientsRefused: {'cleo@example.org': (550, b'<cleo@example.org> unknown')}")
    text = pages.signed_in(DARA).get("/operator").text
    assert "SMTPRecipientsRefused" in text
    assert "@example" not in text


@pytest.mark.parametrize(
    "error", ["to a.b+c@d-e.org failed", "<x@y>", "('x@y',)", "mailto:x@y.org;z@y.org", "ü@ö.de", "x@y.org:25"]
)
def test_no_address_is_left_in_an_error(error: str) -> None:
    assert "@" not in without_addresses(error)


def test_the_page_takes_as_many_queries_however_much_there_is(pages: Pages) -> None:
    dara = pages.signed_in(DARA)
    few = pages.count(dara, "/operator")
    alarm(*(f"r{number}" for number in range(30)))
    fail_refund(pages)
    fail_job("ValueError: x")
    assert pages.count(dara, "/operator") == few <= 10


def test_nothing_on_it_can_be_pressed_to_move_money(pages: Pages) -> None:
    fail_refund(pages)
    alarm("r1")
    assert pages.signed_in(DARA).buttons("/operator") == set()
