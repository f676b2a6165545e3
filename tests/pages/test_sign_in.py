"""Signing in by a mailed link: the same answer for everybody, one use, asked for by a button."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bountyhub.events.models import OutboxJob
from bountyhub.kit.database import transaction
from bountyhub.people.models import LinkPurpose, LoginSession, MailLink, Person
from bountyhub.people.operations import make_link
from tests.builders.world import BO, CLEO
from tests.pages.conftest import Pages, words


def link(email: str) -> str:
    with transaction() as session:
        return f"/sign-in/link/{make_link(session, LinkPurpose.SIGN_IN, email)}"


def mails_asked(pages: Pages) -> list[dict[str, str]]:
    return [row.args for row in pages.world.rows(OutboxJob) if row.name == "notify.sign_in_link"]


def test_known_and_unknown_addresses_get_the_same_answer(pages: Pages) -> None:
    known = pages.stranger().post("/sign-in/email", email="cleo@example.org")
    unknown = pages.stranger().post("/sign-in/email", email="nobody@example.org")
    assert words(known).replace("cleo", "nobody") == words(unknown)
    assert [args["email"] for args in mails_asked(pages)] == ["cleo@example.org", "nobody@example.org"]


def test_the_mail_is_asked_for_without_any_secret(pages: Pages) -> None:
    pages.stranger().post("/sign-in/email", email=" Cleo@Example.org ", next="/tasks/1")
    assert mails_asked(pages) == [{"email": "cleo@example.org", "next": "/tasks/1"}]
    assert pages.world.rows(MailLink) == []


@pytest.mark.parametrize("typed", ["", "nobody", "a@b", "a b@c.de", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_refused(pages: Pages, typed: str) -> None:
    answer = pages.stranger().post("/sign-in/email", email=typed)
    assert answer.status_code == 422
    assert mails_asked(pages) == []


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_led_elsewhere(pages: Pages, wanted: str) -> None:
    pages.stranger().post("/sign-in/email", email="cleo@example.org", next=wanted)
    assert mails_asked(pages)[0]["next"] == "/me"
    assert pages.signed_in(CLEO).get(f"/sign-in?next={wanted}").location == "/me"
    assert pages.stranger().post(link("new@example.org"), next=wanted).location == "/me"
    main = pages.stranger().get(f"/sign-in?next={wanted}").text.partition("<main")[2].partition("</main>")[0]
    assert "evil" not in main


def test_looking_at_a_link_doesnt_use_it(pages: Pages) -> None:
    path = link("cleo@example.org")
    for _ in range(2):
        answer = pages.stranger().get(path)
        assert "cleo@example.org" in words(answer)
        assert answer.headers["Cache-Control"] == "no-store"
    someone = pages.stranger()
    assert someone.post(path).location == "/me"
    assert "cleo" in someone.get("/me").text


def test_a_link_works_once(pages: Pages) -> None:
    path = link("cleo@example.org")
    assert pages.stranger().post(path).status_code == 303
    assert pages.stranger().post(path).status_code == 410
    assert pages.stranger().get(path).status_code == 410
    assert pages.stranger().get("/sign-in/link/made-up").status_code == 410


def test_a_used_link_of_somebody_else_says_so_to_who_is_signed_in(pages: Pages) -> None:
    path = link("cleo@example.org")
    cleo = pages.stranger()
    assert cleo.post(path).status_code == 303
    assert cleo.post(path).location == "/me"
    assert pages.signed_in(BO).post(path).status_code == 410


def test_a_link_of_somebody_else_says_who_is_signed_in_now(pages: Pages) -> None:
    assert "You are signed in as bo now" in words(pages.signed_in(BO).get(link("cleo@example.org")))
    assert "You are signed in" not in words(pages.signed_in(CLEO).get(link("cleo@example.org")))


def test_another_address_is_added_by_a_link_that_only_its_person_can_use(pages: Pages) -> None:
    guest = pages.world.pay(5000, by=None, email="home@example.org")
    bo = pages.signed_in(BO)
    assert "Look into your mail" in words(bo.post("/me/address", email="Home@example.org"))
    (asked,) = pages.world.jobs("notify.address_link")
    with transaction() as session:
        path = f"/me/address/{make_link(session, LinkPurpose.ADDRESS, asked['email'], person_id=asked['person'])}"
    assert "Add this address" in bo.reads(path)
    assert pages.signed_in(CLEO).get(path).status_code == 410
    assert pages.stranger().get(path).location.startswith("/sign-in?next=/me/address/")
    assert bo.post(path).location == "/me"
    assert "home@example.org" in bo.reads("/me")
    assert bo.get(f"/contributions/{guest.id}").status_code == 200
    assert bo.get(path).status_code == 410


def test_an_address_is_added_only_by_who_has_just_signed_in(pages: Pages) -> None:
    bo = pages.signed_in(BO)
    signed_in_before(minutes=20)
    answer = bo.post("/me/address", email="home@example.org")
    assert answer.location == "/sign-in?next=/me&again=1"
    assert "Sign in again" in bo.reads(answer.location)
    assert pages.world.jobs("notify.address_link") == []


def signed_in_before(minutes: int) -> None:
    with transaction() as session:
        for row in session.scalars(select(LoginSession)):
            row.signed_in_at -= timedelta(minutes=minutes)


def test_money_paid_signed_out_joins_its_owner(pages: Pages) -> None:
    guest = pages.world.pay(5000, by=None)
    someone = pages.stranger()
    someone.post(link("guest@example.org"))
    assert "50.00 €" in someone.reads("/me")
    assert someone.get(f"/contributions/{guest.id}").status_code == 200
    assert pages.world.rows(Person)[-1].email == "guest@example.org"


def test_signing_out(pages: Pages) -> None:
    cleo = pages.signed_in(CLEO)
    assert cleo.post("/sign-out").location == "/"
    assert cleo.get("/me").status_code == 303


def test_who_is_signed_in_already_goes_on(pages: Pages) -> None:
    assert pages.signed_in(CLEO).get("/sign-in?next=/tasks/1").location == "/tasks/1"
