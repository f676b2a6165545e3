"""What the payment provider asks for, in plain words."""

from __future__ import annotations

import re

import pytest

from bountyhub.pages.contexts.requirements import OF_COMPANY, OTHER, is_looking, sentences, why_refused
from bountyhub.payouts.words import NOT_CONNECTED, is_rejected, why_unpaid
from bountyhub.sandbox.stripe.account_object import DUE


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("individual.verification.document", "Send a photo of your passport or identity card."),
        ("individual.verification.additional_document", "Send a second document, such as a bill with your address."),
        ("external_account", "Add the bank account to which your money goes."),
        ("tos_acceptance.date", "Accept the payment provider’s terms."),
        ("individual.dob.day", "Give your date of birth."),
        ("individual.address.line1", "Give your address."),
        ("individual.id_number", "Give your national identity or tax number."),
        ("company.tax_id", "Give the company’s tax number."),
        ("company.name", "Give the company’s name."),
        ("company.verification.document", "Send a document that shows that the company exists."),
        ("representative.first_name", OF_COMPANY),
        ("person_1MbnIoQdjaDkKzKm.verification.document", OF_COMPANY),
        ("something.new.of_next_year", OTHER),
        ("", OTHER),
    ],
)
def test_each_name_has_a_sentence(name: str, told: str) -> None:
    assert sentences([name]) == [told]


def test_what_is_one_thing_is_said_once_and_the_general_sentence_last() -> None:
    asked = ["unheard.of", "individual.dob.day", "individual.dob.month", "individual.first_name", "other.new"]
    assert sentences(asked) == ["Give your date of birth.", "Give your name.", OTHER]
    assert sentences([]) == []


def test_everything_that_a_new_account_lacks_has_words_of_its_own() -> None:
    assert OTHER not in sentences(DUE)
    assert all(re.fullmatch(r"[A-Z][^.]+\.", told) for told in sentences(DUE))


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        (None, "", "has not connected"),
        ("unfinished", "requirements.past_due", "has not connected"),
        ("restricted", "requirements.past_due", "asks them for more"),
        ("restricted", "rejected.fraud", "refused their account"),
        ("gone", "", "was disconnected"),
        ("unpayable", "", "no money can be sent to their country"),
    ],
)
def test_what_everybody_reads(state: str | None, reason: str, said: str) -> None:
    unpaid = why_unpaid(state, reason)
    assert unpaid is not None and said in unpaid.why
    assert unpaid.for_good is ("choose where it goes" in unpaid.then)


def test_words_about_endings() -> None:
    assert why_unpaid("ready") is None
    assert why_unpaid("unknown state") is NOT_CONNECTED
    assert is_rejected("rejected.other") and not is_rejected("requirements.past_due")
    assert why_refused("rejected.fraud") and not why_refused("rejected.other")
    assert is_looking("under_review") and not is_looking("requirements.past_due")
