"""A payee who can't be paid sends a share on to the project or to a charity; deciders name who takes the project's."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from bountyhub import settings
from bountyhub.http import limits
from bountyhub.http.session import require_fresh_person, require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError, NotFound
from bountyhub.kit.money import short
from bountyhub.pages.acting import acting_in, actor_now
from bountyhub.pages.contexts.redirecting import CHARITY, PROJECT, Sending, project_target, sending
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import redirect_form
from bountyhub.pages.typed import posted
from bountyhub.payouts.errors import CantRedirect, PayeeNotReady, TransferUnderWay
from bountyhub.payouts.operations.charities import drop_project_payee, name_project_payee, record_charity
from bountyhub.payouts.operations.redirects import redirect_share
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideError, OutsideGone
from bountyhub.projects.models import Repository
from bountyhub.projects.rules import is_decider
from bountyhub.work.errors import NotADecider

blueprint = Blueprint("redirecting", __name__)
Answer = Response | str | tuple[str, int]
REFUSED = (CantRedirect, PayeeNotReady, TransferUnderWay)


@blueprint.get("/shares/<int:share_id>/redirect")
def show(share_id: int) -> str:
    """To whom it can go."""
    found = _sending(share_id)
    return _render(found, redirect_form(found.choices))


@blueprint.post("/shares/<int:share_id>/redirect")
@limits.costly
def send(share_id: int) -> Answer:
    """Send it on; only for who has just signed in, since it is where their money goes."""
    require_fresh_person()
    found = _sending(share_id)
    form = redirect_form(found.choices)
    if not form.fill(request.form):
        return _render(found, form), 422
    try:
        name = _send(share_id, form["to"].data)
    except REFUSED as refused:
        form.form_errors.append(f"{refused.message} {refused.advice}".strip())
        return _render(found, form), refused.status
    except OutsideError:
        form.form_errors.append("The payment provider isn’t answering. Nothing was sent: please try again in a minute.")
        return _render(found, form), 503
    flash(f"Sent on to {name}.", "success")
    return redirect("/me", 303)


def _sending(share_id: int) -> Sending:
    person = require_person()
    with reading() as session:
        return sending(session, share_id, person.id)


def _send(share_id: int, to: str) -> str:
    """The name of who gets it; raises REFUSED, NotFound, OutsideError."""
    payee_id, name = _project(share_id) if to == PROJECT else _charity(to.removeprefix(CHARITY))
    with transaction() as session:
        redirect_share(session, share_id, payee_id, name, actor_now(session))
    return name


def _project(share_id: int) -> tuple[int, str]:
    with reading() as session:
        found = project_target(session, share_id)
    if found is None:
        raise PayeeNotReady("The project")
    return found[0].id, found[1]


def _charity(name: str) -> tuple[int, str]:
    """Its account is asked for first: whether it can receive now."""
    account_id = settings.current().CHARITIES.get(name)
    if account_id is None:
        raise NotFound("There is no such charity on the list.")
    try:
        account = gateway().read_account(account_id)
    except OutsideGone:
        raise PayeeNotReady(name) from None
    with transaction() as session:
        return record_charity(session, name, account).id, name


def _render(found: Sending, form: Form) -> str:
    return render_template("people/redirect.html", sending=found, form=form, amount=short(found.amount))


@blueprint.post("/projects/<int:project_id>/payee")
@limits.asks_forge
def name_payee(project_id: int) -> Response:
    """A decider's own account takes what is sent on to the project, or (with `drop`) nobody's does."""
    require_fresh_person()
    with reading() as session:
        repositories = session.scalars(select(Repository.id).where(Repository.project_id == project_id)).all()
    if not repositories:
        raise NotFound("There is no such project.")
    if not any(is_decider(acting_in(id).permission) for id in repositories):
        raise NotADecider()
    try:
        with transaction() as session:
            change = drop_project_payee if posted("drop") else name_project_payee
            change(session, project_id, actor_now(session))
    except DomainError as refused:
        flash(f"{refused.message} {refused.advice}".strip(), "warning")
    else:
        flash("Noted.", "success")
    return redirect(f"/projects/{project_id}", 303)
