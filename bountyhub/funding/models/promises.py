"""Promises: a card saved for one task, charged when its work is accepted. What was charged is a contribution."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from bountyhub.funding.models.contributions import Contribution
from bountyhub.kit.database import Base
from bountyhub.kit.money import Money
from bountyhub.kit.types import BigInt, Json, UtcDateTime, words
from bountyhub.people.models import Person
from bountyhub.ports.promises import SavedCard
from bountyhub.tasks.models import Task


class PromiseState(StrEnum):
    #: Its page is open, no card is saved yet.
    ASKED = "asked"
    ABANDONED = "abandoned"
    GIVEN = "given"
    CHARGING = "charging"
    NEEDS_BACKER = "needs_backer"
    CHARGED = "charged"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class LapseReason(StrEnum):
    TASK_OVER = "task_over"
    TOO_OLD = "too_old"
    DECLINED = "declined"
    NOT_CONFIRMED = "not_confirmed"
    NO_FLOAT = "no_float"


class Promise(Base):
    """One backer's leave to charge one card, once, when one task's work is accepted."""

    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_state_expires_at", "state", "expires_at"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    ref: Mapped[str] = mapped_column(
        String(20), unique=True, comment="random: idempotency key of its page, and its name at the processor"
    )
    task_id: Mapped[int] = mapped_column(ForeignKey(Task.id), index=True, comment="the only task it is for")
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey(Person.id), index=True, comment="none while its backer is known by e-mail only"
    )
    email: Mapped[str] = mapped_column(String(254), index=True, comment="where its mails go, lower case")
    anonymous: Mapped[bool] = mapped_column(comment="whether the contribution it becomes shows no name")
    amount: Mapped[int] = mapped_column(BigInt, comment="of the contribution, minor units; never changed")
    fee: Mapped[int] = mapped_column(BigInt, comment="on top, as agreed to; minor units")
    vat: Mapped[int] = mapped_column(BigInt, default=0, server_default="0", comment="tax on the fee, minor units")
    vat_country: Mapped[str] = mapped_column(
        String(2), default="", server_default="", comment="whose tax it is, or who else owes it (reverse charge)"
    )
    vat_rate: Mapped[int] = mapped_column(default=0, server_default="0", comment="in hundredths of a percent")
    business: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="given as a business: no 14 days to take it back"
    )
    #: name, address, vat_id, reference
    buyer: Mapped[dict[str, str]] = mapped_column(
        Json, default=dict, server_default="{}", comment="whom papers shall name, as typed; empty for nobody"
    )
    currency: Mapped[str] = mapped_column(String(3), comment="ISO 4217, the task's")
    state: Mapped[PromiseState] = mapped_column(words(PromiseState), comment="where it stands")
    lapse_reason: Mapped[LapseReason | None] = mapped_column(words(LapseReason), comment="why it lapsed")
    nonce: Mapped[str] = mapped_column(String(40), unique=True, comment="the form's: sent twice, it is one promise")
    mandate_version: Mapped[str] = mapped_column(String(20), comment="which wording its backer agreed to")
    mandate: Mapped[str] = mapped_column(String(500), comment="the words they agreed to, as they stood there")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="when they agreed")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="lapses then if nothing was accepted")
    page_id: Mapped[str | None] = mapped_column(String(120), unique=True, comment="the page that saves the card")
    page_url: Mapped[str | None] = mapped_column(String(1000), comment="its address while it is open")
    page_expires_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="protocol time at which it closes")
    customer: Mapped[str | None] = mapped_column(String(120), comment="the processor's name for its backer")
    payment_method: Mapped[str | None] = mapped_column(String(120), comment="the processor's name for the card")
    card_label: Mapped[str] = mapped_column(String(40), comment="how its backer knows the card")
    card_kept: Mapped[bool] = mapped_column(comment="whether the processor still holds it for us")
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the card was saved")
    charging_since: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when the work was accepted")
    until: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="lapses then unless it is charged")
    waits_for_float: Mapped[bool] = mapped_column(comment="own funds don't cover the cost of charging it now")
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="protocol time of the first charge call")
    contribution_id: Mapped[int | None] = mapped_column(
        ForeignKey(Contribution.id), unique=True, comment="what it became, from the first try to charge it"
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="when it was charged, withdrawn or lapsed")

    @property
    def money(self) -> Money:
        """The contribution it stands for, without its fee."""
        return Money(self.amount, self.currency)

    @property
    def fee_money(self) -> Money:
        """The fee on top."""
        return Money(self.fee, self.currency)

    @property
    def vat_money(self) -> Money:
        """The tax on the fee."""
        return Money(self.vat, self.currency)

    @property
    def total(self) -> Money:
        """What the card is charged."""
        return Money(self.amount + self.fee + self.vat, self.currency)

    @property
    def card(self) -> SavedCard | None:
        """Its saved card."""
        if self.customer is None or self.payment_method is None:
            return None
        return SavedCard(self.customer, self.payment_method, self.card_label)
