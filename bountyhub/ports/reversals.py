"""Transfers taken back at the processor: the part of the port that undoes what was paid to a payee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bountyhub.kit.money import Money

if TYPE_CHECKING:
    from bountyhub.ports.payments import TransferResult


@dataclass(frozen=True)
class ReversalOrder:
    """So much of one transfer (the processor's id) back from its payee; `reference` is our reversal's."""

    reference: str
    transfer: str
    amount: Money


class ReversalGateway(Protocol):
    """Both answer with the transfer as it stands, its reversals with it: that is what gets recorded."""

    def reverse_transfer(self, order: ReversalOrder, key: str) -> TransferResult:
        """Take it back; raises OutsideRefused where the payee's account holds too little."""

    def find_reversal(self, transfer: str, reference: str) -> TransferResult | None:
        """The transfer if a reversal of it carries our reference."""
