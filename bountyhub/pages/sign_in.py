"""Signing in by a mailed link, and out. (With GitHub: the forge integration's own views.)"""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from bountyhub.events import outbox
from bountyhub.funding.operations import join_contributions
from bountyhub.funding.operations.promise_owners import join_promises
from bountyhub.http import limits
from bountyhub.http import session as login
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.forms.fields import email_form
from bountyhub.pages.keeping import refill
from bountyhub.people.errors import LinkOver
from bountyhub.people.models import LinkPurpose, Person
from bountyhub.people.operations import find_link, use_link
from bountyhub.people.queries import link_email
from bountyhub.people.rules import is_email, normal_email

blueprint = Blueprint("sign_in", __name__)
BY_MAIL = "3 per minute; 10 per hour"
#: Links one address gets from everywhere; who asks for more finds those already sent, which work for 30 days.
TO_ONE = "10 per hour"
Answer = Response | str | tuple[str, int]


@blueprint.get("/sign-in")
def show() -> Answer:
    """The two ways; who is signed in already goes on, unless it was too long ago for what they want."""
    wanted = request.args.get("next")
    if login.current_person() is not None and "again" not in request.args:
        return redirect(login.safe_next(wanted), 303)
    return _render(login.safe_next(wanted) if wanted else None)


@blueprint.post("/sign-in/email")
@limits.costly
@limits.limiter.limit(BY_MAIL, key_func=lambda: limits.with_network(f"link:{_asked_for()}"))
def mail() -> Answer:
    """Mail a link. The answer is the same whether the address is known or not, and whether it had links enough."""
    form, wanted = email_form(), request.form.get("next")
    if form.fill(request.form) and not is_email(form["email"].data):
        form.refuse("email", "That is not an e-mail address. Type it like name@example.org.")
    if form.errors:
        return _render(login.safe_next(wanted) if wanted else None, form), 422
    email = normal_email(form["email"].data)
    if limits.within(TO_ONE, "link", email):
        with transaction() as session:
            outbox.add(session, "notify.sign_in_link", email=email, next=login.safe_next(wanted))
    return render_template("people/mail_sent.html", email=email)


def _asked_for() -> str:
    return normal_email(request.form.get("email", ""))


@blueprint.get("/sign-in/link/<secret>")
def link(secret: str) -> Response:
    """Ask before the link is used up: programs open links too."""
    with reading() as session:
        email = find_link(session, secret, LinkPurpose.SIGN_IN).email
    here = login.current_person()
    other = f" You are signed in as {here.name} now; that ends." if here and here.email != email else ""
    answer = make_response(
        render_template(
            "people/mail_link.html", title="Sign in", email=email,
            message=f"Go on as the owner of this address.{other}",
            label="Sign in", fields={"next": login.safe_next(request.args.get("next"))},
        )
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/sign-in/link/<secret>")
@limits.costly
def use(secret: str) -> Response:
    """Sign in by the link, once (a second click finds it done); money paid with that address is theirs from now on."""
    try:
        person = _use(secret)
    except LinkOver:
        if not is_mine(secret):
            raise
    else:
        login.sign_in(person.id)
    return redirect(login.safe_next(request.form.get("next")), 303)


def is_mine(secret: str) -> bool:
    """Whether a link was for the person who is signed in: a second click finds them there."""
    here = login.current_person()
    with reading() as session:
        return here is not None and here.email is not None and link_email(session, secret) == here.email


def _use(secret: str) -> Person:
    with transaction() as session:
        person = use_link(session, secret)
        session.flush()
        join_contributions(session, person)
        join_promises(session, person)
        outbox.add(session, "forge.refresh_roles", key=f"roles:{person.id}", person=person.id)
    return person


@blueprint.post("/sign-out")
def out() -> Response:
    """End this browser's session."""
    login.sign_out()
    return redirect("/", 303)


def _render(wanted: str | None, form: object = None) -> str:
    again = "again" in request.args and login.current_person() is not None
    form = form or refill(email_form(), "/sign-in/email")
    return render_template(
        "people/sign_in.html", form=form, github_url="/sign-in/github", email_url="/sign-in/email", next=wanted,
        again=again,
    )  # fmt: skip
