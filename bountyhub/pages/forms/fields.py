"""Which fields each form has; one function per form, called by the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from bountyhub.kit import ids
from bountyhub.pages.forms.base import Field, Form, Label
from bountyhub.tasks.models import TaskState
from bountyhub.work.listing import Sort
from bountyhub.work.rules_split import LONGEST

Choices = tuple[tuple[str, str], ...]
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


def branches_form(listed: Sequence[str] = ()) -> Form:
    """The branches of a project whose merges pay."""
    text = "\n".join(listed)
    return Form(Field("branches", Label("More branches, one on each line"), kind="textarea", data=text, longest=5000))


def split_form(split: Sequence[tuple[str, int]] = ()) -> Form:
    """Who gets how many percent of a claim."""
    text = " ".join(f"@{who} {percent}" for who, percent in split)
    return Form(Field("split", Label("Who gets how many percent"), data=text, required=True, longest=LONGEST))


def filter_form() -> Form:
    """What the list of tasks can be narrowed by."""
    return Form(
        Field("q", Label("Search"), kind="search", longest=100),
        Field("state", Label("State"), kind="select", choices=STATE_CHOICES),
        Field("sort", Label("Sort by"), kind="select", choices=SORT_CHOICES, data=Sort.NEWEST.value),
    )


#: What papers may say besides; folded away, and asked of nobody.
ON_PAPERS = ("company_name", "company_address", "company_vat_id", "company_reference", "business")


def fund_form(
    *, amount: str, asks_email: bool, consent: str, countries: Choices = (), rate: int = 0, keeps: bool = False
) -> Form:
    """A contribution; `nonce` makes a form sent twice one contribution.

    `countries` are given where a tax on the fee is computed; `rate` is the one that the form shows (`shown_rate`).
    `keeps`: the form names what is kept at a late withdrawal (`shown_kept`).
    """
    email = Field("email", Label("Your e-mail address"), kind="email", required=True, longest=254)
    return Form(
        Field("nonce", Label("Form"), kind="hidden", data=ids.new_ref(20), required=True, longest=40),
        Field("amount", Label("Amount"), data=amount, required=True, longest=20),
        *([email] if asks_email else []),
        *(_tax_fields(countries, rate) if countries else []),
        *([_shown_kept("")] if keeps else []),
        Field("anonymous", Label("Don’t show my name"), kind="checkbox"),
        Field("company_name", Label("Name"), longest=200),
        Field("company_address", Label("Address"), kind="textarea", longest=500),
        Field("company_vat_id", Label("VAT number"), longest=30),
        Field("company_reference", Label("Your reference"), longest=100),
        Field("business", Label("I buy as a business"), kind="checkbox"),
        Field("consent", Label(consent), kind="checkbox", required=True),
    )


def renew_form(consent: str, kept: str | None = None) -> Form:
    """A new payment in place of an old one; `kept` is what the form names as kept at a late withdrawal, if any."""
    named = [_shown_kept(kept)] if kept is not None else []
    return Form(*named, Field("consent", Label(consent), kind="checkbox", required=True))


def _shown_kept(kept: str) -> Field:
    return Field("shown_kept", Label("Kept, as shown"), kind="hidden", data=kept, longest=12)


def move_form(typed: str = "") -> Form:
    """Where money is to go: a task's number or its address here."""
    return Form(Field("to", Label("Number or address of a task here"), data=typed[:200], required=True, longest=200))


def _tax_fields(countries: Choices, rate: int) -> list[Field]:
    country = Field(
        "country", Label("Your country"), kind="select", choices=(("", "Choose…"), *countries), required=True
    )
    return [country, Field("shown_rate", Label("Tax shown"), kind="hidden", data=str(rate), longest=6)]


def promise_form(*, amount: str, asks_email: bool, countries: Choices = (), rate: int = 0) -> Form:
    """A promise; its consent is to a card being saved and charged later, so nothing else stands in for it."""
    consent = (
        "I allow this site to save my card and to charge it once, with the total below, without asking me again, when "
        "a pull request for this issue is merged and accepted. Until then I can withdraw this at any time."
    )
    return fund_form(amount=amount, asks_email=asks_email, consent=consent, countries=countries, rate=rate)


def email_form() -> Form:
    """An address to sign in with."""
    return Form(Field("email", Label("E-mail address"), kind="email", required=True, longest=254))


def address_form() -> Form:
    """An address to add to one's account."""
    return Form(Field("email", Label("Another e-mail address"), kind="email", required=True, longest=254))


def country_form(countries: Choices) -> Form:
    """Where somebody lives who wants to be paid."""
    choices = (("", "Choose…"), *countries)
    return Form(Field("country", Label("Country where you live"), kind="select", choices=choices, required=True))


def redirect_form(choices: Choices) -> Form:
    """To whom a share is sent on."""
    consent = "I know that this can’t be taken back."
    return Form(
        Field("to", Label("Send it to"), kind="select", choices=(("", "Choose…"), *choices), required=True),
        Field("consent", Label(consent), kind="checkbox", required=True),
    )


def reason_form(label: str, id: str = "reason") -> Form:
    """A public reason."""
    return Form(Field(id, Label(label), kind="textarea", required=True, longest=1000))


def block_form() -> Form:
    """Somebody to block from a project, by their name on GitHub, with the reason they read."""
    return Form(
        Field("login", Label("Name on GitHub"), required=True, longest=100),
        Field("reason", Label("Reason"), kind="textarea", required=True, longest=500),
    )


def pause_form(reason: str = "", until: str = "") -> Form:
    """Why a project takes nothing new, and from which day on it does again."""
    return Form(
        Field("reason", Label("Reason"), kind="textarea", data=reason, required=True, longest=500),
        Field("until", Label("It goes on by itself on"), kind="date", data=until, longest=10),
    )


def pull_form(typed: str = "") -> Form:
    """One pull request's address."""
    return Form(Field("pull_url", Label("Address of your pull request"), data=typed[:500], required=True))


def landed_form() -> Form:
    """Who wrote a change that is on the branch, and in which commit it is."""
    return Form(
        Field("author", Label("Who wrote it, by their name on GitHub"), required=True, longest=150),
        Field("commit", Label("Commit, if you know it"), longest=300),
    )


def bank_form() -> Form:
    """A bank account."""
    return Form(
        Field("holder", Label("Name on the account"), required=True, longest=200),
        Field("iban", Label("IBAN"), required=True, longest=60),
    )
