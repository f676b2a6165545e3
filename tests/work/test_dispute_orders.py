"""A dispute's snapshots in any order, again and again, among what happens to its money meanwhile: it ends one way.

One database for all plays of a run: each begins a new task, so that old disputes lie around as they do in life.
"""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bountyhub.funding.models import Contribution, Dispute
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.ledger import queries as ledger
from bountyhub.payouts.models import Transfer
from bountyhub.work import operations as work
from tests.builders.world import BO, CLEO, World, assert_books_are_right, later, merged, pull
from tests.work.bank import Bank

_numbers = count(2000)
ENDINGS = {"won": "won", "lost": "lost", "let be": "closed", "strange": "won", "odd": "closed"}
LET_BE = ("let be", "odd")
#: What happens next: the bank goes on, we hear of it (how stale a reading: 0 is news), or the task goes on.
STEPS = st.one_of(
    st.just("decide"), st.just("decide"), st.integers(0, 3),
    st.sampled_from(["open_pull", "merge", "transfer", "withdraw", "refund", "wait", "warn"]),
)  # fmt: skip


class Play:
    """One contribution, its task, its dispute."""

    def __init__(self, world: World, ending: str, part: int | None, *, asked_before: bool) -> None:
        self.world, self.number = world, next(_numbers)
        world.task_id = world.task(self.number)
        self.money: Contribution = world.pay(5000)
        self.bank = Bank.of(world, self.money, part)
        self.bank.id = f"dp_{self.number}"
        self.history = self.bank.history(ending, asked_before=asked_before)
        self.told, self.warned, self.prompt = 0, False, False
        self.pull = pull(self.number, closes=(self.number,))

    def happens(self, step: str | int) -> None:
        """One step or its refusal; the books are right afterwards."""
        try:
            if isinstance(step, int):
                self.hear(step)
            else:
                getattr(self, step)()
        except DomainError:
            pass
        assert_books_are_right()

    def decide(self) -> None:
        self.told = min(self.told + 1, len(self.history))
        if self.prompt:
            self.hear(0)

    def hear(self, stale: int) -> None:
        if self.told:
            self.bank.say(self.history[max(0, self.told - 1 - stale)])

    def open_pull(self) -> None:
        self.world.record(self.pull)
        self.world.show(self.world.claim(self.pull.number))

    def merge(self) -> None:
        self.world.record(merged(self.pull))

    def transfer(self) -> None:
        self.world.send_transfers()

    def withdraw(self) -> None:
        with transaction() as session:
            work.withdraw(session, self.money.id, self.world.actor(CLEO))

    def refund(self) -> None:
        """The processor refuses refunds of a payment that the bank has."""
        last = self.history[self.told - 1] if self.told else None
        if last is None or last.withdrawn is None or last.reinstated is not None:
            self.world.send_refunds()

    def wait(self) -> None:
        later(1)

    def warn(self) -> None:
        self.bank.warn()
        self.warned = True

    def dispute(self) -> Dispute:
        found: list[Dispute] = [row for row in self.world.rows(Dispute) if row.processor_id == self.bank.id]
        return found[0]

    def waits(self) -> int:
        """Transfers that wait although the bank is done and their payee can be paid; a warning may still hold them."""
        if self.warned:
            return 0
        self.world.send_transfers()
        return sum(row.state in ("planned", "waiting") for row in self.world.rows(Transfer))

    def frozen(self) -> dict[str, int]:
        with reading() as session:
            refs = [row.ref for row in self.world.rows(Dispute) if row.contribution_id == self.money.id]
            return ledger.balances_by_owner(session, refs, "frozen")


def plays(world: World, examples: int, *, same: bool) -> None:
    """Many disputes among many steps; `same`: the same ones each time."""

    @settings(
        max_examples=examples, derandomize=same, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    @given(
        steps=st.lists(STEPS, min_size=6, max_size=24), ending=st.sampled_from(list(ENDINGS)),
        part=st.sampled_from([None, None, 2000]), asked_before=st.booleans(), paid_out=st.booleans(),
        prompt=st.booleans(),
    )  # fmt: skip
    def one(steps: list[str | int], ending: str, part: int | None, **chance: bool) -> None:
        play = Play(world, ending, part, asked_before=chance["asked_before"])
        prompt = play.prompt = chance["prompt"]
        for step in steps:
            play.happens(step)
        while prompt and play.told < len(play.history):
            play.happens("decide")
        play.told = len(play.history)
        play.happens(0)
        if chance["paid_out"]:  # what the end set free goes on
            for step in ("open_pull", "merge", "transfer", "withdraw", "refund"):
                play.happens(step)
        play.happens(3)  # a late reading of what was long ago
        dispute = play.dispute()
        assert (dispute.ending, dispute.ended_at is not None) == (ENDINGS[ending], True)
        assert play.warned or set(play.frozen().values()) == {0}
        assert [bool(dispute.withdrawn), bool(dispute.reinstated)] == [ending not in LET_BE, ENDINGS[ending] == "won"]
        assert not dispute.warned
        assert play.waits() == 0, "what is free goes"

    one()


@pytest.fixture
def played(sqlite: str) -> World:
    made = World.begin(own_funds=10_000_000)
    made.connect(BO)
    return made


def test_a_dispute_ends_the_same_way_whatever_is_heard_of_it_when(played: World) -> None:
    plays(played, 12, same=True)


@pytest.mark.long
def test_new_disputes_end_so_too(played: World) -> None:
    plays(played, 120, same=False)
