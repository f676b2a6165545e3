"""Promising from form to withdrawal: consent, double clicks, who may look, the bank's page and back."""

from __future__ import annotations

import re

import pytest

from bountyhub import settings
from bountyhub.funding.models import Paper, Promise
from bountyhub.funding.papers import from_json
from bountyhub.kit.database import transaction
from bountyhub.kit.money import plain
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.ports.promises import ChargeStatus
from tests.builders.promising import accept, became, given, now
from tests.builders.settings import play_settings
from tests.builders.world import CLEO, DARA
from tests.pages.conftest import Pages, words


def path(pages: Pages) -> str:
    return f"/tasks/{pages.world.task_id}/promise"


def form(pages: Pages, **changes: str) -> dict[str, str]:
    """The form as a stranger fills it in."""
    field = re.search(r'<input[^>]*name="nonce"[^>]*>', pages.stranger().get(path(pages)).text)
    assert field is not None
    number = re.search(r'value="([^"]+)"', field[0])
    assert number is not None
    return {"amount": "25", "email": "Guest@Example.org", "consent": "yes", "nonce": number[1], **changes}


def link(row: Promise) -> str:
    with transaction() as session:
        return f"/p/{make_link(session, LinkPurpose.PROMISE, row.email, promise_id=row.id)}"


def needing(pages: Pages) -> Promise:
    """A promise whose bank wants its backer."""
    row = given(pages.world)
    pages.outside.gateway.charge_ends = ChargeStatus.NEEDS_OWNER
    accept(pages.world)
    pages.world.drain("work.charge")
    return now(row)


def test_a_stranger_is_led_to_where_the_card_is_saved(pages: Pages) -> None:
    answer = pages.stranger().post(path(pages), **form(pages))
    assert (answer.status_code, answer.location) == (303, "http://127.0.0.1/save")
    (row,) = pages.world.rows(Promise)
    assert (row.amount, row.fee, row.email, row.state) == (2500, 150, "guest@example.org", "asked")
    pages.outside.gateway.card_saved(row.page_id)
    said = pages.stranger().reads(f"/promised/{row.ref}")
    assert "Thank you" in said and "Nothing was charged" in said
    assert now(row).state == "given"


def test_a_list_tells_promises_beside_what_is_held_and_never_in_it(pages: Pages) -> None:
    pages.world.pay(5000)
    given(pages.world, 2500)
    for path_of in ("/tasks", f"/projects/{pages.world.read_task().project_id}"):
        said = pages.stranger().reads(path_of)
        assert re.search("50 € ?held", said) and "25 € promised" in said, path_of
    assert "25 € more are promised, and charged then" in pages.stranger().reads(f"/tasks/{pages.world.task_id}")


def test_a_double_click_is_one_promise(pages: Pages) -> None:
    filled = form(pages)
    first, second = (pages.stranger().post(path(pages), **filled) for _ in range(2))
    assert first.location == second.location
    assert len(pages.world.rows(Promise)) == 1


def test_nothing_is_promised_without_consent(pages: Pages) -> None:
    said = pages.stranger().post(path(pages), **form(pages, consent=""))
    assert said.status_code == 422 and "Tick this box" in said.text
    assert pages.world.rows(Promise) == []
    assert "checked" not in pages.stranger().get(path(pages)).text.partition('name="consent"')[2][:60]


@pytest.mark.parametrize("wrong", [{"amount": "1"}, {"amount": "many"}, {"email": "nobody"}])
def test_what_is_wrong_is_said_and_kept(pages: Pages, wrong: dict[str, str]) -> None:
    answer = pages.stranger().post(path(pages), **form(pages, **wrong))
    assert answer.status_code == 422 and next(iter(wrong.values())) in answer.text
    assert pages.world.rows(Promise) == []


def test_a_processor_that_is_away_saves_nothing_and_says_so(pages: Pages) -> None:
    pages.outside.gateway.fail["open_card_page"] = [OutsideUnavailable("away")]
    assert pages.stranger().post(path(pages), **form(pages)).status_code == 503


def test_a_task_shows_promises_apart_from_money_held(pages: Pages) -> None:
    pages.world.pay(2500, DARA)
    given(pages.world)
    said = pages.stranger().reads(f"/tasks/{pages.world.task_id}")
    assert "25 € held for this task" in said and "50 € promised besides" in said
    listed = pages.stranger().get(f"/api/v1/tasks/{pages.world.task_id}").get_json()
    assert (listed["held"]["amount_minor"], listed["promised"]["amount_minor"]) == (2500, 5000)


def test_its_backer_withdraws_signed_in_twice(pages: Pages) -> None:
    row, cleo = given(pages.world), pages.signed_in(CLEO)
    assert "50 € for" in cleo.reads("/me")
    assert cleo.buttons(f"/promises/{row.id}") == {f"/promises/{row.id}/withdraw"}
    for _ in range(2):
        assert cleo.post(f"/promises/{row.id}/withdraw").status_code == 303
    assert now(row).state == "withdrawn"
    assert cleo.buttons(f"/promises/{row.id}") == set()


def test_nobody_else_looks_or_withdraws(pages: Pages) -> None:
    row = given(pages.world)
    for way in ("", "/withdraw", "/confirm"):
        ask = pages.signed_in(DARA).post if way else pages.signed_in(DARA).get
        assert ask(f"/promises/{row.id}{way}").status_code == 404
        out = pages.stranger().post if way else pages.stranger().get
        assert out(f"/promises/{row.id}{way}").status_code in (303, 401)
        made_up = pages.stranger().post if way else pages.stranger().get
        assert made_up(f"/p/made-up{way}").status_code == 410
    assert now(row).state == "given"


def test_a_mailed_link_looks_and_withdraws(pages: Pages) -> None:
    row = given(pages.world, by=None)
    address = link(row)
    answer = pages.stranger().get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    for _ in range(2):
        assert pages.stranger().post(f"{address}/withdraw").location == address
    assert now(row).state == "withdrawn"


def test_the_bank_s_page_and_back(pages: Pages) -> None:
    row = needing(pages)
    address = link(row)
    assert "Your bank wants you to confirm 52.75 €" in pages.stranger().reads(address)
    for _ in range(2):
        assert pages.stranger().post(f"{address}/confirm").location == "http://127.0.0.1/bank"
    _, payment = became(row)
    pages.outside.gateway.authenticated(payment.ref, row.total)
    assert "were charged and released" in pages.stranger().reads(address)
    assert now(row).state == "charged"
    assert pages.stranger().post(f"{address}/confirm").status_code == 409


def test_everybody_sees_that_a_promise_lapsed(pages: Pages) -> None:
    row = given(pages.world)
    pages.outside.gateway.charge_ends = ChargeStatus.DECLINED
    accept(pages.world)
    pages.world.drain("work.charge")
    said = pages.stranger().reads(f"/tasks/{pages.world.task_id}")
    assert "A promise of 50 € has lapsed: the card was declined." in said
    assert "promised besides" not in said
    assert row.email not in said


TAXED = {"VAT_COUNTRY": "FR", "VAT_RATES": {"FR": 20, "DE": 19}}
COMPANY = {"company_name": "Übung GmbH", "company_address": "Weg 1\nBerlin", "company_vat_id": "DE 123456789"}


def test_the_tax_is_shown_agreed_to_and_charged(pages: Pages) -> None:
    settings.use(play_settings(**TAXED))
    assert "20 % VAT" in pages.stranger().reads(path(pages))
    filled = form(pages, country="DE", shown_rate="2000", company_name="Jo", business="yes")
    answer = pages.stranger().post(path(pages), **filled)
    assert answer.status_code == 422 and "another than the one shown" in words(answer)
    assert pages.world.rows(Promise) == []
    assert pages.stranger().post(path(pages), **filled | {"shown_rate": "1900"}).status_code == 303
    (row,) = pages.world.rows(Promise)
    assert (row.vat, row.vat_country, row.vat_rate, row.total.amount, row.business) == (29, "DE", 1900, 2679, True)
    assert plain(row.total) in row.mandate
    pages.outside.gateway.card_saved(row.page_id)
    assert "VAT on the fee" in pages.stranger().reads(f"/promised/{row.ref}")
    accept(pages.world)
    pages.world.drain("work.charge")
    made, _ = became(row)
    assert (made.vat, made.vat_country, made.vat_rate, made.business) == (29, "DE", 1900, True)
    (receipt,) = [from_json(paper.content) for paper in pages.world.rows(Paper) if paper.series == "R"]
    assert receipt.buyer[0] == "Jo" and receipt.total.amount == 2679


def test_details_that_make_no_paper_are_refused_and_kept(pages: Pages) -> None:
    settings.use(play_settings(**TAXED))
    filled = form(pages, country="FR", shown_rate="1900", **COMPANY)
    answer = pages.stranger().post(path(pages), **filled)
    assert answer.status_code == 422 and "Übung GmbH" in answer.text
    assert "of another country" in words(answer)
    assert pages.world.rows(Promise) == []
