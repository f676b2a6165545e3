"""A backer's contribution: only they look at it and take it back, signed in or by the link in their mail."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from bountyhub.funding.models import Contribution, Payment, Refund
from bountyhub.kit.database import transaction
from bountyhub.ledger.log import receipt, sealing
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from tests.builders.world import ANA, BO, CLEO, DARA, later, merged
from tests.pages.conftest import Pages


@pytest.fixture
def paid_in(pages: Pages) -> Contribution:
    return pages.world.pay(5000)


def link(pages: Pages, contribution: Contribution, purpose: LinkPurpose = LinkPurpose.CONTRIBUTION) -> str:
    with transaction() as session:
        return f"/c/{make_link(session, purpose, contribution.email, contribution.id)}"


def test_its_backer_sees_it_with_all_its_dates(pages: Pages, paid_in: Contribution) -> None:
    read = pages.signed_in(CLEO).reads(f"/contributions/{paid_in.id}")
    for said in ("50 € on “Export number 12”", "Held", "52.75 €", "Goes back by itself on", "Take it back"):
        assert said in read


@pytest.mark.parametrize("way", ["get", "post"])
def test_nobody_else_sees_it_or_takes_it_back(pages: Pages, paid_in: Contribution, way: str) -> None:
    path = f"/contributions/{paid_in.id}" + ("/withdraw" if way == "post" else "")
    for somebody in (ANA, BO, DARA):
        assert getattr(pages.signed_in(somebody), way)(path).status_code == 404
    assert getattr(pages.stranger(), way)(path).location.startswith("/sign-in")
    assert pages.signed_in(CLEO).get("/contributions/999").status_code == 404
    assert pages.world.rows(Refund) == []


def test_taking_it_back_twice_is_one_refund(pages: Pages, paid_in: Contribution) -> None:
    cleo, path = pages.signed_in(CLEO), f"/contributions/{paid_in.id}"
    assert cleo.post(f"{path}/withdraw").status_code == 303
    assert cleo.post(f"{path}/withdraw").status_code == 303
    assert [(r.total, r.state) for r in pages.world.rows(Refund)] == [(5275, "asked")]
    read = cleo.reads(path)
    assert "52.75 € are on their way back to your card" in read
    assert f"{path}/withdraw" not in cleo.buttons(path)
    pages.world.send_refunds()
    assert "52.75 € went back to your card" in cleo.reads(path)


def test_with_a_ready_pull_request_it_needs_a_notice(pages: Pages, paid_in: Contribution) -> None:
    cleo, path = pages.signed_in(CLEO), f"/contributions/{paid_in.id}"
    pages.world.linked()
    later(15)
    assert "Give notice" in cleo.reads(path)
    cleo.post(f"{path}/withdraw")
    assert pages.world.contribution(paid_in.id).notice_until is not None
    assert cleo.buttons(path) == {f"{path}/stay"}
    cleo.post(f"{path}/stay")
    assert pages.world.contribution(paid_in.id).notice_until is None
    assert pages.world.rows(Refund) == []


def test_released_money_can_no_longer_be_taken_back(pages: Pages, paid_in: Contribution) -> None:
    pages.world.connect(BO)
    pages.world.record(merged(pages.world.linked()))
    cleo, path = pages.signed_in(CLEO), f"/contributions/{paid_in.id}"
    assert "Released" in cleo.reads(path)
    assert cleo.buttons(path) == set()
    cleo.post(f"{path}/withdraw")
    assert pages.world.rows(Refund) == []
    pages.world.send_transfers()
    assert "Paid to the developer" in cleo.reads(path)


def test_a_mailed_link_looks_and_withdraws(pages: Pages) -> None:
    guest = pages.world.pay(5000, by=None)
    path, stranger = link(pages, guest), pages.stranger()
    answer = stranger.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert stranger.buttons(path) == {f"{path}/withdraw"}
    assert stranger.post(f"{path}/withdraw").location == path
    assert [r.total for r in pages.world.rows(Refund)] == [5275]
    assert "on their way back" in stranger.reads(path)


def test_a_notice_given_by_the_mailed_link_is_taken_back_by_it(pages: Pages) -> None:
    guest = pages.world.pay(5000, by=None)
    pages.world.linked()
    later(15)
    path, stranger = link(pages, guest), pages.stranger()
    stranger.post(f"{path}/withdraw")
    assert pages.world.contribution(guest.id).notice_until is not None
    assert stranger.buttons(path) == {f"{path}/stay"}
    assert stranger.post(f"{path}/stay").location == path
    assert pages.world.contribution(guest.id).notice_until is None
    assert "It stays here" in stranger.reads(path)


def test_a_mailed_link_does_nothing_else(pages: Pages) -> None:
    guest = pages.world.pay(5000, by=None)
    path, stranger = link(pages, guest), pages.stranger()
    stranger.get(path)
    assert stranger.get("/me").location.startswith("/sign-in")
    assert stranger.get(f"/contributions/{guest.id}").location.startswith("/sign-in")


def test_a_link_of_another_kind_or_none_is_over(pages: Pages, paid_in: Contribution) -> None:
    assert pages.stranger().get("/c/made-up").status_code == 410
    assert {pages.stranger().post(f"/c/made-up/{way}").status_code for way in ("withdraw", "stay")} == {410}
    assert pages.stranger().get(link(pages, paid_in, LinkPurpose.SIGN_IN)).status_code == 410


def seal() -> None:
    with transaction() as session:
        sealing.seal(session)


def test_once_it_is_sealed_its_backer_downloads_a_receipt_that_proves_it(pages: Pages, paid_in: Contribution) -> None:
    cleo, path = pages.signed_in(CLEO), f"/contributions/{paid_in.id}"
    assert "sealed within a minute" in cleo.reads(path)
    early = cleo.get(f"{path}/receipt.json")
    assert early.status_code == 409 and "within a minute" in early.text
    seal()
    assert "Your payment is entry 2 of the 3" in cleo.reads(path)
    answer = cleo.get(f"{path}/receipt.json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{paid_in.ref}.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert receipt.check(answer.text) == []
    assert json.loads(answer.text)["private"]["refs"]["contribution"] == paid_in.ref


def test_nobody_else_downloads_the_receipt(pages: Pages, paid_in: Contribution) -> None:
    seal()
    path = f"/contributions/{paid_in.id}/receipt.json"
    for somebody in (ANA, BO, DARA):
        assert pages.signed_in(somebody).get(path).status_code == 404
    assert pages.stranger().get(path).location.startswith("/sign-in")
    assert pages.stranger().get("/c/made-up/receipt.json").status_code == 410


def test_the_mailed_link_gives_the_receipt_too(pages: Pages) -> None:
    guest = pages.world.pay(5000, by=None)
    seal()
    path = link(pages, guest)
    assert f"{path}/receipt.json" in pages.stranger().get(path).text
    assert receipt.check(pages.stranger().get(f"{path}/receipt.json").text) == []
    sign_in = link(pages, guest, LinkPurpose.SIGN_IN)
    assert pages.stranger().get(f"{sign_in}/receipt.json").status_code == 410


def test_what_was_never_paid_has_no_receipt(pages: Pages, paid_in: Contribution) -> None:
    with transaction() as session:
        session.execute(update(Payment).values(ref="other"))
    cleo, path = pages.signed_in(CLEO), f"/contributions/{paid_in.id}"
    assert "Proof" not in cleo.reads(path)
    assert cleo.get(f"{path}/receipt.json").status_code == 404
