"""`/operator/own-money`: for operators alone; releases of which a payee is also a backer, with the amounts."""

from __future__ import annotations

import pytest

from bountyhub.admin import own_money
from bountyhub.funding.models import Contribution
from bountyhub.kit.database import transaction
from bountyhub.ports.forge import ForgePerson
from tests.builders.world import ANA, BO, CLEO, DARA, merged
from tests.pages.conftest import Pages

PATH = "/operator/own-money"


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
def test_there_is_no_such_page_for_anybody_else(pages: Pages, who: ForgePerson | None) -> None:
    someone = pages.signed_in(who) if who else pages.stranger()
    assert someone.get(PATH).status_code == 404


def test_nothing_is_listed_while_nobody_pays_themselves(pages: Pages) -> None:
    pages.world.pay(5000, CLEO)
    pages.world.record(merged(pages.world.linked()))
    assert "No payee is known as a backer" in pages.signed_in(DARA).reads(PATH)


def test_each_is_listed_with_its_amount_and_by_what_it_is_known(pages: Pages) -> None:
    world = pages.world
    world.pay(5000, BO)
    hidden = world.pay(1200, None, email="bo@example.org")
    world.pay(2500, CLEO)
    world.record(merged(world.linked()))
    read = pages.signed_in(DARA).reads(PATH)
    for words in ("50.00 €", "12.00 €", "87.00 €", "@bo", "the same account here", "own mail address",
                  "everybody sees it", "only operators see it", f"contribution {hidden.id}"):  # fmt: skip
        assert words in read
    assert "25.00 €" not in read and "@example" not in read


@pytest.mark.parametrize("before", ["0", "-5", "x", "9" * 40, "9223372036854775807"])
def test_any_place_to_begin_is_a_page(pages: Pages, before: str) -> None:
    assert pages.signed_in(DARA).get(f"{PATH}?before={before}").status_code == 200


def test_earlier_ones_are_a_page_further(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    world, first = pages.world, pages.world.task_id
    world.pay(5000, BO)
    world.record(merged(world.linked()))
    world.task_id = world.task(13)
    world.pay(700, BO)
    world.record(merged(world.linked(41, body="", closes=(13,))))
    monkeypatch.setattr(own_money, "SHARES", 1)
    dara = pages.signed_in(DARA)
    newest = dara.get(PATH).text
    assert "7.00 €" in newest and "50.00 €" not in newest and f"{PATH}?before=2" in newest
    earlier = dara.get(f"{PATH}?before=2").text
    assert "50.00 €" in earlier and "Earlier releases" not in earlier and f'href="/tasks/{first}"' in earlier


def test_the_money_page_names_who_gave_by_name_alone(pages: Pages) -> None:
    world = pages.world
    world.pay(5000, BO)
    hidden = world.order(1200, BO)
    with transaction() as session:
        session.get_one(Contribution, world.rows(Contribution)[-1].id).anonymous = True
    world.capture(hidden)
    world.record(merged(world.linked()))
    read = pages.stranger().reads(f"/tasks/{world.task_id}/money")
    assert "@bo is paid partly with their own contribution: 50.00 €" in read
    assert "12.00 €" in read.partition("Line by line")[2] and "62.00" not in read.partition("Paid with own")[2][:120]


def test_the_money_page_says_nothing_of_it_otherwise(pages: Pages) -> None:
    pages.world.pay(5000, CLEO)
    pages.world.record(merged(pages.world.linked()))
    read = pages.stranger().reads(f"/tasks/{pages.world.task_id}/money")
    assert "own contribution" not in read and "@bo" not in read
