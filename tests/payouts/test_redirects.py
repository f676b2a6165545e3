"""A share is sent on once, to the project or a charity, by who earned it and can't be paid; the books stay whole."""

from __future__ import annotations

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import queries as ledger
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.errors import CantRedirect, PayeeNotReady, TransferUnderWay
from bountyhub.payouts.models import Payee, Redirect, Share, StopScope, Transfer
from bountyhub.payouts.operations.charities import (
    drop_project_payee,
    name_project_payee,
    payee_of_project,
    record_charity,
)
from bountyhub.payouts.operations.redirects import redirect_share
from bountyhub.payouts.operations.stops import make_stop
from bountyhub.payouts.rules import NoRedirect, why_not_redirected
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.forge import ForgePerson
from tests.builders.world import (
    ANA,
    BO,
    CLEO,
    DARA,
    World,
    account,
    assert_books_are_right,
    later,
    merged,
    owed_shares,
    transferred,
)

FUND = "Free Software Fund"


def charity(*, can_receive: bool = True, name: str = FUND) -> int:
    with transaction() as session:
        said = account("acct_fund", can_receive=can_receive, submitted=True)
        return record_charity(session, name, said).id


def deliver(world: World, *amounts: int) -> None:
    for amount in amounts or (5000,):
        world.pay(amount)
    world.record(merged(world.linked()))


def send(world: World, to: int, who: ForgePerson = BO, name: str = FUND) -> None:
    with transaction() as session:
        redirect_share(session, 1, to, name, world.actor(who))


def sent_to(world: World) -> list[tuple[int | None, int, str]]:
    return [(t.payee_id, t.amount, str(t.state)) for t in world.rows(Transfer)]


def say(world: World, *, can_receive: bool) -> None:
    with transaction() as session:
        payouts.record_account(session, account("acct_bo", can_receive=can_receive, submitted=True))


ALL_WELL = {
    "waits": True, "sent_on": False, "payable": False, "frozen": False, "stopped": False, "came_back": False,
    "over": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, None),
        ({"waits": False}, NoRedirect.NOTHING),
        ({"sent_on": True, "waits": False}, NoRedirect.SENT_ON),
        ({"payable": True}, NoRedirect.PAYABLE),
        ({"frozen": True, "waits": False}, NoRedirect.FROZEN),
        ({"stopped": True}, NoRedirect.STOPPED),
        ({"came_back": True}, NoRedirect.CAME_BACK),
        ({"over": True}, NoRedirect.OVER),
    ],
)
def test_the_rule(changes: dict[str, bool], refused: NoRedirect | None) -> None:
    assert why_not_redirected(**(ALL_WELL | changes)) is refused


@pytest.mark.usefixtures("database")
def test_a_kept_share_goes_to_a_charity_like_to_any_payee() -> None:
    world = World.begin()
    deliver(world, 5000, 2500)
    to = charity()
    for _ in range(2):
        send(world, to)
    assert owed_shares(world) == [(7500, "payable")]
    assert "(redirected by @bo)" in world.step().text and FUND in world.step().text
    assert world.send_transfers() == 2
    assert (owed_shares(world), sent_to(world)) == (
        [(7500, "paid")],
        [(to, 5000, "confirmed"), (to, 2500, "confirmed")],
    )
    assert world.step().text.startswith(f"Paid 75 € to {FUND} (redirected by @bo)")
    assert [row.detail["to"] for row in world.rows(AuditEvent) if row.action == "share_redirected"] == [FUND]
    assert len(world.jobs("notify.share_redirected")) == 1
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_who_can_t_be_paid_any_more_sends_a_payable_share_on() -> None:
    world = World.begin(FRESH_DAYS=7)
    world.connect(BO)
    deliver(world)
    say(world, can_receive=False)
    to = charity()
    send(world, to)
    say(world, can_receive=True)  # too late: it isn't theirs any more
    assert sent_to(world) == [(to, 5000, "planned")]
    later(7.1)
    assert (world.send_transfers(), owed_shares(world)) == (1, [(5000, "paid")])
    with reading() as session:
        assert ledger.balance(session, "income/fee", "EUR") == 275
    assert_books_are_right()


def test_its_leave_by_stays_and_an_unpayable_charity_s_share_goes_back(world: World) -> None:
    given = world.pay(5000)
    world.record(merged(world.linked()))
    later(80)
    send(world, charity())
    charity(can_receive=False)
    later(6)
    world.send_transfers()
    world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(5000, "kept")]
    assert FUND in world.step().text
    world.sweep("work.sweep_lives")
    assert (owed_shares(world), world.send_refunds(), world.balances(given)) == ([(5000, "returned")], 5275, {})
    assert_books_are_right()


def test_a_charity_that_can_receive_again_is_sent_what_was_kept_for_it(world: World) -> None:
    deliver(world)
    send(world, charity())
    charity(can_receive=False)
    world.send_transfers()
    later(14.1)
    world.sweep("payouts.sweep_unsendable")
    assert owed_shares(world) == [(5000, "kept")]
    charity()
    world.sweep("payouts.sweep_kept")
    assert (world.send_transfers(), owed_shares(world)) == (1, [(5000, "paid")])
    assert_books_are_right()


def test_what_was_kept_for_others_is_never_a_charity_s(world: World) -> None:
    world.pay(5000)
    world.record(merged(world.linked(author=ForgePerson(777, "stranger"))))
    charity()
    world.sweep("payouts.sweep_kept")
    assert owed_shares(world) == [(5000, "kept")]


def test_the_rest_of_a_share_sent_in_part_is_sent_on(world: World) -> None:
    world.connect(BO)
    deliver(world, 5000, 2500)
    first = world.rows(Transfer)[0]
    with transaction() as session:
        asked = payouts.begin_transfer(session, first.id)
    with pytest.raises(TransferUnderWay):
        send(world, charity())
    assert asked is not None
    with transaction() as session:
        payouts.record_transfer(session, transferred(first.ref, first))
    say(world, can_receive=False)
    to = charity()
    send(world, to)
    world.send_transfers()
    assert [(payee == to, amount, state) for payee, amount, state in sent_to(world)] == [
        (False, 5000, "confirmed"), (True, 2500, "confirmed"),
    ]  # fmt: skip
    assert owed_shares(world) == [(7500, "paid")]
    assert_books_are_right()


def test_it_is_sent_on_once(world: World) -> None:
    deliver(world)
    send(world, charity())
    with transaction() as session:
        other = record_charity(session, "Another", account("acct_other")).id
    with pytest.raises(CantRedirect, match="sent this on already"):
        send(world, other)


def test_only_who_earned_it_sends_it_on(world: World) -> None:
    deliver(world)
    to = charity()
    for who in (ANA, CLEO, DARA):
        with pytest.raises(NotFound):
            send(world, to, who)
    with pytest.raises(NotFound), transaction() as session:
        redirect_share(session, 1, to, FUND, OPERATOR)
    with pytest.raises(NotFound), transaction() as session:
        redirect_share(session, 99, to, FUND, world.actor(BO))
    assert world.rows(Redirect) == []


def test_what_can_be_paid_is_not_sent_on(world: World) -> None:
    world.connect(BO)
    deliver(world)
    with pytest.raises(CantRedirect, match="You can be paid"):
        send(world, charity())
    world.send_transfers()
    with pytest.raises(CantRedirect, match="nothing here"):
        send(world, charity())


def test_stopped_money_is_not_sent_on(world: World) -> None:
    deliver(world)
    with transaction() as session:
        make_stop(session, StopScope.PERSON, str(world.persons["bo"].id), "Looking.", OPERATOR)
    with pytest.raises(CantRedirect, match="stopped"):
        send(world, charity())
    assert owed_shares(world) == [(5000, "kept")]


def test_money_whose_time_is_over_is_not_sent_on(world: World) -> None:
    deliver(world)
    later(86)
    with pytest.raises(CantRedirect, match="time"):
        send(world, charity())


def test_an_unpayable_charity_gets_nothing(world: World) -> None:
    deliver(world)
    with pytest.raises(PayeeNotReady):
        send(world, charity(can_receive=False))
    assert (owed_shares(world), world.rows(Redirect)) == ([(5000, "kept")], [])


def test_somebody_s_account_is_no_charity_s(world: World) -> None:
    world.connect(DARA)
    with pytest.raises(PayeeNotReady), transaction() as session:
        record_charity(session, FUND, account("acct_dara"))


def test_to_the_project_s_account_that_a_decider_named(world: World) -> None:
    project = world.read_task().project_id
    with pytest.raises(PayeeNotReady), transaction() as session:
        name_project_payee(session, project, world.actor(ANA))
    world.connect(ANA)
    for _ in range(2):
        with transaction() as session:
            name_project_payee(session, project, world.actor(ANA))
    assert world.actions("project").count("project_payee_named") == 1
    with reading() as session:
        payee = payee_of_project(session, project)
    assert payee is not None
    deliver(world)
    send(world, payee.id, name="ana/inkwell")
    for _ in range(2):
        with transaction() as session:
            drop_project_payee(session, project, world.actor(ANA))
    assert (world.send_transfers(), owed_shares(world)) == (1, [(5000, "paid")])
    with reading() as session:
        assert payee_of_project(session, project) is None


def test_the_charity_is_one_row_however_often_it_is_read(world: World) -> None:
    first, second = charity(), charity(name="Free Software Fund e. V.")
    assert first == second
    assert [row.charity for row in world.rows(Payee)] == ["Free Software Fund e. V."]
    assert world.rows(Share) == []
