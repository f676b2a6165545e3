"""The fund form of two pages: built for its reader, and read as a buyer's details."""

from __future__ import annotations

from typing import Any

from bountyhub import settings
from bountyhub.funding.errors import BadBuyer
from bountyhub.funding.operations.buyers import BuyerDetails, consent_now, named_cost, tax_of
from bountyhub.funding.vat import Tax
from bountyhub.http.filters import countries
from bountyhub.http.session import CurrentPerson
from bountyhub.kit.money import Money, zero
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import ON_PAPERS, fund_form, promise_form

#: Which field of the form each part of a buyer's details is typed into.
FIELDS = {"name": "company_name", "address": "company_address", "vat_id": "company_vat_id", "country": "country"}


def new_fund_form(person: CurrentPerson | None, amount: str) -> Form:
    """The form for this reader; the country is asked where a tax is computed, the operator's own to begin with."""
    # How much of the cost is named depends on what is typed.
    named = named_cost(zero(settings.current().CURRENCIES[0]), renews=False)
    form = fund_form(
        amount=amount, asks_email=_asks(person), consent=consent_now(named).sentence, keeps=named is not None,
        **_countries(),
    )  # fmt: skip
    return _with_country(form)


def new_promise_form(person: CurrentPerson | None, amount: str) -> Form:
    """The same for a promise."""
    return _with_country(promise_form(amount=amount, asks_email=_asks(person), **_countries()))


def _asks(person: CurrentPerson | None) -> bool:
    return person is None or not person.email


def _countries() -> Any:
    here = settings.current()
    rate = here.vat_basis_points.get(here.VAT_COUNTRY, 0)
    return {"countries": tuple(countries()) if here.VAT_RATES else (), "rate": rate}


def _with_country(form: Form) -> Form:
    if settings.current().VAT_RATES:
        form["country"].data = settings.current().VAT_COUNTRY
    return form


def buyer_of(form: Form) -> BuyerDetails:
    """What the form says of its buyer."""
    name, address, vat_id, reference = (form[field].data for field in ON_PAPERS[:4])
    country = form.get("country")
    return BuyerDetails(
        name=name, address=address, vat_id=vat_id, reference=reference, country=country.data if country else "",
        business=form["business"].checked,
    )  # fmt: skip


def tax_in(form: Form) -> Tax:
    """The tax of what is typed; that of the country alone while the rest can't be."""
    buyer = buyer_of(form)
    try:
        return tax_of(buyer)
    except BadBuyer:
        rate = settings.current().vat_basis_points.get(buyer.country, 0)
        return Tax(buyer.country, rate) if rate else Tax()


def show_tax(form: Form) -> bool:
    """Whether the form showed the tax that is due; what it shows from now on is that one."""
    shown = form.get("shown_rate")
    if shown is None:
        return True
    before, shown.data = shown.data, str(tax_in(form).basis_points)
    return before == shown.data


def show_kept(form: Form, kept: Money) -> bool:
    """Whether the form named what is kept at a late withdrawal; what it names from now on is that."""
    shown = form.get("shown_kept")
    if shown is None:
        return True
    before, shown.data = shown.data, str(kept.amount)
    return before == shown.data


def papers_typed(form: Form) -> bool:
    """Whether the part that is folded away must be open: something in it is typed or wrong."""
    return any(form[name].data or form[name].errors for name in ON_PAPERS)
