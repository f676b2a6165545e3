"""Payouts of connected accounts: the part of the gateway that asks on a payee's account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bountyhub.integrations.stripe import answers
from bountyhub.integrations.stripe.client import call, pages
from bountyhub.ports.payee_payouts import BankAnswer, PayeePayout

#: One that was cancelled never came to the bank: nothing to tell.
STATUS = {"paid": BankAnswer.PAID, "failed": BankAnswer.FAILED}


class PayeePayouts:
    """Mixed into `StripeGateway`."""

    _v1: Any

    def read_payee_payout(self, account: str, id: str) -> PayeePayout:
        return _payout(call("read_payee_payout", self._v1.payouts.retrieve, id, {}, {"stripe_account": account}))

    def recent_payee_payouts(self, account: str, since: datetime) -> Iterator[PayeePayout]:
        made = {"created": {"gte": int(since.timestamp())}}
        for answer in pages("recent_payee_payouts", self._v1.payouts.list, made, account=account):
            yield _payout(answer)


def _payout(answer: dict[str, Any]) -> PayeePayout:
    return PayeePayout(
        id=answer["id"], amount=answers.money(answer["amount"], answer["currency"]),
        status=STATUS.get(answer["status"], BankAnswer.UNDER_WAY), at=answers.moment(answer["created"]),
        code=str(answer.get("failure_code") or ""),
    )  # fmt: skip
