"""One claim: its page, and what deciders and objectors do with it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response

from bountyhub.http import limits
from bountyhub.http.session import current_person, require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.acting import Acting, acting_in, actor_now
from bountyhub.pages.contexts.claim import claim_page, find
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.fields import reason_form, split_form
from bountyhub.pages.keeping import redraws, refill, refill_actions
from bountyhub.pages.splitting import split_with
from bountyhub.pages.typed import posted
from bountyhub.people.operations import Actor
from bountyhub.work.errors import ClaimRefuses, ReasonMissing
from bountyhub.work.models import Objection, ObjectionState
from bountyhub.work.operations import confirm_claim, object_to_claim, settle_claim, unlink_claim, withdraw_objection

blueprint = Blueprint("claim", __name__)
DECISIONS = {"release": True, "refuse": False}
Answer = Response | str | tuple[str, int]


@blueprint.get("/claims/<int:claim_id>")
def show(claim_id: int) -> str:
    """The page; after a refusal with what was typed."""
    return _render(claim_id, refill(_object_form(), f"/claims/{claim_id}/object"))


@blueprint.post("/claims/<int:claim_id>/confirm")
@limits.asks_forge
@redraws(show)
def confirm(claim_id: int) -> Response:
    """A decider says that a late claim did deliver."""
    acting = _acting(claim_id)
    with transaction() as session:
        confirm_claim(session, claim_id, acting.actor, acting.permission)
    return _back(claim_id, "Confirmed: the time for objections begins now.")


@blueprint.post("/claims/<int:claim_id>/unlink")
@limits.asks_forge
@redraws(show)
def unlink(claim_id: int) -> Response:
    """A decider cuts the link."""
    acting = _acting(claim_id)
    with transaction() as session:
        unlink_claim(session, claim_id, acting.actor, acting.permission)
    return _back(claim_id, "The link is cut.")


@blueprint.post("/claims/<int:claim_id>/object")
@limits.asks_forge
@redraws(show)
def object_(claim_id: int) -> Answer:
    """A decider or a backer objects; without a reason the form comes back."""
    acting, reason = _acting(claim_id), posted("reason")
    try:
        with transaction() as session:
            object_to_claim(session, claim_id, acting.actor, acting.permission, reason)
    except ReasonMissing as error:
        form = _object_form()
        form.refuse("reason", error.message)
        return _render(claim_id, form), error.status
    return _back(claim_id, "Your objection is noted and public.")


@blueprint.post("/claims/<int:claim_id>/settle")
@limits.asks_forge
@redraws(show)
def settle(claim_id: int) -> Response:
    """A decider ends the open objections, with a public reason."""
    acting, decision = _acting(claim_id), posted("decision")
    if decision not in DECISIONS:
        raise ClaimRefuses("Choose whether the money is released or not.")
    try:
        with transaction() as session:
            settle_claim(
                session, claim_id, acting.actor, acting.permission, accept=DECISIONS[decision],
                reason=posted("reason"),
            )  # fmt: skip
    except ClaimRefuses:
        if not _has_settled(claim_id, acting.actor):
            raise
    return _back(claim_id, "Decided. Everybody concerned is told.")


@blueprint.post("/claims/<int:claim_id>/split")
@limits.asks_forge
@redraws(show)
def split(claim_id: int) -> Response:
    """Its author says who gets how much."""
    split_with(claim_id, posted("split"))
    return _back(claim_id, "Noted. Whoever merges sees it on the pull request.")


@blueprint.post("/objections/<int:objection_id>/withdraw")
def withdraw(objection_id: int) -> Response:
    """The objector takes it back."""
    require_person()
    with transaction() as session:
        claim = withdraw_objection(session, objection_id, actor_now(session))
    return _back(claim.id, "Your objection is withdrawn.")


def _acting(claim_id: int) -> Acting:
    require_person()
    with reading() as session:
        repository_id = find(session, claim_id).repository_id
    return acting_in(repository_id)


def _has_settled(claim_id: int, actor: Actor) -> bool:
    """A second click finds it done."""
    with reading() as session:
        query = select(Objection.id).where(Objection.claim_id == claim_id, Objection.settled_by == actor.name)
        return session.scalars(query.where(Objection.state != ObjectionState.WITHDRAWN)).first() is not None


def _object_form() -> Form:
    return reason_form("Why does the merged pull request not deliver this task?")


def _render(claim_id: int, form: Form) -> str:
    person = current_person()
    with reading() as session:
        page = claim_page(session, claim_id, person.id if person else None)
    refill_actions(page.claim.actions)
    splitting = refill(split_form(page.claim.split), f"/claims/{claim_id}/split", "split") if page.may_split else None
    return render_template(
        "work/claim.html", claim=page.claim, task=page.task, shares=page.shares, objections=page.objections,
        activity=page.activity, object_form=form if page.may_object or form["reason"].data or form.errors else None,
        object_url=f"/claims/{claim_id}/object", bank_note=page.bank_note, split_form=splitting,
    )  # fmt: skip


def _back(claim_id: int, said: str) -> Response:
    flash(said, "success")
    return redirect(f"/claims/{claim_id}", 303)
