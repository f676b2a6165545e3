"""Connecting a payout account: our intent, the processor's account, its hosted form, and the way back from it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from bountyhub import settings
from bountyhub.events import outbox
from bountyhub.http import limits
from bountyhub.http.filters import countries
from bountyhub.http.session import CurrentPerson, require_fresh_person, require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.pages import me
from bountyhub.pages.contexts.payee import asks_country, not_there
from bountyhub.pages.forms.fields import country_form
from bountyhub.payouts.models import Payee, PayeeState
from bountyhub.payouts.operations import ask_account, asked_long_ago, record_account
from bountyhub.people.models import Person
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideError
from bountyhub.ports.payments import PayeeAccount

blueprint = Blueprint("payout_account", __name__)
PATH = "/me/payout-account"
Answer = Response | str | tuple[str, int]
CLOCKS_DIFFER = timedelta(hours=1)


@blueprint.post(PATH)
@limits.costly
def connect() -> Answer:
    """Open the account if there is none, and lead to its form; only for who has just signed in, where money goes."""
    person, form = require_fresh_person(), country_form(tuple(countries()))
    with reading() as session:
        asks = asks_country(session.scalars(select(Payee).where(Payee.person_id == person.id)).first())
    if not asks:
        return _to_form(person) or redirect("/me", 303)
    form.fill(request.form)
    if form["country"].data not in dict(countries()):
        form["country"].errors = ["Choose the country where you live."]
        return me.render(country=form), 422
    answer = _to_form(person, form["country"].data)
    if answer is None:
        form.refuse("country", not_there(form["country"].data))
        return me.render(country=form), 422
    return answer


@blueprint.get(f"{PATH}/again")
def again() -> Response:
    """The form's single-use address was used up or too old: a new one, for whoever began."""
    person = require_fresh_person()
    with reading() as session:
        begun = session.scalars(select(Payee.id).where(Payee.person_id == person.id)).first()
    return (_to_form(person) if begun is not None else None) or redirect("/me", 303)


@blueprint.get(f"{PATH}/return")
def back() -> Response:
    """Back from the form: read what the processor says now."""
    person = require_person()
    with reading() as session:
        payee = session.scalars(select(Payee).where(Payee.person_id == person.id)).first()
    if payee is not None and payee.account is not None:
        _read_again(payee.account)
    return redirect("/me", 303)


def _to_form(person: CurrentPerson, country: str = "") -> Response | None:
    """The processor's form; None for somebody who is where no money can be sent, which is written down."""
    payee = _ask(person, country)
    if payee.state is PayeeState.UNPAYABLE and payee.account is None:
        return None
    account = payee.account or _open(payee, person)
    base = settings.current().PUBLIC_URL
    url = gateway().onboarding_link(account, return_url=f"{base}{PATH}/return", refresh_url=f"{base}{PATH}/again")
    return redirect(url, 303)


def _ask(person: CurrentPerson, country: str) -> Payee:
    with transaction() as session:
        payee = ask_account(session, session.get_one(Person, person.id), country)
        if payee.state is PayeeState.UNPAYABLE and payee.account is None:
            return payee
        since = person.signed_in_at.isoformat()
        outbox.add(session, "notify.payout_account", key=f"payout-account:{person.id}", person=person.id, since=since)
        return payee


def _open(payee: Payee, person: CurrentPerson) -> str:
    """The account at the processor; asked by the payee's own key, a second click gives the same one."""
    account = _find(payee) or gateway().create_account(
        payee.ref, person.email or "", key=payee.ref, country=payee.country
    )
    with transaction() as session:
        record_account(session, account, reference=payee.ref)
    return account.id


def _find(payee: Payee) -> PayeeAccount | None:
    if payee.called_at is None or not asked_long_ago(payee):
        return None
    return gateway().find_account(payee.ref, payee.called_at - CLOCKS_DIFFER)


def _read_again(account_id: str) -> None:
    try:
        account = gateway().read_account(account_id)
    except OutsideError:
        flash("The payment provider isn’t answering: your account is brought up to date in a few minutes.", "warning")
        return
    with transaction() as session:
        payee = record_account(session, account)
    if payee.state is PayeeState.READY:
        flash("Your payout account is connected: you can be paid.", "success")
    else:
        flash("Your payout account isn’t ready yet.", "warning")
