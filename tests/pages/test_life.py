"""Paying anew, moving, no more reminders: on the contribution's page, signed in or by the mailed link."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from bountyhub.funding.models import Contribution, Payment, Refund
from bountyhub.kit.database import transaction
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from bountyhub.work import operations as work
from tests.builders.world import ANA, BO, CLEO, DARA, later
from tests.pages.conftest import Pages


@pytest.fixture
def old(pages: Pages) -> Contribution:
    given = pages.world.pay(5000)
    later(60)
    return given


def link(pages: Pages, contribution: Contribution) -> str:
    with transaction() as session:
        return f"/c/{make_link(session, LinkPurpose.CONTRIBUTION, contribution.email, contribution.id)}"


def test_only_near_its_end_it_offers_to_pay_anew(pages: Pages) -> None:
    given = pages.world.pay(5000)
    cleo = pages.signed_in(CLEO)
    assert "Renew it" not in cleo.reads(f"/contributions/{given.id}")
    assert "Move it to another task" in cleo.reads(f"/contributions/{given.id}")
    later(60)
    assert "Renew it" in cleo.reads(f"/contributions/{given.id}")


@pytest.mark.presses("/contributions/<int:contribution_id>/renew")
def test_the_old_payment_is_named_and_consent_is_asked(pages: Pages, old: Contribution) -> None:
    cleo, path = pages.signed_in(CLEO), f"/contributions/{old.id}/renew"
    assert "52.75" in cleo.reads(path)
    answer = cleo.post(path)
    assert answer.status_code == 422
    assert "Tick this box" in answer.text
    assert len(pages.world.rows(Payment)) == 1


def test_pressed_twice_it_is_one_payment(pages: Pages, old: Contribution) -> None:
    cleo, path = pages.signed_in(CLEO), f"/contributions/{old.id}/renew"
    for _ in range(2):
        assert cleo.post(path, consent="1").status_code in (303, 503)
    assert len(pages.world.rows(Payment)) == 2


@pytest.mark.presses("/c/<secret>/renew", "/c/<secret>/quiet")
def test_the_mailed_link_pays_anew_and_stops_reminders_but_moves_nothing(pages: Pages, old: Contribution) -> None:
    someone, path = pages.stranger(), link(pages, old)
    assert "Renew it" in someone.reads(path)
    assert "Move it" not in someone.reads(path)
    assert someone.get(f"{path}/move").status_code == 404
    for _ in range(2):
        assert someone.post(f"{path}/renew", consent="1").status_code in (303, 503)
        assert len(pages.world.rows(Payment)) == 2
        assert someone.post(f"{path}/quiet").status_code == 303
    assert pages.world.contribution(old.id).reminded == 0


@pytest.mark.presses("/contributions/<int:contribution_id>/quiet")
def test_its_backer_hears_no_more_of_it(pages: Pages, old: Contribution) -> None:
    cleo, path = pages.signed_in(CLEO), f"/contributions/{old.id}"
    assert f"{path}/quiet" in cleo.buttons(path)
    for _ in range(2):
        assert cleo.post(f"{path}/quiet").status_code == 303
    assert pages.world.actions("contribution").count("reminders_stopped") == 1
    assert f"{path}/quiet" not in cleo.buttons(path)


@pytest.mark.presses("/contributions/<int:contribution_id>/move")
def test_a_task_is_chosen_looked_at_and_then_it_moves_once(pages: Pages, old: Contribution) -> None:
    to = pages.world.task(13)
    cleo, path = pages.signed_in(CLEO), f"/contributions/{old.id}/move"
    assert "Export number 13" in cleo.reads(path)
    for typed in (str(to), f"/tasks/{to}", f"http://127.0.0.1:8000/tasks/{to}?tab=money", f"#{to}"):
        assert "Move it there" in cleo.get(f"{path}?{urlencode({'to': typed})}").text, typed
    first, second = (cleo.post(path, to=str(to)) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location != f"/contributions/{old.id}"
    assert "held" in cleo.reads(first.location).lower()
    assert len(pages.world.rows(Contribution)) == 2


@pytest.mark.parametrize("typed", ["999999", "nonsense", "1", "https://elsewhere.example/x"])
def test_what_is_no_task_for_it_is_said_and_kept(pages: Pages, old: Contribution, typed: str) -> None:
    cleo, path = pages.signed_in(CLEO), f"/contributions/{old.id}/move"
    answer = cleo.get(f"{path}?{urlencode({'to': typed})}")
    assert answer.status_code == 422
    assert typed in answer.text
    assert cleo.post(path, to=typed).status_code in (404, 409)
    assert len(pages.world.rows(Contribution)) == 1


@pytest.mark.parametrize("what", ["renew", "move", "quiet"])
def test_nobody_else_may(pages: Pages, old: Contribution, what: str) -> None:
    path, to = f"/contributions/{old.id}/{what}", str(pages.world.task(13))
    for who in (ANA, BO, DARA):
        assert pages.signed_in(who).post(path, to=to, consent="1").status_code == 404
    assert pages.stranger().post(path, to=to, consent="1").location.startswith("/sign-in")
    assert pages.world.contribution(old.id).reminded is None
    assert len(pages.world.rows(Contribution)) == 1


def test_the_link_of_a_receipt_follows_the_money_to_its_new_task(pages: Pages, old: Contribution) -> None:
    path, to = link(pages, old), pages.world.task(13)
    pages.signed_in(CLEO).post(f"/contributions/{old.id}/move", to=str(to))
    stranger = pages.stranger()
    assert "Export number 13" in stranger.reads(path)
    stranger.post(f"{path}/withdraw")
    assert [row.total for row in pages.world.rows(Refund)] == [5275]


def test_my_page_says_which_money_goes_back_soon(pages: Pages) -> None:
    given = pages.world.pay(5000)
    cleo, said = pages.signed_in(CLEO), "go back to you on"
    later(50)
    assert said not in cleo.reads("/me")
    later(10)
    assert said in cleo.reads("/me")
    with transaction() as session:
        work.withdraw(session, given.id, pages.world.actor(CLEO))
    assert said not in cleo.reads("/me")
