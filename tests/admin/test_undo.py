"""`/operator/undo`: two operators undo a release, after a fresh sign-in, and nobody with a part in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.people.models import LoginSession
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.forge import ForgePerson
from bountyhub.work.models import Undo
from tests.admin.conftest import use
from tests.builders.outside import Outside
from tests.builders.undoing import propose, undo
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, merged
from tests.pages.conftest import Pages

PATH = "/operator/undo"
ONE = f"{PATH}/1"
WHY = "The wrong pull request was merged."


def released(pages: Pages) -> Outside:
    """Cleo's 50 € reached Bo, and Dara, Eve and Cleo operate the site."""
    use(OPERATORS=[DARA.id, EVE.id, CLEO.id])
    outside = Outside().use()
    pages.world.pay(5000)
    pages.world.connect(BO)
    pages.world.record(merged(pages.world.linked()))
    pages.world.drain("payouts.", "work.")
    return outside


@pytest.mark.parametrize("who", [ANA, BO, None])
@pytest.mark.presses(
    f"{PATH}/<int:claim_id>/propose",
    f"{PATH}/<int:claim_id>/<int:undo_id>/confirm",
    f"{PATH}/<int:claim_id>/<int:undo_id>/withdraw",
)
def test_nobody_else_sees_or_presses_it(pages: Pages, who: ForgePerson | None) -> None:
    released(pages)
    row = propose(pages.world, by=EVE)
    someone = pages.signed_in(who) if who else pages.stranger()
    assert [someone.get(path).status_code for path in (PATH, ONE)] == [404, 404]
    for what in ("propose", f"{row.id}/confirm", f"{row.id}/withdraw"):
        assert someone.post(f"{ONE}/{what}", reason=WHY).status_code == 404
    assert [str(one.state) for one in pages.world.rows(Undo)] == ["proposed"]


def test_one_proposes_and_another_confirms(pages: Pages) -> None:
    released(pages)
    dara, eve = pages.signed_in(DARA), pages.signed_in(EVE)
    assert "pull request #40 by @bo" in dara.reads(PATH)
    assert dara.post(f"{ONE}/propose", reason=WHY).status_code == 303
    assert "Another operator has to confirm it" in dara.reads(ONE)
    assert f"{ONE}/1/confirm" not in dara.buttons(ONE)
    assert dara.post(f"{ONE}/1/confirm").status_code == 409
    assert WHY in eve.reads(PATH)
    assert f"{ONE}/1/confirm" in eve.buttons(ONE)
    assert eve.post(f"{ONE}/1/confirm").status_code == 303
    assert "Undone by dara and eve" in eve.reads(ONE)
    assert "50.00 € with @bo : being taken back" in eve.reads(PATH)


def test_a_backer_of_it_has_no_say(pages: Pages) -> None:
    released(pages)
    cleo = pages.signed_in(CLEO)
    assert "two other operators have to decide" in cleo.reads(ONE)
    assert cleo.post(f"{ONE}/propose", reason=WHY).status_code == 403
    row = propose(pages.world, by=EVE)
    assert cleo.buttons(ONE) == set()
    assert cleo.post(f"{ONE}/{row.id}/confirm").status_code == 403


def test_a_proposal_can_be_taken_back_by_its_proposer(pages: Pages) -> None:
    released(pages)
    row = propose(pages.world, by=EVE)
    assert pages.signed_in(DARA).post(f"{ONE}/{row.id}/withdraw").status_code == 404
    assert pages.signed_in(EVE).post(f"{ONE}/{row.id}/withdraw").status_code == 303
    assert "Nobody proposes" in pages.signed_in(DARA).reads(PATH)


def test_it_needs_a_reason_and_keeps_what_was_typed(pages: Pages) -> None:
    released(pages)
    answer = pages.signed_in(DARA).post(f"{ONE}/propose", reason="  ")
    assert answer.status_code == 422
    assert "Write a reason" in answer.text


@pytest.mark.parametrize("what", ["propose", "confirm"])
def test_both_need_a_fresh_sign_in(pages: Pages, what: str) -> None:
    released(pages)
    row = propose(pages.world, by=EVE) if what == "confirm" else None
    dara = pages.signed_in(DARA)
    with transaction() as session:
        session.execute(update(LoginSession).values(signed_in_at=clock.real_now() - timedelta(hours=1)))
    path = f"{ONE}/{row.id}/confirm" if row else f"{ONE}/propose"
    answer = dara.post(path, reason=WHY)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")
    assert [str(one.state) for one in pages.world.rows(Undo)] == (["proposed"] if row else [])


def test_what_could_not_be_taken_back_is_named(pages: Pages) -> None:
    outside = released(pages)
    outside.gateway.fail["reverse_transfer"] = [OutsideRefused("empty", "balance_insufficient")]
    undo(pages.world)
    pages.world.drain("payouts.", "work.")
    assert "50.00 € with @bo : nothing is on their account; tried again" in pages.signed_in(DARA).reads(PATH)


def test_a_claim_that_was_never_released_has_no_page(pages: Pages) -> None:
    pages.world.linked()
    assert pages.signed_in(DARA).get(ONE).status_code == 404


def test_everybody_reads_who_and_why(pages: Pages) -> None:
    released(pages)
    undo(pages.world)
    said = "The release was undone by ana and eve: “The merge was a mistake.”"
    assert said in pages.stranger().reads("/claims/1")
    assert said in pages.stranger().reads("/tasks/1?tab=activity")
    assert pages.stranger().get("/api/v1/tasks/1").get_json()["claims"][0]["state"] == "undone"
