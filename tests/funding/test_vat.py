"""The tax on the fee: who pays which rate, and that every way of the money keeps it to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from bountyhub import settings
from bountyhub.funding import operations as funding
from bountyhub.funding.errors import BadBuyer
from bountyhub.funding.models import AgreedText, Buyer, Contribution
from bountyhub.funding.operations import quote
from bountyhub.funding.operations.buyers import BuyerDetails, consent_now, tax_of
from bountyhub.funding.operations.refunds import terms
from bountyhub.funding.rules import Way, vat_on
from bountyhub.funding.vat import Tax, country_of, normal_vat_id, tax_for, written_rate
from bountyhub.kit import ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.positions import fee_returned
from bountyhub.ports.forge import Permission
from bountyhub.work.operations import cancel_task, end_life, withdraw
from tests.builders.settings import play_settings
from tests.builders.world import ANA, BO, CLEO, World, assert_books_are_right, later, merged

RATES = {"FR": 2000, "DE": 1900}
VAT: dict[str, Any] = {"VAT_COUNTRY": "FR", "VAT_RATES": {"FR": Decimal(20), "DE": Decimal(19)}}


@pytest.mark.parametrize(
    ("country", "vat_id", "expected"),
    [
        ("FR", "", Tax("FR", 2000)),
        ("DE", "", Tax("DE", 1900)),
        ("US", "", Tax()),
        ("DE", "DE123456789", Tax("DE", 0, reverse_charge=True)),
        ("GR", "EL123456789", Tax("GR", 0, reverse_charge=True)),
        ("FR", "FR12345678901", Tax("FR", 2000)),
        ("GB", "GB123456789", Tax()),
    ],
)
def test_who_pays_which_tax(country: str, vat_id: str, expected: Tax) -> None:
    assert tax_for(country, vat_id, seller="FR", rates=RATES) == expected


def test_without_rates_nobody_pays_any() -> None:
    assert tax_for("FR", "DE123456789", seller="", rates={}) == Tax()


@pytest.mark.parametrize(("fee", "points", "vat"), [(275, 2000, 55), (150, 1900, 29), (25, 2000, 5), (10, 550, 1),
                                                    (9, 550, 0), (0, 2000, 0)])  # fmt: skip
def test_halves_are_rounded_up(fee: int, points: int, vat: int) -> None:
    assert vat_on(fee, points) == vat


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("FR 12 345678901", "FR"), ("de123.456.789", "DE"), ("EL123456789", "GR"), ("ATU12345678", "AT"),
        ("NL123456789B01", "NL"), ("IE1234567WA", "IE"), ("SE123456789001", "SE"), ("CHE-123.456.789 MWST", "CH"),
        ("FR123", ""), ("GR123456789", ""), ("XX123456789", ""), ("123456789", ""), ("DE١٢٣٤٥٦٧٨٩", ""), ("", ""),
    ],
)  # fmt: skip
def test_numbers_are_known_by_their_form(typed: str, country: str) -> None:
    assert country_of(normal_vat_id(typed)) == country


@pytest.mark.parametrize(("points", "written"), [(2000, "20 %"), (550, "5.5 %"), (5, "0.05 %"), (0, "0 %")])
def test_rates_are_written(points: int, written: str) -> None:
    assert written_rate(points) == written


@pytest.mark.parametrize(
    "changes",
    [{"VAT_RATES": {"FR": 20}}, {"VAT_COUNTRY": "FR", "VAT_RATES": {"France": 20}},
     {"VAT_COUNTRY": "FR", "VAT_RATES": {"FR": 200}}, {"VAT_COUNTRY": "fr"},
     {"VAT_COUNTRY": "FR", "VAT_RATES": {"FR": Decimal("5.555")}}],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        play_settings(**changes)


def order(world: World, amount: int = 5000, **buyer: Any) -> str:
    details = BuyerDetails(**({"country": "FR"} | buyer))
    with transaction() as session:
        wanted = funding.Order(
            task_id=world.task_id, amount=Money(amount, "EUR"), email="cleo@example.org", anonymous=False,
            person_id=world.persons["cleo"].id, nonce=ids.new_ref(), buyer=details,
        )  # fmt: skip
        return funding.contribute(session, wanted).ref


def pay(world: World, amount: int = 5000, **buyer: Any) -> Contribution:
    return world.capture(order(world, amount, **buyer))


def due(country: str = "FR") -> int:
    with reading() as session:
        return ledger.balance(session, f"vat_due/{country}", "EUR")


@pytest.mark.usefixtures("database")
def test_it_is_part_of_the_total_and_held_apart() -> None:
    world = World.begin(**VAT)
    given = pay(world)
    assert (given.fee, given.vat, given.vat_country, given.vat_rate) == (275, 55, "FR", 2000)
    assert given.total == Money(5330, "EUR")
    assert world.balances(given) == {"escrow": 5000, "fee_held": 275, "vat_held": 55}
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_a_release_makes_it_due_to_the_country() -> None:
    world = World.begin(**VAT)
    world.connect(BO)
    given = pay(world, country="DE")
    world.record(merged(world.linked()))
    assert world.balances(given) == {"payable": 5000}
    assert (due("DE"), due("FR")) == (52, 0)
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_what_is_taken_back_takes_its_tax_along() -> None:
    world = World.begin(**VAT)
    given = pay(world)
    with transaction() as session:
        withdraw(session, given.id, world.actor(CLEO))
    assert world.send_refunds() == 5330
    assert world.contribution(given.id).state == "closed"
    assert due() == 0
    assert_books_are_right()


@pytest.fixture
def taxed(world: World) -> World:
    """The same world where a tax is computed."""
    settings.use(play_settings(**VAT))
    return world


def test_a_part_that_goes_back_takes_its_part_of_the_tax(taxed: World) -> None:
    given = pay(taxed)
    with reading() as session:
        assert fee_returned(session, terms(given), 1000) == 55 + 11


def test_a_kept_share_that_lapses_gives_the_tax_back(taxed: World) -> None:
    given = pay(taxed)
    taxed.record(merged(taxed.linked()))
    assert taxed.balances(given) == {"kept_for": 5000, "fee_held": 275, "vat_held": 55}
    later(90)
    with transaction() as session:
        end_life(session, given.id)
    assert (taxed.send_refunds(), due()) == (5330, 0)
    assert_books_are_right()


def test_a_payment_that_comes_too_late_goes_back_with_its_tax(taxed: World) -> None:
    ref = order(taxed)
    with transaction() as session:
        cancel_task(session, taxed.task_id, taxed.actor(ANA), Permission.ADMIN, "No.")
    taxed.capture(ref)
    assert taxed.send_refunds() == 5330
    assert_books_are_right()


@pytest.mark.parametrize(
    ("buyer", "field"),
    [
        ({"country": ""}, "country"), ({"vat_id": "DE123456789"}, "name"), ({"address": "1 rue"}, "name"),
        ({"name": "A", "address": "1 rue", "vat_id": "FR1"}, "vat_id"),
        ({"name": "A", "address": "1 rue", "vat_id": "DE123456789"}, "vat_id"),
        ({"name": "A", "vat_id": "FR12345678901"}, "address"),
        ({"name": "A", "address": "1\n2\n3\n4\n5\n6\n7"}, "address"),
    ],
)  # fmt: skip
def test_details_that_make_no_paper_are_refused_and_nothing_is_kept(
    taxed: World, buyer: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadBuyer) as refused:
        order(taxed, **buyer)
    assert refused.value.field == field
    assert taxed.rows(Contribution) == []


def test_details_are_kept_as_they_shall_be_printed(taxed: World) -> None:
    ours: dict[str, Any] = {
        "name": "Łódź & Fils",
        "address": "1 rue\nParis",
        "vat_id": "de 123 456 789",
        "country": "DE",
    }
    given = pay(taxed, **ours, business=True)
    (kept,) = taxed.rows(Buyer)
    assert (kept.contribution_id, kept.name, kept.vat_id) == (given.id, "Łódź & Fils", "DE123456789")
    assert (given.vat, given.vat_country, given.business) == (0, "DE", True)


def test_most_ask_for_nothing_and_nothing_is_kept(taxed: World) -> None:
    pay(taxed)
    assert taxed.rows(Buyer) == []


def test_what_was_agreed_to_is_kept_word_by_word_once(world: World) -> None:
    first, second = world.pay(), world.pay()
    (text,) = world.rows(AgreedText)
    assert first.consent_hash == second.consent_hash == text.hash == ids.digest(text.text)
    assert first.terms_version == text.version and first.consent_at is not None
    assert "Within 14 days of paying I can take back" in text.text
    settings.use(play_settings(COOLING_OFF_DAYS=0))
    third = world.pay()
    assert third.consent_hash != first.consent_hash
    assert len(world.rows(AgreedText)) == 2


@pytest.mark.parametrize(("business", "way"), [(False, Way.AT_ONCE), (True, Way.NOTICE)])
def test_a_business_has_no_days_in_which_it_can_be_taken_back_in_any_case(
    world: World, business: bool, way: Way
) -> None:
    given = pay(world, country="", business=business)
    world.linked()
    with transaction() as session:
        assert withdraw(session, given.id, world.actor(CLEO)) is way


def test_with_a_number_of_another_country_the_tax_is_owed_there(taxed: World) -> None:
    assert tax_of(BuyerDetails(vat_id="DE123456789", country="DE")).reverse_charge
    assert quote(Money(5000, "EUR"), Tax("DE", 1900)).fee_line == Money(275 + 52, "EUR")
    assert consent_now().version == "2026-11"
