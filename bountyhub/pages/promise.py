"""Promising to fund a task: the form, the page that saves the card, the thank-you page, and the promise's own pages.

A promise's page is reached by its mailed link, or signed in by its backer.
"""

from __future__ import annotations

import logging

from flask import Blueprint, flash, make_response, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bountyhub import settings
from bountyhub.funding.errors import BadAmount, BadBuyer, CantWithdraw, TooManyTries
from bountyhub.funding.models import Payment, Promise, PromiseState
from bountyhub.funding.operations import Order
from bountyhub.funding.operations.buyers import BuyerDetails
from bountyhub.funding.operations.promises import card_order, promise, record_card_page, withdraw_promise
from bountyhub.http import limits
from bountyhub.http.session import current_person, require_person
from bountyhub.kit import ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import MoneyError, parse_amount
from bountyhub.pages.acting import actor_now
from bountyhub.pages.checkout import PaymentPageAway
from bountyhub.pages.contexts import task as tasks
from bountyhub.pages.contexts.funding import default_amount, fund_box, typed, why_no_promise
from bountyhub.pages.contexts.parts import task_row
from bountyhub.pages.contexts.promises import PromiseView, find_by_ref, require_own, view
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.funding import FIELDS, buyer_of, new_promise_form, show_tax
from bountyhub.pages.fund import BY_PAYER, TAX_CHANGED, asked_from, check_buyer, payer, words
from bountyhub.pages.keeping import refill
from bountyhub.pages.typed import asked
from bountyhub.people.errors import BadEmail, LinkOver
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import Actor, find_link
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideError
from bountyhub.projects.errors import BlockedHere
from bountyhub.projects.queries import block_of
from bountyhub.tasks.errors import TaskTakesNoMoney
from bountyhub.work.operations.promises import record_promise_charge

blueprint = Blueprint("promise", __name__)
log = logging.getLogger("bountyhub.pages")
BY_LINK = Actor(None, None, "mailed link")
WITHDRAWN = "Your promise is withdrawn. Nothing is charged, and your card is forgotten."
Answer = Response | str | tuple[str, int]


@blueprint.get("/tasks/<int:task_id>/promise")
def show(task_id: int) -> str:
    """The form; `?amount=` is already in it."""
    return _render(task_id, asked("amount")[:20])


@blueprint.post("/tasks/<int:task_id>/promise")
@limits.costly
@limits.limiter.limit(BY_PAYER, key_func=lambda: limits.with_network(f"fund:{payer()}"))
def give(task_id: int) -> Answer:
    """Write the promise down, open the page that saves its card and lead there; refusals keep what was typed."""
    form = _form()
    filled, shown = form.fill(request.form), show_tax(form)
    if not filled:
        return _render(task_id, "", form), 422
    try:
        with reading() as session:
            currency = tasks.find(session, task_id).task.currency
        order = _order(task_id, form, currency)
        if not shown:
            check_buyer(order)
            form.form_errors.append(TAX_CHANGED)
            return _render(task_id, "", form), 422
        with transaction() as session:
            row = promise(session, order)
        return redirect(card_page(row), 303)
    except (BadAmount, MoneyError) as error:
        form.refuse("amount", words(error))
    except BadBuyer as error:
        form.refuse(FIELDS[error.field], words(error))
    except BadEmail as error:
        form.refuse("email", words(error))
    except (BlockedHere, TaskTakesNoMoney, TooManyTries, PaymentPageAway) as error:
        form.form_errors.append(words(error))
        return _render(task_id, "", form), error.status
    return _render(task_id, "", form), 422


@blueprint.get("/promised/<ref>")
def thanks(ref: str) -> str:
    """Where the processor sends a backer back: thank you, or that no card was saved."""
    with reading() as session:
        row = find_by_ref(session, ref)
    _ask_once(row)
    with reading() as session:
        return render_template("funding/promised.html", promise=view(session, find_by_ref(session, ref), ""))


@blueprint.get("/promises/<int:promise_id>")
def own(promise_id: int) -> Response:
    """A promise of somebody signed in."""
    person = require_person()
    with reading() as session:
        row = require_own(session, promise_id, person.id)
    return _show(row, f"/promises/{promise_id}")


@blueprint.post("/promises/<int:promise_id>/withdraw")
def withdraw_own(promise_id: int) -> Response:
    """Take it back."""
    person = require_person()
    with transaction() as session:
        row = require_own(session, promise_id, person.id)
        withdraw_promise(session, row.ref, actor_now(session))
    flash(WITHDRAWN, "success")
    return redirect(f"/promises/{promise_id}", 303)


@blueprint.post("/promises/<int:promise_id>/confirm")
def confirm_own(promise_id: int) -> Response:
    """To the bank."""
    person = require_person()
    with reading() as session:
        row = require_own(session, promise_id, person.id)
    return redirect(to_bank(row, f"/promises/{promise_id}"), 303)


@blueprint.get("/p/<secret>")
def mailed(secret: str) -> Response:
    """A promise by the link in its mail; nobody else keeps a copy of this page."""
    with reading() as session:
        row = _linked(session, secret)
    return _show(row, f"/p/{secret}")


@blueprint.post("/p/<secret>/withdraw")
def withdraw_mailed(secret: str) -> Response:
    """Take it back."""
    with transaction() as session:
        withdraw_promise(session, _linked(session, secret).ref, BY_LINK)
    flash(WITHDRAWN, "success")
    return redirect(f"/p/{secret}", 303)


@blueprint.post("/p/<secret>/confirm")
def confirm_mailed(secret: str) -> Response:
    """To the bank."""
    with reading() as session:
        row = _linked(session, secret)
    return redirect(to_bank(row, f"/p/{secret}"), 303)


def _show(row: Promise, base: str) -> Response:
    _follow(row)
    with reading() as session:
        seen: PromiseView = view(session, session.get_one(Promise, row.id), base)
    answer = make_response(render_template("funding/promise.html", promise=seen))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _linked(session: Session, secret: str) -> Promise:
    link = find_link(session, secret, LinkPurpose.PROMISE)
    row = session.get(Promise, link.promise_id) if link.promise_id else None
    if row is None:
        raise LinkOver()
    return row


def card_page(row: Promise) -> str:
    """Where its card is saved, opened now if it isn't yet; a promise that has one leads to its own page."""
    if row.state is not PromiseState.ASKED:
        return f"/promised/{row.ref}"
    if row.page_url is not None:
        return row.page_url
    with reading() as session:
        order = card_order(session, row)
    try:
        page = gateway().open_card_page(order, key=row.ref)
    except OutsideError as error:
        log.warning("card page %s was not opened: %s", row.ref, error)
        raise PaymentPageAway() from None
    with transaction() as session:
        record_card_page(session, row.ref, page)
    return page.url or f"/promised/{row.ref}"


def _ask_once(row: Promise) -> None:
    if row.state is not PromiseState.ASKED or row.page_id is None:
        return
    try:
        page = gateway().read_card_page(row.page_id)
    except OutsideError as error:
        log.warning("card page %s could not be read: %s", row.ref, error)
        return
    with transaction() as session:
        record_card_page(session, row.ref, page)


def _payment(row: Promise) -> Payment | None:
    with reading() as session:
        return session.scalars(select(Payment).where(Payment.contribution_id == row.contribution_id)).first()


def _follow(row: Promise) -> None:
    """Back from the bank: the page says at once what came of it."""
    payment = _payment(row) if row.state is PromiseState.NEEDS_BACKER else None
    if payment is None or payment.payment_intent is None:
        return
    try:
        charge = gateway().read_charge(payment.payment_intent)
    except OutsideError as error:
        log.warning("charge %s could not be read: %s", payment.ref, error)
        return
    with transaction() as session:
        record_promise_charge(session, payment.ref, charge)


def to_bank(row: Promise, back: str) -> str:
    """The bank's page for a promise that needs its backer; raises CantWithdraw for none, PaymentPageAway."""
    payment = _payment(row) if row.state is PromiseState.NEEDS_BACKER else None
    if payment is None or payment.payment_intent is None or row.payment_method is None:
        raise CantWithdraw("There is nothing to confirm.", advice="Its page says where your promise stands.")
    try:
        charge = gateway().authenticate(
            payment.payment_intent, row.payment_method, f"{settings.current().PUBLIC_URL}{back}"
        )
    except OutsideError as error:
        log.warning("charge %s could not be confirmed: %s", payment.ref, error)
        raise PaymentPageAway() from None
    with transaction() as session:
        record_promise_charge(session, payment.ref, charge)
    return charge.url or back


def _form(amount: str = "") -> Form:
    return new_promise_form(current_person(), amount)


def _order(task_id: int, form: Form, currency: str) -> Order:
    """What the form asks for. Changed and sent again (the back button), a form is another promise."""
    person, field = current_person(), form.get("email")
    email = field.data if field is not None else (person.email or "" if person else "")
    said = [form[name].data for name in ("nonce", "amount", "anonymous")]
    buyer = buyer_of(form)
    if buyer != BuyerDetails():
        said.append(repr(buyer))
    return Order(
        task_id=task_id, amount=parse_amount(form["amount"].data, currency), email=email,
        person_id=person.id if person else None, anonymous=form["anonymous"].checked,
        nonce=ids.digest("\n".join(["promise", *said, email, str(task_id)]))[:40], buyer=buyer,
        asked_from=asked_from(),
    )  # fmt: skip


def _render(task_id: int, amount: str, filled: Form | None = None) -> str:
    person = current_person()
    with reading() as session:
        listed = tasks.find(session, task_id)
        block = block_of(session, listed.project.id, person.id if person else None)
        refusal = why_no_promise(session, listed.task, listed.repository, block)
    currency = listed.task.currency
    form = filled or refill(_form(amount or typed(default_amount(currency))), f"/tasks/{task_id}/promise")
    return render_template(
        "funding/promise_form.html", task=task_row(listed), project=tasks.project_link(listed),
        issue_number=listed.task.issue_number, why_no_money=refusal, days=settings.current().PROMISE_DAYS,
        **vars(fund_box(form, currency)),
    )  # fmt: skip
