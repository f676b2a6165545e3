"""Mails: to whom each occasion is told, and in which words."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import JOBS
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Refund
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Entry
from bountyhub.notifications.models import OutgoingMail
from bountyhub.people.models import MailLink
from bountyhub.people.operations import CLOCK
from bountyhub.ports.forge import CommitInfo, Permission
from bountyhub.ports.payments import RefundStatus
from bountyhub.work import operations as work
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, World, commit_by, issue, later, merged, pull, refunded


def told(world: World, occasion: str) -> list[str]:
    """To whom mails of an occasion were written, without the domain."""
    world.drain("notify.")
    mails = [mail for mail in world.rows(OutgoingMail) if mail.key.partition(":")[0] == occasion]
    return sorted(mail.to.partition("@")[0] for mail in mails)


def text(world: World, occasion: str) -> str:
    world.drain("notify.")
    mails = [mail for mail in world.rows(OutgoingMail) if mail.key.partition(":")[0] == occasion]
    return f"{mails[0].subject}\n{mails[0].text}"


def test_a_receipt_names_sum_fee_total_day_and_a_link_to_take_it_back(world: World) -> None:
    world.pay(5000, by=None, email="guest@example.org")
    mail = text(world, "receipt")
    for part in ("50.00 EUR", "2.75 EUR", "52.75 EUR", "Not delivered by", "/c/"):
        assert part in mail
    assert told(world, "receipt") == ["guest"]


def test_a_receipt_leads_to_the_proof_of_its_entry_and_to_the_file_that_only_its_backer_may_have(world: World) -> None:
    world.pay(5000, by=None)
    mail = text(world, "receipt")
    with transaction() as session:
        entry = session.scalars(select(Entry.id).where(Entry.kind == "captured")).one()
    (line,) = [line for line in mail.splitlines() if "proof" in line]
    assert line.endswith(f"/api/v1/ledger/entries/{entry}/proof"), "the number in the address only"
    assert "The receipt file, with the part that only you may see, is on the page above." in mail
    assert len(world.rows(MailLink)) == 1


def test_a_job_that_runs_again_writes_no_second_mail(world: World) -> None:
    given = world.pay()
    world.drain("notify.")
    with transaction() as session:
        outbox.add(session, "notify.contribution_held", contribution=given.id)
    assert told(world, "receipt") == ["cleo"]


def test_maintainer_and_author_hear_of_a_pull_request(world: World) -> None:
    world.pay()
    world.linked()
    assert told(world, "linked") == ["ana", "bo"]


def test_the_author_of_the_pull_request_that_lost_hears_of_it(world: World) -> None:
    world.pay()
    first = world.linked(40)
    world.linked(41, author=DARA)
    world.record(merged(first))
    assert told(world, "superseded") == ["dara"]
    assert "#40 by @bo was merged for" in text(world, "superseded")


def test_everybody_concerned_hears_of_a_release(world: World) -> None:
    world.pay(5000)
    world.pay(2500, by=DARA)
    world.connect(BO)
    world.record(merged(world.linked()))
    assert told(world, "released") == ["ana", "cleo", "dara"]
    assert told(world, "earned") == ["bo"]
    assert "75.00 EUR were released to @bo" in text(world, "released")


def test_a_statement_says_what_each_backers_own_money_built(world: World) -> None:
    world.pay(5000)
    world.record(merged(world.linked()))
    world.drain("notify.")
    mails = [m.text for m in world.rows(OutgoingMail) if m.to.startswith("cleo") and m.key.startswith("released")]
    assert "50.00 EUR of it were yours" in mails[0]


def test_somebody_who_took_their_money_back_gets_no_statement(world: World) -> None:
    world.pay(5000)
    gone = world.pay(2500, by=DARA)
    with transaction() as session:
        work.withdraw(session, gone.id, world.actor(DARA))
    world.send_refunds()
    world.record(merged(world.linked()))
    assert told(world, "released") == ["ana", "cleo"]


def test_a_kept_share_asks_its_developer_to_connect(world: World) -> None:
    world.pay()
    world.record(merged(world.linked()))
    assert "Connect a payout account" in text(world, "earned")


def test_the_developer_hears_of_the_transfer(world: World) -> None:
    world.pay()
    world.connect(BO)
    world.record(merged(world.linked()))
    world.send_transfers()
    world.drain("work.")
    assert told(world, "paid") == ["bo"]


def test_no_mail_names_a_backer_to_others(world: World) -> None:
    world.pay(5000, by=CLEO, email="secret-name@example.org")
    world.pay(2500, by=DARA)
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    with transaction() as session:
        work.object_to_claim(session, 1, world.actor(CLEO), Permission.READ, "It lost my notes.")
    later(8)
    with transaction() as session:
        work.settle_claim(session, 1, world.actor(EVE), Permission.MAINTAIN, accept=True, reason="I looked.")
    world.drain("notify.")
    for mail in world.rows(OutgoingMail):
        assert not re.search(r"cleo|secret-name|dara", mail.subject + mail.text), mail.key


def test_backers_maintainers_and_author_hear_of_windows_and_objections(world: World) -> None:
    world.pay()
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    with transaction() as session:
        objection = work.object_to_claim(session, 1, world.actor(CLEO), Permission.READ, "It lost my notes.")
    assert told(world, "window") == told(world, "objected") == ["ana", "bo", "cleo"]
    with transaction() as session:
        work.withdraw_objection(session, objection.id, world.actor(CLEO))
    assert "was withdrawn" in text(world, "settled")


@pytest.mark.parametrize(("commits", "admin", "why"), [
    ((), True, "nobody independent merged"), ((commit_by(CLEO),), False, "more than one author"),
])  # fmt: skip
def test_the_mail_of_a_window_says_why_there_is_one(
    world: World, commits: tuple[CommitInfo, ...], admin: bool, why: str
) -> None:
    world.pay()
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(commits=commits), by=BO if admin else ANA))
    assert why in text(world, "window")


def test_a_late_claim_is_told_to_those_who_can_help_it(world: World) -> None:
    world.pay()
    world.record(merged(pull(author=BO)))
    assert told(world, "late") == ["ana", "bo"]


def second_thoughts_are_over() -> None:
    """The minute after which people are told that a closed issue ends its task."""
    with transaction() as session:
        session.execute(update(OutboxJob).values(run_at=clock.real_now()))


def test_backers_are_warned_of_an_end_and_told_of_it(world: World) -> None:
    world.pay()
    world.record_issue(issue(is_open=False))
    assert told(world, "ending") == []
    second_thoughts_are_over()
    assert told(world, "ending") == ["cleo"]
    later(14.1)
    with transaction() as session:
        work.end_due(session, world.task_id)
    assert told(world, "cancelled") == ["ana", "cleo"]
    assert told(world, "refund") == ["cleo"]


def test_an_end_taken_back_before_the_mail_was_written_warns_nobody(world: World) -> None:
    world.pay()
    world.record_issue(issue(is_open=False))
    world.record_issue(issue())
    second_thoughts_are_over()
    assert told(world, "ending") == []


def test_a_merge_heard_of_a_moment_after_its_closed_issue_warns_nobody(world: World) -> None:
    world.pay()
    opened = world.linked()
    world.record_issue(issue(is_open=False))
    world.record(merged(opened))
    second_thoughts_are_over()
    assert told(world, "ending") == []


@pytest.mark.parametrize("said", [Money(100, "EUR"), Money(5275, "USD")])
def test_a_payment_set_apart_is_explained(world: World, said: Money) -> None:
    world.capture(world.order(), said)
    assert "not over the 52.75 EUR" in text(world, "suspended")


def test_a_refund_that_failed_is_told_with_what_to_do(world: World) -> None:
    given = world.pay()
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    with transaction() as session:
        result = refunded(world.rows(Refund)[0], RefundStatus.FAILED, debited=False)
        funding.record_refund(session, result)
    assert "still yours" in text(world, "refund-failed")


def test_a_notice_is_confirmed_with_its_day(world: World) -> None:
    given = world.pay()
    later(15)
    world.linked()
    with transaction() as session:
        work.withdraw(session, given.id, world.actor(CLEO))
    assert "If it is merged before" in text(world, "notice")


def test_a_refused_claim_is_told_to_author_and_maintainer(world: World) -> None:
    world.linked()
    with transaction() as session:
        work.unlink_claim(session, 1, world.actor(ANA), Permission.ADMIN)
    assert told(world, "refused") == ["ana", "bo"]


def test_a_sign_in_link_keeps_where_to_go_next(world: World) -> None:
    with transaction() as session:
        outbox.add(session, "notify.sign_in_link", email="new@example.org", next="/tasks/1?a=b")
    mail = text(world, "sign-in")
    assert "?next=%2Ftasks%2F1%3Fa%3Db" in mail
    assert world.rows(MailLink)[0].secret_digest not in mail
    assert "new@example.org" not in str([row.args for row in world.rows(OutboxJob)])


def test_every_mail_job_is_in_the_mail_queue() -> None:
    names = [name for name in JOBS if name.startswith(("notify.", "mail."))]
    assert len(names) >= 15
    assert {JOBS[name].queue for name in names} == {"mail"}


def test_a_mail_about_money_whose_life_is_over_does_not_say_that_nothing_was_merged(world: World) -> None:
    world.pay()
    later(80)
    world.record(merged(pull()))
    later(5.1)
    world.sweep("work.sweep_lives")
    mail = text(world, "refund")
    assert "that time is over" in mail
    assert "nothing was merged" not in mail


def test_no_mail_promises_what_nobody_does(world: World) -> None:
    given = world.capture(world.order(5000), received=Money(4000, "EUR"))
    assert given.state == "suspended"
    assert "match" not in text(world, "suspended")
    assert "goes back to your card by itself after 7 days" in text(world, "suspended")


def test_the_mail_of_a_notice_says_where_it_is_taken_back(world: World) -> None:
    given = world.pay(5000, by=None)
    world.linked()
    later(15)
    with transaction() as session:
        work.withdraw(session, given.id, CLOCK)
    assert "by the link in your receipt" in text(world, "notice")
