"""What is sent has the names of the official description: nothing unknown, nothing missing, at every depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest
from stripe import params as official

from bountyhub.integrations.stripe import orders
from bountyhub.settings.methods import METHODS
from tests.integrations.stripe.conftest import eur, order, piece

SENT: list[tuple[Any, Mapping[str, Any]]] = [
    (official.checkout.SessionCreateParams, orders.session(order())),
    (official.checkout.SessionCreateParams, orders.session(replace(order(), methods=("card", "sepa_debit")))),
    (official.RefundCreateParams, orders.refund("rf1", "pi_1", eur(100))),
    (official.AccountCreateParams, orders.account("bo1", "bo@example.org")),
    (official.AccountLinkCreateParams, orders.account_link("acct_1", "http://a.test", "http://b.test")),
    (official.TransferCreateParams, orders.transfer(piece("acct_1", "ch_1"))),
]


def faults(description: Any, sent: Mapping[str, Any], path: str) -> Iterator[str]:
    """Every unknown and every missing name, with where it stands."""
    known = description.__required_keys__ | description.__optional_keys__
    yield from (f"{path}{name} is unknown" for name in sent if name not in known)
    yield from (f"{path}{name} is missing" for name in description.__required_keys__ if name not in sent)
    hints = get_type_hints(description, None, {"StripeContext": object, "Mapping": Mapping})
    for name, value in sent.items():
        for each in value if isinstance(value, list) else [value]:
            for nested in _descriptions(hints.get(name)) if isinstance(each, dict) else ():
                yield from faults(nested, each, f"{path}{name}.")


def _descriptions(hint: Any) -> Iterator[Any]:
    if hasattr(hint, "__required_keys__"):
        yield hint
    for part in get_args(hint):
        yield from _descriptions(part)


@pytest.mark.parametrize(("description", "sent"), SENT, ids=lambda value: getattr(value, "__name__", ""))
def test_only_names_of_the_official_description_are_sent(description: Any, sent: Mapping[str, Any]) -> None:
    assert list(faults(description, sent, "")) == []


@pytest.mark.parametrize("methods", [(each,) for each in METHODS] + [tuple(METHODS)])
def test_a_payment_saves_nothing_whatever_pays_it(methods: tuple[str, ...]) -> None:
    """The only thing that is ever saved is a promise's card."""
    sent = orders.session(replace(order(), methods=methods))
    assert sent["mode"] == "payment" and sent["allowed_payment_method_types"] == list(methods)
    told = sent.keys() | sent["payment_intent_data"].keys()
    saving = {"setup_future_usage", "customer", "customer_creation", "customer_account", "payment_method_options",
              "saved_payment_method_options", "setup_intent_data"}  # fmt: skip
    assert told & saving == set()


def test_a_wrong_name_deep_inside_is_noticed() -> None:
    wrong = {"controller": {"fees": {"payers": "application"}}, "colour": "blue"}
    assert list(faults(official.AccountCreateParams, wrong, "")) == [
        "colour is unknown",
        "controller.fees.payers is unknown",
    ]
    assert list(faults(official.TransferCreateParams, {"currency": "eur"}, "")) == ["destination is missing"]
