"""A bank that charges back: what the processor says of one dispute, moment by moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bountyhub.funding.models import Contribution, Dispute, Payment
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ports.disputes import DisputeInfo, FraudWarning, Taken
from bountyhub.work import operations as work
from bountyhub.work.operations.disputes import record_dispute
from tests.builders.world import World

#: What the processor keeps for a charge-back, minor units.
FEE = 2000


@dataclass
class Bank:
    """One dispute of one contribution: every snapshot a reader may have got, oldest first."""

    world: World
    charge: str
    amount: Money
    id: str = "dp_1"

    @classmethod
    def of(cls, world: World, given: Contribution, part: int | None = None) -> Bank:
        """Of a whole payment, or of a part of it (minor units)."""
        payment = next(row for row in world.rows(Payment) if row.contribution_id == given.id)
        return cls(world, payment.charge, given.total if part is None else Money(part, given.currency))

    def history(self, ending: str, *, asked_before: bool = False) -> list[DisputeInfo]:
        """`won`, `lost`, `let be` (an inquiry that ends), `strange` (won after a word nobody knows), `odd` (let be)."""
        now = clock.now()
        first = DisputeInfo(
            self.id, self.charge, "", "warning_needs_response", self.amount, "fraudulent", now,
            now + timedelta(days=10), submitted=False,
        )  # fmt: skip
        if ending == "let be":
            return [first, replace(first, status="warning_under_review"), replace(first, status="warning_closed")]
        if ending == "odd":
            odd = replace(first, status="a_word_nobody_knows")
            return [odd, first, odd, replace(first, status="warning_closed")]
        taken = Taken(f"txn_out_{self.id}", self.amount, Money(FEE, self.amount.currency), now)
        back = Taken(f"txn_in_{self.id}", self.amount, Money(0, self.amount.currency), now)
        opened = replace(first, status="needs_response", withdrawn=taken)
        answered = replace(opened, status="under_review", submitted=True)
        said = [first, replace(first, status="needs_response"), opened] if asked_before else [opened]
        if ending == "strange":
            said.append(replace(opened, status="appealed_by_nobody_knows_whom"))
        won = replace(answered, status="won")
        last = [replace(answered, status="lost")] if ending == "lost" else [won, replace(won, reinstated=back)]
        return [*said, answered, *last]

    def say(self, info: DisputeInfo) -> Dispute:
        """The processor tells us."""
        with transaction() as session:
            return record_dispute(session, info)

    def warning(self) -> FraudWarning:
        """An early fraud warning of the same payment."""
        return FraudWarning(f"issfr_{self.id}", self.charge, "", "made_with_stolen_card", clock.now())

    def warn(self) -> None:
        """The processor tells us."""
        with transaction() as session:
            work.record_fraud_warning(session, self.warning())
