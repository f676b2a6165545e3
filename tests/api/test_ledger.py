"""The public books in JSON: pages by number, one entry, an account, totals; wrong parameters are told what would do."""

from __future__ import annotations

from typing import Any

import pytest

from bountyhub.funding.models import Payment
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import treasury
from tests.builders.world import BO, merged
from tests.pages.conftest import Pages

URL = "http://127.0.0.1:8000"


def read(pages: Pages, path: str) -> Any:
    answer = pages.stranger().get(f"/api/v1/ledger{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    return answer.json


def test_an_entry_says_what_moved_where_and_whose_it_is(pages: Pages) -> None:
    paid = pages.world.pay(5000)
    entry = read(pages, "/entries/2")
    assert (entry["kind"], entry["words"], entry["reverses"]) == ("captured", "Paid in", None)
    assert (entry["tasks"], entry["url"]) == ([pages.world.task_id], f"{URL}/api/v1/ledger/entries/2")
    lines = {line["account"]: line for line in entry["lines"]}
    assert lines[f"escrow/{paid.ref}"]["amount_minor"] == lines[f"escrow/{paid.ref}"]["balance_after_minor"] == -5000
    assert len(lines[f"escrow/{paid.ref}"]["party"]) == 12
    assert lines["clearing"]["party"] is None
    assert sum(line["amount_minor"] for line in entry["lines"]) == 0


def test_entries_are_paged_and_none_is_missed_or_shown_twice(pages: Pages) -> None:
    for amount in (1000, 2000, 3000):
        pages.world.pay(amount)
    seen, path = [], "/entries?limit=2"
    while path:
        page = read(pages, path)
        seen += [entry["id"] for entry in page["entries"]]
        path = (page["next"] or "").removeprefix(f"{URL}/api/v1/ledger")
    everything = [entry["id"] for entry in read(pages, "/entries?limit=100")["entries"]]
    assert seen == everything == sorted(everything) and len(everything) >= 4


def test_entries_of_a_task_and_of_a_kind(pages: Pages) -> None:
    mine, here = pages.world.pay(1000), pages.world.task_id
    pages.world.task_id = pages.world.task(13)
    pages.world.pay(2000)
    found = read(pages, f"/entries?task={here}")["entries"]
    assert [(entry["kind"], entry["tasks"]) for entry in found] == [("captured", [here]), ("cost", [])]
    assert f"escrow/{mine.ref}" in [line["account"] for line in found[0]["lines"]]
    assert {entry["kind"] for entry in read(pages, "/entries?kind=captured")["entries"]} == {"captured"}


def test_an_account_shows_its_balance_and_every_line_of_it(pages: Pages) -> None:
    pages.world.pay(5000)
    page = read(pages, "/accounts/clearing?currency=EUR&limit=1")
    assert (page["side"], page["lines"][0]["number"], page["after"]) == ("debit", 1, 1)
    rest = read(pages, "/accounts/clearing?currency=EUR&after=1")
    assert rest["lines"][-1]["balance_after_minor"] == rest["balance_minor"] == page["balance_minor"]
    assert rest["next"] is None


def test_money_that_fits_nothing_does_not_show_its_payments_name(pages: Pages) -> None:
    paid = pages.world.capture(pages.world.order(5000), received=Money(1234, "EUR"))
    ref = str(pages.world.rows(Payment)[0].ref)
    assert ref not in pages.stranger().get("/api/v1/ledger/entries?limit=100").text
    shown = read(pages, f"/accounts/suspense/{paid.ref}?currency=EUR")
    assert (shown["account"], shown["balance_minor"]) == (f"suspense/{paid.ref}", -1234)
    assert pages.stranger().get(f"/api/v1/ledger/accounts/suspense/{ref}?currency=EUR").status_code == 404


def test_the_totals_carry_their_proof(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.connect(BO)
    pages.world.record(merged(pages.world.linked()))
    pages.world.send_transfers()
    (euro,) = read(pages, "/totals")["currencies"]
    proof = euro["proof"]
    assert proof["balanced"] and proof["lines_agree_with_balances"]
    there_is = proof["clearing_minor"] + proof["covered_disputes_minor"] + proof["set_apart_minor"]
    assert there_is == proof["owed_minor"] + proof["own_funds_minor"]
    assert (euro["captured_minor"], euro["paid_minor"], euro["fees_earned_minor"]) == (5275, 5000, 275)


def test_balanced_totals_with_too_little_money_are_not_covered(pages: Pages) -> None:
    pages.world.pay(5000)
    assert read(pages, "/totals")["currencies"][0]["proof"]["covered"]
    with transaction() as session:
        treasury.paid_out(
            session, amount=53_000, currency="EUR", outside_id="po_1", effective_at=clock.now(), actor="stripe"
        )
    proof = read(pages, "/totals")["currencies"][0]["proof"]
    assert (proof["balanced"], proof["covered"]) == (True, False) and proof["own_funds_minor"] < -3000


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("/entries?limit=0", "From 1 to 100."),
        ("/entries?limit=all", "From 1 to 100."),
        ("/entries?after=-1", "From 0 to"),
        ("/entries?after=99999999999999999999", "From 0 to"),
        ("/entries?after=%EF%BC%91", "From 0 to"),
        ("/entries?task=first", "From 0 to"),
        ("/entries?kind=stolen", "These are: became_unsendable, captured"),
        ("/accounts/clearing?currency=GOLD", "Three letters, like EUR."),
        ("/accounts/clearing?currency=", "Three letters"),
        ("/accounts/clearing?currency=EUR&limit=101", "From 1 to 100."),
    ],
)
def test_what_cant_be_is_refused_with_what_would_do(pages: Pages, path: str, advice: str) -> None:
    answer = pages.stranger().get(f"/api/v1/ledger{path}")
    assert answer.status_code == 400, answer.text
    assert advice in answer.text


@pytest.mark.parametrize(
    "path",
    ["/entries/999", "/entries/9999999999999999999999", "/entries?task=999", "/accounts/escrow/nobody?currency=EUR",
     "/accounts/%00?currency=EUR"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(pages: Pages, path: str) -> None:
    assert pages.stranger().get(f"/api/v1/ledger{path}").status_code == 404
