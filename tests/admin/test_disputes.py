"""`/operator/disputes`: for operators alone; evidence is submitted once, a warned contribution kept with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bountyhub.events.models import OutboxJob
from bountyhub.funding.models import Dispute, Payment
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ports.disputes import DisputeInfo, FraudWarning, Taken
from bountyhub.ports.forge import ForgePerson
from bountyhub.work import operations as work
from tests.builders.world import ANA, BO, CLEO, DARA
from tests.pages.conftest import Pages

TOTAL = Money(5275, "EUR")


def disputed(pages: Pages, *, warned: bool = False) -> Dispute:
    given = pages.world.pay(5000)
    with transaction() as session:
        payment = session.scalars(select(Payment).where(Payment.contribution_id == given.id)).one()
        charge, now = str(payment.charge), clock.now()
        if warned:
            return work.record_fraud_warning(session, FraudWarning("issfr_1", charge, "", "misc", now))
        taken = Taken("txn_d", TOTAL, Money(1500, "EUR"), now)
        due = now + timedelta(days=7)
        return work.record_dispute(
            session, DisputeInfo("dp_1", charge, "", "needs_response", TOTAL, "fraudulent", now, due, False, taken)
        )


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
@pytest.mark.presses("/operator/disputes/<ref>/answer", "/operator/disputes/<ref>/keep")
def test_nobody_else_sees_or_presses_it(pages: Pages, who: ForgePerson | None) -> None:
    ref = disputed(pages).ref
    someone = pages.signed_in(who) if who else pages.stranger()
    assert someone.get("/operator/disputes").status_code == 404
    assert someone.get(f"/operator/disputes/{ref}").status_code == 404
    for what in ("answer", "keep"):
        assert someone.post(f"/operator/disputes/{ref}/{what}").status_code == 404


def test_the_operator_reads_the_pack_and_submits_it_once(pages: Pages) -> None:
    ref, dara = disputed(pages).ref, pages.signed_in(DARA)
    assert "52.75" in dara.reads("/operator/disputes")
    assert "agreed to the terms in version" in dara.reads(f"/operator/disputes/{ref}")
    for _ in range(2):
        assert dara.post(f"/operator/disputes/{ref}/answer").status_code == 303
    with reading() as session:
        jobs = session.scalars(select(OutboxJob).where(OutboxJob.name == "work.submit_evidence")).all()
        assert "captured" in session.scalars(select(Dispute)).one().evidence
    assert len(jobs) == 1


def test_the_operator_keeps_a_warned_contribution_with_a_reason(pages: Pages) -> None:
    ref, dara = disputed(pages, warned=True).ref, pages.signed_in(DARA)
    assert dara.post(f"/operator/disputes/{ref}/keep", reason=" ").status_code == 422
    assert dara.post(f"/operator/disputes/{ref}/keep", reason="A friend").status_code == 303
    with reading() as session:
        row = session.scalars(select(Dispute)).one()
    assert (row.ending, row.note, row.warned) == ("kept", "A friend", False)


def test_the_pack_names_mails_of_this_contribution_alone(pages: Pages) -> None:
    other = pages.world.pay(2500)
    ref = disputed(pages).ref
    pages.world.drain("notify.", "mail.")
    read = pages.signed_in(DARA).reads(f"/operator/disputes/{ref}")
    assert read.count("Receipt: 50.00 EUR") == 1
    assert "Receipt: 25.00 EUR" not in read
    assert other.amount == 2500


def test_its_backer_reads_that_it_is_frozen_and_why(pages: Pages) -> None:
    disputed(pages)
    read = pages.signed_in(CLEO).reads("/contributions/1")
    assert "disputes this payment" in read
    assert "The first merged pull request" not in read
