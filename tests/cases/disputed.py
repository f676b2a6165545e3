"""What cases of disputes and of fraud warnings share: how a bank speaks, and what became of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bountyhub.funding.models import Contribution, Dispute, Payment
from bountyhub.funding.operations.refunds import terms
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import release
from bountyhub.payouts.models import Share
from bountyhub.payouts.operations import Owed, owe_share, plan_shares, ready_payee
from bountyhub.people.models import Identity
from bountyhub.tasks.models import Task
from tests.builders.world import BO
from tests.cases.hub import Hub

BY_ITSELF, INQUIRED, WARNED = "4000000000000259", "4000000000001976", "4000000000005423"


def charge_of(contribution: Contribution) -> str:
    with reading() as session:
        payment = session.scalars(select(Payment).where(Payment.contribution_id == contribution.id)).one()
        return str(payment.charge)


def dispute(hub: Hub, contribution: Contribution, **how: Any) -> str:
    """Its bank disputes a contribution; the dispute's id."""
    made = hub.stripe.control("dispute", charge=charge_of(contribution), **how)
    hub.settle()
    return str(made["id"])


def end(hub: Hub, id: str, ending: str) -> None:
    hub.stripe.control(f"{ending}_dispute", dispute=id)
    hub.settle()


def only_dispute() -> Dispute:
    with reading() as session:
        return session.scalars(select(Dispute)).one()


def shares() -> list[Share]:
    with reading() as session:
        return list(session.scalars(select(Share).order_by(Share.id)))


def task_state(hub: Hub) -> str:
    with reading() as session:
        return str(session.get_one(Task, hub.world.task_id).state)


def release_part(hub: Hub, contribution: Contribution, amount: int) -> None:
    """So much of a contribution is released, as for one of several milestones, and transferred."""
    hub.world.linked(40, BO)
    claim = hub.world.claim(40)
    with transaction() as session:
        task, row = session.get_one(Task, hub.world.task_id), session.get_one(Contribution, contribution.id)
        payee = session.get_one(Identity, claim.author_id)
        ready = ready_payee(session, payee.person_id)
        share = owe_share(session, task=task, claim_id=claim.id, payee=payee, payable=True, pieces=[Owed(row, amount)])
        plan_shares(session, [(share, ready, [Owed(row, amount)])])
        release.released(
            session, key=f"released:{share.ref}", pieces=[release.Piece(share.ref, row.ref, amount)],
            terms=[terms(row)], effective_at=clock.now(), actor="clock",
        )  # fmt: skip
    hub.settle()
