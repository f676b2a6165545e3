"""Funding a task: the form, and the step from a filled form to the processor's checkout page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from bountyhub.funding.errors import BadAmount, BadBuyer, NoFloat, TooManyTries, TooMuchUnpaid
from bountyhub.funding.operations import Order, contribute, quote
from bountyhub.funding.operations.buyers import BuyerDetails, check_names, tax_of
from bountyhub.http import limits
from bountyhub.http.session import current_person
from bountyhub.kit import ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import MoneyError, parse_amount
from bountyhub.pages.checkout import PaymentPageAway, open_checkout
from bountyhub.pages.contexts import task as tasks
from bountyhub.pages.contexts.funding import default_amount, fund_box, typed, why_no_money
from bountyhub.pages.contexts.parts import task_row
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.funding import FIELDS, buyer_of, new_fund_form, show_kept, show_tax
from bountyhub.pages.keeping import refill
from bountyhub.pages.typed import asked
from bountyhub.people.errors import BadEmail
from bountyhub.projects.errors import BlockedHere
from bountyhub.projects.queries import block_of
from bountyhub.tasks.errors import TaskTakesNoMoney

blueprint = Blueprint("fund", __name__)
#: Payments that one network begins for one mail or one person: against trying stolen cards.
BY_PAYER = "10 per minute; 40 per hour"
TAX_CHANGED = "The tax on the fee is another than the one shown before. Look at the total, then go on."
KEPT_CHANGED = "What is kept if you take it back late is another sum than the one shown before. Look at it, then go on."
Answer = Response | str | tuple[str, int]


@blueprint.get("/tasks/<int:task_id>/fund")
def show(task_id: int) -> str:
    """The form on its own page; `?amount=` is already in it."""
    return _render(task_id, asked("amount")[:20])


@blueprint.post("/tasks/<int:task_id>/fund")
@limits.costly
@limits.limiter.limit(BY_PAYER, key_func=lambda: limits.with_network(f"fund:{payer()}"))
def pay(task_id: int) -> Answer:
    """Write the contribution down, open its checkout and lead there; refusals keep what was typed."""
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
        if not show_kept(form, quote(order.amount, tax_of(order.buyer)).kept_line):
            form.form_errors.append(KEPT_CHANGED)
            return _render(task_id, "", form), 422
        with transaction() as session:
            payment = contribute(session, order)
        return redirect(open_checkout(payment), 303)
    except (BadAmount, MoneyError) as error:
        form.refuse("amount", words(error))
    except BadBuyer as error:
        form.refuse(FIELDS[error.field], words(error))
    except BadEmail as error:
        form.refuse("email", f"{error.message} {error.advice}")
    except (BlockedHere, TaskTakesNoMoney, TooManyTries, NoFloat, TooMuchUnpaid, PaymentPageAway) as error:
        form.form_errors.append(words(error))
        return _render(task_id, "", form), error.status
    return _render(task_id, "", form), 422


def check_buyer(order: Order) -> None:
    """What is wrong with the details is said before the tax that follows from them."""
    check_names(order.buyer)
    tax_of(order.buyer)


def payer() -> str:
    """Who pays, for limits."""
    person = current_person()
    return f"person {person.id}" if person else request.form.get("email", "").strip().lower()


def words(error: Exception) -> str:
    """What a refusal says beside the form."""
    return f"{error.message} {error.advice}".strip() if isinstance(error, DomainError) else str(error)


def _form(amount: str = "") -> Form:
    return new_fund_form(current_person(), amount)


def _order(task_id: int, form: Form, currency: str) -> Order:
    """What the form asks for. Changed and sent again (the back button), a form is another contribution."""
    person, asked = current_person(), form.get("email")
    email = asked.data if asked is not None else (person.email or "" if person else "")
    said = [form[name].data for name in ("nonce", "amount", "anonymous")]
    buyer = buyer_of(form)
    if buyer != BuyerDetails():
        said.append(repr(buyer))
    return Order(
        task_id=task_id, amount=parse_amount(form["amount"].data, currency), email=email,
        person_id=person.id if person else None, anonymous=form["anonymous"].checked,
        nonce=ids.digest("\n".join([*said, email, str(task_id)]))[:40], asked_from=asked_from(),
        buyer=buyer,
    )  # fmt: skip


def asked_from() -> str:
    """The same for each form from one network, and no address to whoever reads the database."""
    return ids.keyed(limits.network())


def _render(task_id: int, amount: str, filled: Form | None = None) -> str:
    person = current_person()
    with reading() as session:
        listed = tasks.find(session, task_id)
        block = block_of(session, listed.project.id, person.id if person else None)
        refusal = why_no_money(session, listed.task, listed.repository, block)
    currency = listed.task.currency
    form = filled or refill(_form(amount or typed(default_amount(currency))), f"/tasks/{task_id}/fund")
    return render_template(
        "funding/fund.html", task=task_row(listed), project=tasks.project_link(listed),
        issue_number=listed.task.issue_number, why_no_money=refusal, **vars(fund_box(form, currency)),
    )  # fmt: skip
