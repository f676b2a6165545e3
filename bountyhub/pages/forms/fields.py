"""Which fields each form has; one function per form, called by the page that shows it."""

from __future__ import annotations

from bountyhub.kit import ids
from bountyhub.pages.forms.base import Field, Form, Label
from bountyhub.tasks.models import TaskState
from bountyhub.work.listing import Sort

STATE_CHOICES = (
    ("", "Any state"),
    (TaskState.OPEN.value, "Open: takes money"),
    (TaskState.WANTED.value, "Wanted"),
    (TaskState.MERGED.value, "Merged"),
    (TaskState.COMPLETED.value, "Completed"),
    (TaskState.CANCELLED.value, "Cancelled"),
)
SORT_CHOICES = (
    (Sort.NEWEST.value, "Newest"),
    (Sort.AMOUNT.value, "Most held"),
    (Sort.BACKERS.value, "Most backers"),
)


def issue_form(typed: str = "") -> Form:
    """One issue's address."""
    return Form(Field("issue_url", Label("Address of the issue"), data=typed[:500], required=True))


def filter_form() -> Form:
    """What the list of tasks can be narrowed by."""
    return Form(
        Field("q", Label("Search"), kind="search", longest=100),
        Field("state", Label("State"), kind="select", choices=STATE_CHOICES),
        Field("sort", Label("Sort by"), kind="select", choices=SORT_CHOICES, data=Sort.NEWEST.value),
    )


def fund_form(*, amount: str, asks_email: bool) -> Form:
    """A contribution; `nonce` makes a form sent twice one contribution."""
    email = Field("email", Label("Your e-mail address"), kind="email", required=True, longest=254)
    return Form(
        Field("nonce", Label("Form"), kind="hidden", data=ids.new_ref(20), required=True, longest=40),
        Field("amount", Label("Amount"), data=amount, required=True, longest=20),
        *([email] if asks_email else []),
        Field("anonymous", Label("Don’t show my name"), kind="checkbox"),
        Field(
            "consent",
            Label("I agree: the money is released when a pull request for this issue is merged, else it comes back."),
            kind="checkbox",
            required=True,
        ),
    )


def renew_form() -> Form:
    """A new payment in place of an old one."""
    return Form(
        Field(
            "consent",
            Label("I agree: the money is released when a pull request for this issue is merged, else it comes back."),
            kind="checkbox",
            required=True,
        )
    )


def move_form(typed: str = "") -> Form:
    """Where money is to go: a task's number or its address here."""
    return Form(Field("to", Label("Number or address of a task here"), data=typed[:200], required=True, longest=200))


def email_form() -> Form:
    """An address to sign in with."""
    return Form(Field("email", Label("E-mail address"), kind="email", required=True, longest=254))


def address_form() -> Form:
    """An address to add to one's account."""
    return Form(Field("email", Label("Another e-mail address"), kind="email", required=True, longest=254))


def reason_form(label: str, id: str = "reason") -> Form:
    """A public reason."""
    return Form(Field(id, Label(label), kind="textarea", required=True, longest=1000))


def pull_form(typed: str = "") -> Form:
    """One pull request's address."""
    return Form(Field("pull_url", Label("Address of your pull request"), data=typed[:500], required=True))
