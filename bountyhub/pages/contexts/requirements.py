"""What the payment provider asks of a payee, in plain words instead of its names for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

#: Whose it is; all of them are the payee, or people of their company.
_WHOSE = re.compile(r"^(individual|company|representative|owners?|directors?|executives?|authorizer|person_\w+)\.")
_OTHERS = re.compile(r"^(representative|owners?|directors?|executives?|authorizer|person_\w+)\.")
#: By the beginning of the name, whoever's it is; the first that fits.
_SENTENCES = (
    ("external_account", "Add the bank account to which your money goes."),
    ("bank_account", "Show that the bank account is yours."),
    ("documents.bank_account", "Show that the bank account is yours."),
    ("tos_acceptance", "Accept the payment provider’s terms."),
    ("business_type", "Say whether you are a person or a company."),
    ("business_profile.url", "Name a web page of yours, such as your profile on GitHub."),
    ("business_profile.mcc", "Choose what kind of work you do."),
    ("business_profile", "Describe the work you are paid for."),
    ("settings.payments", "Choose the name that is shown for you on bank statements."),
    ("first_name", "Give your name."),
    ("last_name", "Give your name."),
    ("full_name", "Give your name."),
    ("name", "Give the company’s name."),
    ("dob", "Give your date of birth."),
    ("email", "Give your e-mail address."),
    ("phone", "Give your phone number."),
    ("address", "Give your address."),
    ("registered_address", "Give your address."),
    ("ssn_last_4", "Give the last four digits of your social security number."),
    ("id_number", "Give your national identity or tax number."),
    ("tax_id", "Give the company’s tax number."),
    ("vat_id", "Give the company’s VAT number."),
    ("registration_number", "Give the company’s registration number."),
    ("nationality", "Say which nationality you have."),
    ("political_exposure", "Say whether you hold a public office."),
    ("verification.additional_document", "Send a second document, such as a bill with your address."),
    ("verification.proof_of_liveness", "Take a photo of yourself in the form."),
    ("verification", "Send a photo of your passport or identity card."),
    ("documents", "Send a document about the company."),
    ("ownership", "Say who owns the company."),
    ("relationship", "Say what you do in the company."),
    ("owners_provided", "Name the company’s owners."),
    ("directors_provided", "Name the company’s directors."),
    ("executives_provided", "Name who runs the company."),
)
OTHER = "Answer the other questions in the payment provider’s form."
OF_COMPANY = "Complete what is asked about the people of your company."
_COMPANY = {"verification": "Send a document that shows that the company exists."}
_REFUSED = {
    "rejected.fraud": "it suspects fraud",
    "rejected.platform_fraud": "it suspects fraud",
    "rejected.terms_of_service": "it says that its terms were broken",
    "rejected.platform_terms_of_service": "it says that its terms were broken",
    "rejected.incomplete_verification": "what it asked for was not sent in time",
    "rejected.listed": "you may be on a list of people to whom no money may be sent",
}
#: It looks at what was sent: nobody has to do anything.
_LOOKING = ("requirements.pending_verification", "under_review", "listed", "action_required.requested_capabilities")


def sentences(requirements: Collection[str]) -> list[str]:
    """What to do, each thing once, in the order in which it is asked; unknown names become one general sentence."""
    known = [_sentence(name) for name in requirements]
    told = [each for each in dict.fromkeys(known) if each != OTHER]
    return [*told, OTHER] if OTHER in known else told


def _sentence(name: str) -> str:
    if _OTHERS.match(name):
        return OF_COMPANY
    rest = _WHOSE.sub("", name)
    if name.startswith("company.") and rest.startswith("verification"):
        return _COMPANY["verification"]
    return next((told for beginning, told in _SENTENCES if rest.startswith(beginning)), OTHER)


def why_refused(disabled_reason: str) -> str:
    """Why an account was refused for good, in a half sentence; empty where it isn't said."""
    return _REFUSED.get(disabled_reason, "")


def is_looking(disabled_reason: str) -> bool:
    """Whether the processor looks at what was sent, and nothing is to be done meanwhile."""
    return disabled_reason in _LOOKING


_BANK = {
    "account_closed": "the account is closed",
    "account_frozen": "the account is frozen",
    "bank_account_restricted": "the account may not receive this",
    "bank_ownership_changed": "the bank belongs to another one now",
    "could_not_process": "the bank could not process it",
    "declined": "the bank declined it",
    "incorrect_account_holder_name": "the name is not the one of the account",
    "incorrect_account_holder_tax_id": "the tax number is not the one of the account",
    "invalid_account_number": "the account number is wrong",
    "invalid_currency": "the account doesn’t take this currency",
    "no_account": "there is no such account",
}


def why_bank_refused(code: str) -> str:
    """Why a bank refused a payout, in a half sentence; empty where it isn't said."""
    return _BANK.get(code, "")
