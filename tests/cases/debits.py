"""Debits of bank accounts as the cases order them, and what is heard of them."""

from __future__ import annotations

from typing import Any

from bountyhub.funding.models import Contribution, Payment
from bountyhub.notifications.models import OutgoingMail
from bountyhub.sandbox.stripe import events as told_events
from tests.cases.hub import Hub

ARRIVES, REFUSED, CALLED_BACK = "AT611904300234573201", "AT861904300235473202", "AT591904300235473203"
ALL = ["card", "sepa_debit", "bancontact"]


def ordered(hub: Hub, iban: str = ARRIVES, *, settle: bool = True) -> Payment:
    """A debit of a bank account that its payer agreed to; the bank hasn't answered."""
    hub.setting(PAYMENT_METHODS=ALL)
    payment = hub.order(5000)
    assert hub.pay_page(payment, iban)["outcome"] == "pending"
    if settle:
        hub.settle()
    return hub.payment(payment.ref)


def arrived(hub: Hub) -> Contribution:
    payment = ordered(hub)
    hub.days(5)
    return hub.contribution(payment.contribution_id)


def told(hub: Hub, *types: str) -> list[dict[str, Any]]:
    with hub.stripe.sandbox.store.transaction() as tx:
        return [event for event in tx.all(told_events.KIND) if event["type"] in types]


def states(hub: Hub, payment: Payment) -> tuple[str, str]:
    return str(hub.contribution(payment.contribution_id).state), str(hub.payment(payment.ref).state)


def mails(hub: Hub, kind: str) -> int:
    return sum(mail.key.startswith(f"{kind}:") for mail in hub.world.rows(OutgoingMail))
