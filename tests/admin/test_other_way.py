"""Another way for money a card would not take back: its backer's page and the operator's."""

from __future__ import annotations

import pytest

from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Refund, Unclaimed
from bountyhub.kit.database import transaction
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from bountyhub.ports.forge import ForgePerson
from bountyhub.ports.payments import RefundStatus
from bountyhub.work import operations as work
from tests.builders.world import ANA, BO, CLEO, DARA, refunded
from tests.pages.conftest import Pages

IBAN = "DE89 3704 0044 0532 0130 00"


def failed(pages: Pages) -> tuple[Contribution, Refund]:
    given = pages.world.pay(5000)
    with transaction() as session:
        work.withdraw(session, given.id, pages.world.actor(CLEO))
    (refund,) = pages.world.rows(Refund)
    with transaction() as session:
        funding.record_refund(session, refunded(refund, RefundStatus.FAILED, "txn_back"))
    return given, refund


def test_its_backer_names_an_account_signed_in(pages: Pages) -> None:
    given, _ = failed(pages)
    cleo, path = pages.signed_in(CLEO), f"/contributions/{given.id}/other-way"
    assert "52.75" in cleo.reads(path)
    assert f'href="{path}"' in cleo.get(f"/contributions/{given.id}").text
    assert f'href="{path}"' in cleo.get("/me").text
    wrong = cleo.post(path, holder="Cleo Cole", iban="DE89 3704 0044 0532 0130 01")
    assert wrong.status_code == 422 and "That is no bank account" in wrong.text
    assert cleo.post(path, holder="Cleo Cole", iban=IBAN).status_code == 303
    assert cleo.post(path, holder="Cleo Cole", iban=IBAN).status_code == 303
    assert pages.world.rows(Unclaimed, Unclaimed.refund_id)[0].iban == IBAN.replace(" ", "")
    assert pages.world.actions("contribution").count("bank_account_given") == 1
    assert IBAN.replace(" ", "") not in cleo.reads(path)


def test_its_backer_names_an_account_by_the_mailed_link(pages: Pages) -> None:
    given, _ = failed(pages)
    with transaction() as session:
        secret = make_link(session, LinkPurpose.CONTRIBUTION, given.email, given.id)
    stranger, path = pages.stranger(), f"/c/{secret}/other-way"
    assert "52.75" in stranger.reads(path)
    for _ in range(2):
        assert stranger.post(path, holder="Cleo Cole", iban=IBAN).status_code == 303
    assert pages.world.rows(Unclaimed, Unclaimed.refund_id)[0].holder == "Cleo Cole"


@pytest.mark.parametrize(("who", "status"), [(ANA, 404), (BO, 404), (DARA, 404), (None, 303)])
def test_nobody_else_names_one(pages: Pages, who: ForgePerson | None, status: int) -> None:
    given, _ = failed(pages)
    someone, path = pages.signed_in(who) if who else pages.stranger(), f"/contributions/{given.id}/other-way"
    assert someone.get(path).status_code == status
    someone.post(path, holder="Mallory", iban=IBAN)
    assert pages.world.rows(Unclaimed, Unclaimed.refund_id)[0].iban is None
    assert someone.post("/c/unknown/other-way", holder="Mallory", iban=IBAN).status_code in (404, 410)


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
@pytest.mark.presses(
    "/operator/unclaimed/<ref>/paid", "/operator/unclaimed/<ref>/again", "/operator/unclaimed/<ref>/apart"
)
def test_nobody_but_operators_sees_or_presses(pages: Pages, who: ForgePerson | None) -> None:
    _, refund = failed(pages)
    someone = pages.signed_in(who) if who else pages.stranger()
    assert someone.get("/operator/unclaimed").status_code == 404
    for what in ("paid", "again", "apart"):
        assert someone.post(f"/operator/unclaimed/{refund.ref}/{what}", note="x").status_code == 404
    assert pages.world.rows(Refund)[0].state == "failed"


def test_the_operator_sends_it_and_notes_that_once(pages: Pages) -> None:
    given, refund = failed(pages)
    pages.signed_in(CLEO).post(f"/contributions/{given.id}/other-way", holder="Cleo Cole", iban=IBAN)
    dara, path = pages.signed_in(DARA), f"/operator/unclaimed/{refund.ref}"
    assert IBAN.replace(" ", "") in dara.reads("/operator/unclaimed")
    assert dara.post(f"{path}/paid", note=" ").status_code == 422
    assert dara.post(f"{path}/apart").status_code == 303
    assert "Now pay out exactly" in dara.reads("/operator/unclaimed")
    assert dara.post(f"{path}/paid", note="SEPA").status_code == 303
    assert dara.post(f"{path}/paid", note="SEPA").status_code == 409
    assert pages.world.contribution(given.id).state == "closed"
    assert "No refund waits" in dara.reads("/operator/unclaimed")


def test_the_operator_asks_the_card_again(pages: Pages) -> None:
    _, refund = failed(pages)
    assert pages.signed_in(DARA).post(f"/operator/unclaimed/{refund.ref}/again").status_code == 303
    assert [str(row.state) for row in pages.world.rows(Refund)] == ["settled", "asked"]
