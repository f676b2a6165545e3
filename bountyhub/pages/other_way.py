"""Another way for money that could not go back to the card: by the receipt's link, or signed in."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bountyhub.funding import operations as funding
from bountyhub.funding.errors import BadBankDetails
from bountyhub.funding.models import Contribution
from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import total
from bountyhub.pages.acting import actor_now
from bountyhub.pages.contexts.contribution import require_own
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import bank_form
from bountyhub.pages.mailed_contribution import BY_LINK, contribution_of
from bountyhub.people.operations import Actor

blueprint = Blueprint("other_way", __name__)
SAID = "Thank you. The operator sends it to that account, and you get a mail."


@blueprint.get("/c/<secret>/other-way")
def mailed(secret: str) -> Response:
    """By the link."""
    with reading() as session:
        return _page(session, contribution_of(session, secret), f"/c/{secret}", bank_form())


@blueprint.post("/c/<secret>/other-way")
def give_mailed(secret: str) -> Response:
    """Where it goes, by the link."""
    form, base = bank_form(), f"/c/{secret}"
    with transaction() as session:
        contribution = contribution_of(session, secret)
        if not form.fill(request.form) or not _given(session, contribution, form, BY_LINK):
            return _page(session, contribution, base, form, 422)
    flash(SAID, "success")
    return redirect(f"{base}/other-way", 303)


@blueprint.get("/contributions/<int:contribution_id>/other-way")
def own(contribution_id: int) -> Response:
    """Signed in."""
    person = require_person()
    with reading() as session:
        contribution = require_own(session, contribution_id, person.id)
        return _page(session, contribution, f"/contributions/{contribution_id}", bank_form())


@blueprint.post("/contributions/<int:contribution_id>/other-way")
def give_own(contribution_id: int) -> Response:
    """Where it goes, signed in."""
    person, form, base = require_person(), bank_form(), f"/contributions/{contribution_id}"
    with transaction() as session:
        contribution = require_own(session, contribution_id, person.id)
        if not form.fill(request.form) or not _given(session, contribution, form, actor_now(session)):
            return _page(session, contribution, base, form, 422)
    flash(SAID, "success")
    return redirect(f"{base}/other-way", 303)


def _given(session: Session, contribution: Contribution, form: Form, actor: Actor) -> bool:
    try:
        funding.give_bank_details(session, contribution, form["holder"].data, form["iban"].data, actor)
    except BadBankDetails as refused:
        form.refuse("iban", refused.message)
        return False
    return True


def _page(session: Session, contribution: Contribution, base: str, form: Form, status: int = 200) -> Response:
    """What waits, and what was said of where it goes; nobody else keeps a copy of this page."""
    failed = funding.failed_of(session, contribution)
    waiting = total([refund.money for refund in failed], failed[0].currency) if failed else None
    given = any(funding.bank_details(session, refund) for refund in failed)
    answer = make_response(
        render_template("funding/other_way.html", waiting=waiting, given=given, form=form, base=base), status
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
