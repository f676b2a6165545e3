"""Random walks over every operation of the loop: after each step the books are right and every task says what is next.

One database for all walks of a run: each begins a new task, so that old ones lie around as they do in life.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Payment, Refund
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Account
from bountyhub.ledger.verify import verify
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Transfer, WaitReason
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.forge import ForgePerson, Permission, PullRequestInfo
from bountyhub.ports.payments import RefundStatus
from bountyhub.work import operations as work
from bountyhub.work.facts import next_steps
from bountyhub.work.models import Claim, ClaimState, Objection
from tests.builders.outside import Outside
from tests.builders.world import (
    ANA,
    BO,
    CLEO,
    DARA,
    EVE,
    World,
    account,
    closed,
    issue,
    later,
    merged,
    pull,
    refunded,
    transferred,
)

_numbers = count(1000)
PEOPLE = st.sampled_from([ANA, BO, CLEO, DARA, EVE])
HELD = ("escrow", "fee_held", "kept_for", "payable", "transfer_pending", "refund_pending", "unclaimed_refund")


class Walk(RuleBasedStateMachine):
    """Ana's task with its backers, Bo's and Dara's pull requests, and a clock that jumps."""

    world: World
    outside: Outside

    def __init__(self) -> None:
        super().__init__()
        self.world.permissions = {ANA.id: Permission.ADMIN, EVE.id: Permission.MAINTAIN}
        self.outside.forge.permissions = self.world.permissions
        self.issue = next(_numbers)
        self.world.task_id = self.world.task(self.issue)
        self.pulls: dict[int, PullRequestInfo] = {}

    def _own(self, model: type) -> list[Contribution]:
        return [row for row in self.world.rows(model) if row.task_id == self.world.task_id]

    def _claims(self) -> list[Claim]:
        return [claim for claim in self.world.rows(Claim) if claim.task_id == self.world.task_id]

    @rule(amount=st.integers(500, 9000), by=PEOPLE, wrong=st.sampled_from([False] * 5 + [True]))
    def pay(self, amount: int, by: ForgePerson, wrong: bool) -> None:
        try:
            ref = self.world.order(amount, by)
        except DomainError:
            return
        self.world.capture(ref, Money(amount, "EUR") if wrong else None)

    @rule(author=st.sampled_from([BO, DARA]), shown=st.booleans(), draft=st.booleans(), default=st.booleans())
    def open_pull(self, author: ForgePerson, shown: bool, draft: bool, default: bool) -> None:
        number = next(_numbers)
        opened = pull(number, closes=(self.issue,), author=author, draft=draft, base_is_default=default or shown)
        self._say(opened)
        if shown and any(claim.pull_number == number for claim in self._claims()):
            self.world.show(self.world.claim(number))

    def _say(self, said: PullRequestInfo) -> None:
        self.pulls[said.number] = said
        self.outside.see(said)
        self.world.record(said)

    def _open_pulls(self) -> list[PullRequestInfo]:
        return [one for one in self.pulls.values() if one.is_open]

    @precondition(lambda self: self._open_pulls())
    @rule(data=st.data(), by=st.sampled_from([ANA, BO, EVE]), heard=st.booleans())
    def merge(self, data: st.DataObject, by: ForgePerson, heard: bool) -> None:
        chosen = data.draw(st.sampled_from(self._open_pulls()))
        done = merged(replace(chosen, draft=False), by=by)
        self.pulls[done.number] = done
        self.outside.see(done)
        if heard:
            self.world.record(done)

    @precondition(lambda self: self._open_pulls())
    @rule(data=st.data(), change=st.sampled_from(["close", "unname", "ready"]))
    def change_pull(self, data: st.DataObject, change: str) -> None:
        chosen = data.draw(st.sampled_from(self._open_pulls()))
        changed = {
            "close": closed(chosen), "unname": replace(chosen, closes=()), "ready": replace(chosen, draft=False),
        }  # fmt: skip
        self._say(changed[change])

    @precondition(lambda self: self.pulls)
    @rule(data=st.data())
    def read_again(self, data: st.DataObject) -> None:
        self._say(data.draw(st.sampled_from(list(self.pulls.values()))))

    @precondition(lambda self: self._own(Contribution))
    @rule(data=st.data(), stay=st.booleans())
    def withdraw(self, data: st.DataObject, stay: bool) -> None:
        chosen = data.draw(st.sampled_from(self._own(Contribution)))
        self._try(lambda s: work.withdraw(s, chosen.id, OPERATOR))
        if stay:
            self._try(lambda s: work.stay(s, chosen.id, OPERATOR))

    @precondition(lambda self: self._claims())
    @rule(data=st.data(), by=PEOPLE, verb=st.sampled_from(["confirm", "unlink", "object", "settle"]), yes=st.booleans())
    def decide(self, data: st.DataObject, by: ForgePerson, verb: str, yes: bool) -> None:
        claim = data.draw(st.sampled_from(self._claims())).id
        who, may = self.world.actor(by), self.world.permission(by)
        verbs = {
            "confirm": lambda s: work.confirm_claim(s, claim, who, may),
            "unlink": lambda s: work.unlink_claim(s, claim, who, may),
            "object": lambda s: work.object_to_claim(s, claim, who, may, "No."),
            "settle": lambda s: work.settle_claim(s, claim, who, may, accept=yes, reason="So."),
        }
        self._try(verbs[verb])

    @precondition(lambda self: self.world.rows(Objection))
    @rule(data=st.data(), by=PEOPLE)
    def take_back_objection(self, data: st.DataObject, by: ForgePerson) -> None:
        chosen = data.draw(st.sampled_from(self.world.rows(Objection))).id
        self._try(lambda s: work.withdraw_objection(s, chosen, self.world.actor(by)))

    @rule(what=st.sampled_from(["cancel", "uncancel", "close", "reopen", "close", "reopen"]))
    def end(self, what: str) -> None:
        if what in ("close", "reopen"):
            self.world.record_issue(issue(self.issue, is_open=what == "reopen"))
        elif what == "cancel":
            self._try(lambda s: work.cancel_task(s, self.world.task_id, OPERATOR, Permission.NONE, "So."))
        else:
            self._try(lambda s: work.uncancel_task(s, self.world.task_id, OPERATOR, Permission.NONE))

    @rule(who=st.sampled_from([BO, DARA]), can_receive=st.sampled_from([True, True, False]))
    def payee(self, who: ForgePerson, can_receive: bool) -> None:
        self.world.connect(who, can_receive=can_receive)
        self.outside.gateway.accounts[f"acct_{who.login}"] = account(f"acct_{who.login}", can_receive=can_receive)

    @rule(outcome=st.sampled_from(["done", "done", "failed", "came back"]))
    def refunds(self, outcome: str) -> None:
        for row in self.world.rows(Refund):
            status = RefundStatus.SUCCEEDED if outcome == "done" else RefundStatus.FAILED
            failure = f"txn_back_{row.ref}" if outcome == "came back" else None
            if row.state in ("asked", "debited") and (failure or row.state == "asked"):
                result = refunded(row, status, failure, debited=outcome != "failed")
                self._try(lambda s, result=result: funding.record_refund(s, result))

    @rule(refuse=st.booleans())
    def transfers(self, refuse: bool) -> None:
        for row in [one for one in self.world.rows(Transfer) if one.state != "confirmed"]:
            with transaction() as session:
                asking = payouts.begin_transfer(session, row.id)
            if asking is not None:
                with transaction() as session:
                    if refuse:
                        payouts.refuse_transfer(session, row.id, WaitReason.ACCOUNT)
                    else:
                        payouts.record_transfer(session, transferred(asking.order.reference, row))

    @rule(days=st.sampled_from([0.5, 3, 7.1, 14.1, 40]))
    def time_passes(self, days: float) -> None:
        later(days)
        for name in (
            "work.sweep_ends", "work.sweep_notices", "work.sweep_windows", "work.sweep_objections", "work.sweep_lives",
            "payouts.sweep_kept", "payouts.sweep_unsendable", "funding.sweep_suspense",
        ):  # fmt: skip
            self.world.sweep(name)
        self.world.drain("work.")

    def _try(self, operation: object) -> None:
        assert callable(operation)
        try:
            with transaction() as session:
                operation(session)
        except DomainError as refused:
            assert str(refused)

    @invariant()
    def the_books_are_right(self) -> None:
        with reading() as session:
            assert verify(session).problems == []

    @invariant()
    def every_task_says_what_happens_next(self) -> None:
        with reading() as session:
            step = next_steps(session, [self.world.task_id])[self.world.task_id]
        assert step.text.endswith((".", "?")) and step.who

    @invariant()
    def what_came_in_is_here_or_went_out_once(self) -> None:
        with reading() as session:
            held = session.scalar(select(-func.sum(Account.balance)).where(Account.kind.in_((*HELD, "suspense"))))
            earned = session.scalar(select(-func.sum(Account.balance)).where(Account.kind == "income/fee"))
        taken = sum(payment.received or 0 for payment in self.world.rows(Payment))
        back = sum(row.total for row in self.world.rows(Refund) if row.state in ("debited", "done"))
        paid_out = sum(row.amount for row in self.world.rows(Transfer) if row.state == "confirmed")
        assert taken == (held or 0) + (earned or 0) + back + paid_out

    @invariant()
    def a_contribution_is_held_while_something_of_it_is_here(self) -> None:
        for row in self._own(Contribution):
            if row.state in ("held", "closed"):
                assert (row.state == "held") is bool(self.world.balances(row)), row.id

    @invariant()
    def at_most_one_claim_has_won(self) -> None:
        won = (ClaimState.WINDOW, ClaimState.BLOCKED, ClaimState.RELEASED)
        assert sum(claim.state in won for claim in self._claims()) <= 1

    @invariant()
    def a_merged_task_has_a_winner_and_an_open_one_has_none(self) -> None:
        won = {claim.state for claim in self._claims()} & {"window", "blocked", "released"}
        assert bool(won) is (self.world.read_task().state in ("merged", "completed"))


@pytest.fixture
def walks(sqlite: str) -> Iterator[type[Walk]]:
    Walk.world, Walk.outside = World.begin(own_funds=10_000_000), Outside().use()
    yield Walk


def play(walks: type[Walk], count: int, steps: int, *, same: bool) -> None:
    """`same`: the same walks each time."""
    chosen = settings(
        max_examples=count, stateful_step_count=steps, derandomize=same, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(walks, settings=chosen)


def test_whatever_people_do_and_however_time_passes_nothing_is_lost(walks: type[Walk]) -> None:
    play(walks, 6, 25, same=True)


@pytest.mark.long
def test_nothing_is_lost_on_new_walks_either(walks: type[Walk]) -> None:
    play(walks, 150, 50, same=False)
