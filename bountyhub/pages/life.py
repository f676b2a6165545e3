"""Before money's life ends its backer may pay anew, move it to another task, or hear no more of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bountyhub.funding.errors import CantMove, CantRenew, NoFloat, TooManyTries, TooMuchUnpaid
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations import Renewal, quote_renewal, renew
from bountyhub.funding.operations.buyers import consent_now, named_cost
from bountyhub.http import limits
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.pages.acting import actor_now
from bountyhub.pages.checkout import PaymentPageAway, open_checkout
from bountyhub.pages.contexts.contribution import require_own, views
from bountyhub.pages.contexts.life import Destination, destination, destinations
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import move_form, renew_form
from bountyhub.pages.fund import BY_PAYER, KEPT_CHANGED, asked_from
from bountyhub.pages.mailed_contribution import BY_LINK, contribution_of
from bountyhub.pages.typed import asked
from bountyhub.projects.errors import BlockedHere
from bountyhub.tasks.errors import TaskTakesNoMoney
from bountyhub.work.operations import be_quiet, move

blueprint = Blueprint("life", __name__)
REFUSED = (BlockedHere, CantRenew, TaskTakesNoMoney, TooManyTries, NoFloat, TooMuchUnpaid, PaymentPageAway)
Answer = Response | str | tuple[str, int]
_TASK = re.compile(r"(?:.*/tasks/)?#?(\d{1,15})/?", re.ASCII)


@blueprint.get("/contributions/<int:contribution_id>/renew")
def renew_page(contribution_id: int) -> str:
    """What a new payment costs, and what becomes of the old one."""
    own = _own(contribution_id)
    return _renewing(own, f"/contributions/{contribution_id}", _renew_form(own))


@blueprint.post("/contributions/<int:contribution_id>/renew")
@limits.costly
@limits.limiter.limit(BY_PAYER, key_func=lambda: limits.with_network("renew"))
def renew_(contribution_id: int) -> Answer:
    """Open the new payment's page."""
    return _renew(_own(contribution_id), f"/contributions/{contribution_id}")


@blueprint.get("/c/<secret>/renew")
def renew_page_by_link(secret: str) -> str:
    """The same by the link in a mail: paying anew is a payment like any."""
    linked = _linked(secret)
    return _renewing(linked, f"/c/{secret}", _renew_form(linked))


@blueprint.post("/c/<secret>/renew")
@limits.costly
@limits.limiter.limit(BY_PAYER, key_func=lambda: limits.with_network("renew"))
def renew_by_link(secret: str) -> Answer:
    """Open the new payment's page."""
    return _renew(_linked(secret), f"/c/{secret}")


def _own(contribution_id: int) -> Contribution:
    person = require_person()
    with reading() as session:
        return require_own(session, contribution_id, person.id)


def _linked(secret: str) -> Contribution:
    with reading() as session:
        return contribution_of(session, secret)


def _renew(contribution: Contribution, base: str) -> Answer:
    form = _renew_form(contribution)
    shown = form["shown_kept"].data if form.get("shown_kept") else None
    if not form.fill(request.form):
        return _renewing(contribution, base, form), 422
    if shown is not None and form["shown_kept"].data != shown:
        form["shown_kept"].data = shown
        form.form_errors.append(KEPT_CHANGED)
        return _renewing(contribution, base, form), 422
    try:
        with transaction() as session:
            payment = renew(session, Renewal(contribution.id, asked_from()))
        return redirect(open_checkout(payment), 303)
    except REFUSED as error:
        form.form_errors.append(f"{error.message} {error.advice}".strip())
        return _renewing(contribution, base, form), error.status


def _renew_form(contribution: Contribution) -> Form:
    """What is kept of the new payment at a late withdrawal is named, where anything is."""
    with reading() as session:
        kept = quote_renewal(session, contribution).kept_line
    named = named_cost(kept, renews=True)
    return renew_form(consent_now(named).sentence, str(kept.amount) if named is not None else None)


def _renewing(contribution: Contribution, base: str, form: Form) -> str:
    with reading() as session:
        view, priced = views(session, [contribution])[0], quote_renewal(session, contribution)
    return render_template(
        "funding/renew.html", contribution=view, base=base, form=form, quote=priced,
        renewable=view.until is not None,
    )  # fmt: skip


@blueprint.get("/contributions/<int:contribution_id>/move")
def move_page(contribution_id: int) -> Answer:
    """Choose a task, then see what would change; `?to=` is the one chosen."""
    contribution, typed = _own(contribution_id), asked("to")
    form = move_form(typed)
    if not typed:
        return _moving(contribution, form)
    form.take({"to": typed})
    to = _destination(contribution, form, typed)
    return _moving(contribution, form, to) if to is not None else (_moving(contribution, form), 422)


@blueprint.post("/contributions/<int:contribution_id>/move")
def move_(contribution_id: int) -> Answer:
    """Move it. Only its backer with the address confirmed gets here: a mailed link alone doesn't."""
    person = require_person()
    form = move_form()
    form.fill(request.form)
    found = _TASK.fullmatch(form["to"].data.strip())
    try:
        with transaction() as session:
            contribution = require_own(session, contribution_id, person.id)
            moved = move(session, contribution.id, int(found[1]) if found else 0, actor_now(session))
            new = moved.id
    except CantMove as error:
        form.refuse("to", f"{error.message} {error.advice}")
        return _moving(_own(contribution_id), form), error.status
    flash("It is held for this task now.", "success")
    return redirect(f"/contributions/{new}", 303)


def _destination(contribution: Contribution, form: Form, typed: str) -> Destination | None:
    """The chosen task, or the form says why not."""
    address = urlsplit(typed.strip())
    found = _TASK.fullmatch(address.path if address.scheme else typed.strip())
    try:
        with reading() as session:
            return destination(session, contribution, int(found[1]) if found else 0)
    except DomainError as error:
        form.refuse("to", f"{error.message} {error.advice}".strip())
        return None


def _moving(contribution: Contribution, form: Form, to: Destination | None = None) -> str:
    with reading() as session:
        view = views(session, [contribution])[0]
        listed = destinations(session, contribution) if to is None else []
    return render_template("funding/move.html", contribution=view, form=form, to=to, destinations=listed)


@blueprint.post("/contributions/<int:contribution_id>/quiet")
def quiet(contribution_id: int) -> Response:
    """No more reminders."""
    person = require_person()
    with transaction() as session:
        _quiet(session, require_own(session, contribution_id, person.id), by_link=False)
    return redirect(f"/contributions/{contribution_id}", 303)


@blueprint.post("/c/<secret>/quiet")
def quiet_by_link(secret: str) -> Response:
    """No more reminders."""
    with transaction() as session:
        _quiet(session, contribution_of(session, secret), by_link=True)
    return redirect(f"/c/{secret}", 303)


def _quiet(session: Session, contribution: Contribution, *, by_link: bool) -> None:
    be_quiet(session, contribution.id, BY_LINK if by_link else actor_now(session))
    flash("You will get no more reminders of this.", "success")
