"""Where the processor sends a backer after paying. The money is real only once the processor says so."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template

from bountyhub.funding.models import Contribution
from bountyhub.http.session import current_person
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.accounts import suspense
from bountyhub.pages.checkout import ask_once, find_payment
from bountyhub.pages.contexts.contribution import ContributionView, open_to_all, views
from bountyhub.pages.contexts.papers import papers_of
from bountyhub.pages.contexts.proof import proof

blueprint = Blueprint("thanks", __name__)


@blueprint.get("/paid/<ref>")
def show(ref: str) -> str:
    """Thank you; or that it is being confirmed, or that nothing was charged."""
    with reading() as session:
        payment, _ = find_payment(session, ref)
    ask_once(payment)
    with reading() as session:
        _, contribution = find_payment(session, ref)
        public = ledger.is_used(session, suspense(ref, None))
        view = _for_reader(views(session, [contribution])[0], contribution, public=public)
        view = replace(view, proof=proof(session, contribution, view.url))
        if view.url:
            view = replace(view, papers=papers_of(session, contribution, view.url))
    return render_template("funding/thanks.html", contribution=view)


def _for_reader(view: ContributionView, contribution: Contribution, *, public: bool) -> ContributionView:
    """Who isn't signed in as its backer has the address of this page only: no way to the contribution's own.

    `public`: the payment's name stands in the books, which everybody reads, so everybody may have that address.
    """
    person = current_person()
    if person is not None and person.id == contribution.person_id:
        return view
    view = replace(view, again_url=open_to_all(view.again_url))
    return replace(view, url=None, email="" if public or not view.email else _half_hidden(view.email))


def _half_hidden(email: str) -> str:
    """`c…@example.org`: enough to notice a slip, too little for a stranger who sees the address of this page."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
