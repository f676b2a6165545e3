"""My page, another address for it, and signing out everywhere."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from bountyhub.events import outbox
from bountyhub.funding.operations import join_contributions
from bountyhub.funding.operations.promise_owners import join_promises
from bountyhub.http import limits
from bountyhub.http.filters import countries
from bountyhub.http.session import require_fresh_person, require_person, sign_out
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.contexts.me import my_page
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import address_form, country_form
from bountyhub.pages.keeping import refill
from bountyhub.pages.sign_in import TO_ONE, is_mine
from bountyhub.people.errors import LinkOver
from bountyhub.people.models import LinkPurpose, Person
from bountyhub.people.operations import close_all_sessions, find_link, take_address
from bountyhub.people.rules import is_email, normal_email
from bountyhub.work.operations.joining import hand_over

blueprint = Blueprint("me", __name__)
ADDRESS = "/me/address"
Answer = Response | str | tuple[str, int]


@blueprint.get("/me")
def show() -> str:
    """What needs me, what I earned, claimed and fund."""
    return render(refill(address_form(), ADDRESS))


def render(form: Form | None = None, country: Form | None = None) -> str:
    """The page, with what was typed into one of its forms."""
    person = require_person()
    with reading() as session:
        page = my_page(session, person.id)
    return render_template(
        "people/me.html", address_form=form or address_form(), country_form=country or country_form(tuple(countries())),
        **vars(page),
    )  # fmt: skip


@blueprint.post(ADDRESS)
@limits.costly
def ask_address() -> Answer:
    """Mail a link that adds an address to this person."""
    person, form = require_fresh_person(), address_form()
    if form.fill(request.form) and not is_email(form["email"].data):
        form.refuse("email", "That is not an e-mail address. Type it like name@example.org.")
    if form.errors:
        return render(form), 422
    email = normal_email(form["email"].data)
    if limits.within(TO_ONE, "link", email):
        with transaction() as session:
            outbox.add(session, "notify.address_link", email=email, person=person.id)
    return render_template("people/mail_sent.html", email=email)


@blueprint.get(f"{ADDRESS}/<secret>")
def show_address(secret: str) -> str:
    """Ask before an address is added: programs open links too."""
    person = require_person()
    with reading() as session:
        link = find_link(session, secret, LinkPurpose.ADDRESS)
    if link.person_id != person.id:
        raise LinkOver()
    return render_template(
        "people/mail_link.html", title="Add this address", email=link.email, label="Add this address",
        message=f"Receipts, and links to sign in as {person.name}, go here from now on:",
    )  # fmt: skip


@blueprint.post(f"{ADDRESS}/<secret>")
def add_address(secret: str) -> Response:
    """The address is theirs (a second click finds it done); whoever signed in by it alone was the same person."""
    here = require_person()
    try:
        _take(here.id, secret)
    except LinkOver:
        if not is_mine(secret):
            raise
    else:
        flash("The address is added to your account.", "success")
    return redirect("/me", 303)


def _take(person_id: int, secret: str) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        if (same := take_address(session, person, secret)) is not None:
            hand_over(session, same, person)
        join_contributions(session, person)
        join_promises(session, person)


@blueprint.post("/me/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    """End every session of this person."""
    person = require_person()
    with transaction() as session:
        close_all_sessions(session, session.get_one(Person, person.id))
    sign_out()
    flash("You are signed out on every device.", "success")
    return redirect("/", 303)
