"""Balance transactions: the part of the gateway that reads the processor's own book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from stripe.params import BalanceTransactionListParams

from bountyhub.integrations.stripe import answers
from bountyhub.integrations.stripe.client import call, pages
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.reconciliation import Movement

SOURCE = "source"


class StripeMovements:
    """Mixed into `StripeGateway`."""

    _v1: Any

    def movements(self, *, after: str | None = None, kind: str | None = None) -> Iterator[Movement]:
        """Balance transactions, oldest first. Without `after` the whole book is read before the first one."""
        params: BalanceTransactionListParams = {"expand": [f"data.{SOURCE}"]}
        if kind is not None:
            params["type"] = kind
        found = pages("movements", self._v1.balance_transactions.list, params, after=after)
        return map(answers.movement, found if after else reversed(list(found)))

    def newest_movements(self, *, since: datetime | None = None) -> Iterator[Movement]:
        """Newest first, a page in memory at a time."""
        params: BalanceTransactionListParams = {"expand": [f"data.{SOURCE}"]}
        if since is not None:
            params["created"] = {"gte": int(since.timestamp())}
        return map(answers.movement, pages("newest_movements", self._v1.balance_transactions.list, params))

    def read_movement(self, id: str) -> Movement | None:
        retrieve = self._v1.balance_transactions.retrieve
        try:
            return answers.movement(call("read_movement", retrieve, id, {"expand": [SOURCE]}))
        except OutsideGone:
            return None
