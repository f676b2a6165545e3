"""What payees' banks said last of what their own accounts paid out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, UtcDateTime
from bountyhub.payouts.models.payees import Payee


class PayeeBank(Base):
    """The newest payout that arrived and the newest that was refused; neither is money of this site any more."""

    __tablename__ = "payee_bank"

    payee_id: Mapped[int] = mapped_column(ForeignKey(Payee.id), primary_key=True, comment="whose bank")
    paid_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when the newest payout that arrived was made"
    )
    failed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="when the newest payout that was refused was made"
    )
    failed_payout: Mapped[str | None] = mapped_column(String(120), comment="the processor’s id of the refused one")
    failed_amount: Mapped[int] = mapped_column(BigInt, default=0, comment="of the refused one, minor units")
    failed_currency: Mapped[str] = mapped_column(String(3), default="", comment="of the refused one, ISO 4217")
    failed_code: Mapped[str] = mapped_column(String(60), default="", comment="why it was refused, in the bank’s word")

    @property
    def refused(self) -> Money | None:
        """What the bank refused and didn't take since; the same payout may be said to have arrived before it failed."""
        if self.failed_at is None or (self.paid_at is not None and self.paid_at > self.failed_at):
            return None
        return Money(self.failed_amount, self.failed_currency)
