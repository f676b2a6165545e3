"""The gateway's part about reversals of transfers; what is recorded is the transfer as it stands afterwards."""

from __future__ import annotations

from functools import partial

from stripe import V1Services

from bountyhub.integrations.stripe import answers, orders
from bountyhub.integrations.stripe.client import call, pages
from bountyhub.ports.payments import TransferResult
from bountyhub.ports.reversals import ReversalOrder


class Reversals:
    """Mixed into `StripeGateway`."""

    _v1: V1Services

    def reverse_transfer(self, order: ReversalOrder, key: str) -> TransferResult:
        create = self._v1.transfers.reversals.create
        made = call("reverse_transfer", create, order.transfer, orders.reversal(order), {"idempotency_key": key})
        return answers.transfer(made["transfer"])

    def find_reversal(self, transfer: str, reference: str) -> TransferResult | None:
        """Look through all reversals of a transfer for the one that carries our reference."""
        found = pages("find_reversal", partial(self._v1.transfers.reversals.list, transfer), {})
        if all(answers.reference_of(each) != reference for each in found):
            return None
        return answers.transfer(call("read_transfer", self._v1.transfers.retrieve, transfer))
