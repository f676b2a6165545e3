"""What the fund form shows: chips, the fee, and why no money is taken when none is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.funding.errors import BadAmount, NoFloat
from bountyhub.funding.operations import quote
from bountyhub.funding.operations.contribute import Quote
from bountyhub.funding.operations.reserving import cost_of, spare
from bountyhub.funding.vat import Tax, written_rate
from bountyhub.kit.money import EXPONENTS, Money, MoneyError, major, parse_amount
from bountyhub.pages.forms.base import Form
from bountyhub.pages.forms.funding import papers_typed, tax_in
from bountyhub.projects.errors import BlockedHere
from bountyhub.projects.models import Block, Project, Repository
from bountyhub.settings.methods import METHODS
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.queries import may_take_money, takes_money_now
from bountyhub.work.next_step import day
from bountyhub.work.step_facts import why_it_waits

#: Offered amounts, in multiples of the smallest contribution.
MULTIPLES = (2, 5, 10, 20)
DEFAULT = 5
REVERSE_CHARGE = "Your company owes the tax on the fee itself: reverse charge."


@dataclass(frozen=True)
class Chip:
    """One amount to pick; `value` as one would type it."""

    money: Money
    value: str


@dataclass(frozen=True)
class Cost:
    """What is kept at a late withdrawal: after how many days, and for scripts what is reckoned from."""

    days: int
    percent: str
    fixed: int


@dataclass(frozen=True)
class FundBox:
    """What the fund form's template needs besides the task; where nothing is quoted, what is typed is no amount."""

    fund_form: Form
    quote: Quote
    is_quoted: bool
    fee_percent: str
    fee_fixed: Money
    vat_rates: dict[str, int]
    vat_shown: str
    vat_note: str
    papers_open: bool
    cost: Cost | None
    chips: list[Chip]
    ways_to_pay: str


def typed(money: Money) -> str:
    """An amount as one would type it: `25`, `25.50`."""
    text = major(money)
    return text.partition(".")[0] if money.amount % 10 ** EXPONENTS[money.currency] == 0 else text


def smallest(currency: str) -> Money:
    """The smallest contribution of a currency."""
    return Money(settings.current().MIN_AMOUNT.get(currency, 500), currency)


def default_amount(currency: str) -> Money:
    """What the form proposes."""
    return Money(smallest(currency).amount * DEFAULT, currency)


def fund_box(form: Form, currency: str) -> FundBox:
    """The form with a quote of what is typed in it, or of the proposed amount while that is no amount."""
    limits = settings.current()
    least = smallest(currency).amount
    chips = [Money(least * times, currency) for times in MULTIPLES]
    tax = tax_in(form)
    quoted = _quote(form["amount"].data, currency, tax)
    if (shown := form.get("shown_kept")) is not None:
        shown.data = str(quoted.kept_line.amount) if quoted else ""
    return FundBox(
        fund_form=form, quote=quoted or quote(default_amount(currency), tax), is_quoted=quoted is not None,
        fee_percent=f"{limits.FEE_PERCENT.normalize():f}", fee_fixed=Money(limits.FEE_FIXED.get(currency, 0), currency),
        vat_rates=limits.vat_basis_points,
        vat_shown=f"{written_rate(tax.basis_points)} VAT" if limits.VAT_RATES else "",
        vat_note=REVERSE_CHARGE if tax.reverse_charge else "", papers_open=papers_typed(form),
        cost=_cost(currency) if form.get("shown_kept") is not None else None,
        chips=[Chip(money, typed(money)) for money in chips], ways_to_pay=_ways(limits.methods_for(currency)),
    )  # fmt: skip


def _ways(methods: Sequence[str]) -> str:
    """By what it can be paid on the next page, and what is special about that; empty where it is a card anyway."""
    if len(methods) < 2:
        return ""
    *some, last = (METHODS[each].title for each in methods)
    late = " and ".join(METHODS[each].title for each in methods if METHODS[each].callable_days)
    slow = f" By {late} it takes your bank some days, and the developer is paid eight weeks later." if late else ""
    return f"On the next page you pay by {', '.join(some)} or {last}.{slow}"


def _cost(currency: str) -> Cost:
    limits = settings.current()
    percent = f"{limits.COST_PERCENT.normalize():f}"
    return Cost(limits.COOLING_OFF_DAYS, percent, limits.cost_fixed(currency))


def _quote(text: str, currency: str, tax: Tax) -> Quote | None:
    try:
        return quote(parse_amount(text, currency), tax)
    except (MoneyError, BadAmount):
        return None


def why_no_promise(session: Session, task: Task, repository: Repository, block: Block | None = None) -> str:
    """Why the task takes no promise now: as for money, but own funds count only when it is charged."""
    if takes_money_now(session, task):
        return blocked_note(block)
    return why_no_money(session, task, repository)


def why_no_money(session: Session, task: Task, repository: Repository, block: Block | None = None) -> str:
    """Why the task takes no contribution now, in one sentence; empty when it takes one. `block`: the reader's."""
    if takes_money_now(session, task):
        return blocked_note(block) or _no_float(session, task.currency)
    pause = session.get_one(Project, task.project_id).pause
    if pause is not None and may_take_money(session, task):
        return why_it_waits(pause)
    if task.state is TaskState.WANTED:
        return "No money is taken until a maintainer opens this task to funding."
    if task.ends_at is not None:
        return f"This task ends on {day(task.ends_at)} and takes no new money."
    if task.state in (TaskState.OPEN, TaskState.RESERVED):
        return "The project has removed bountyhub from its repository, so no new money is taken."
    if task.state is TaskState.MERGED:
        return "A pull request was merged, so this task takes no new money."
    return "This task is over and takes no new money."


def blocked_note(block: Block | None) -> str:
    """What somebody blocked from a project reads there; empty for everybody else."""
    return BlockedHere(block.reason).message if block is not None else ""


def _no_float(session: Session, currency: str) -> str:
    cost = cost_of(quote(smallest(currency)).total.amount, currency)
    return NoFloat(currency).message if spare(session, currency) < cost else ""
