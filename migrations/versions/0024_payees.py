"""Payees: a new account or another bank account waits, and the address before a change of it is warned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "payee",
        sa.Column(
            "bank_digest", sa.String(length=64), nullable=False, server_default="",
            comment="tells whether its bank account is another one; keyed, nothing of the account",
        ),
    )  # fmt: skip
    op.add_column(
        "payee",
        sa.Column(
            "holds_until", UtcDateTime(), nullable=True,
            comment="business time before which nothing is sent: it is new, or its bank account was changed",
        ),
    )  # fmt: skip
    op.add_column(
        "payee",
        sa.Column(
            "disabled_reason", sa.String(length=60), nullable=False, server_default="",
            comment="why the processor switched it off, in its words; empty while it is on",
        ),
    )  # fmt: skip
    op.add_column(
        "payee",
        sa.Column(
            "deadline", UtcDateTime(), nullable=True,
            comment="by when the processor wants its requirements met; none where nothing is due",
        ),
    )  # fmt: skip
    op.add_column(
        "person",
        sa.Column(
            "email_before", sa.String(length=254), nullable=True,
            comment="the address before it was changed; forgotten after a week",
        ),
    )  # fmt: skip
    op.add_column(
        "person",
        sa.Column("email_changed_at", UtcDateTime(), nullable=True, comment="when it was, business time"),
    )
    op.create_table(
        "payee_bank",
        sa.Column("payee_id", BigInt, sa.ForeignKey("payee.id"), primary_key=True, autoincrement=False,
                  comment="whose bank"),
        sa.Column("paid_at", UtcDateTime(), comment="when the newest payout that arrived was made"),
        sa.Column("failed_at", UtcDateTime(), comment="when the newest payout that was refused was made"),
        sa.Column("failed_payout", sa.String(120), comment="the processor’s id of the refused one"),
        sa.Column("failed_amount", BigInt, nullable=False, comment="of the refused one, minor units"),
        sa.Column("failed_currency", sa.String(3), nullable=False, comment="of the refused one, ISO 4217"),
        sa.Column("failed_code", sa.String(60), nullable=False, comment="why it was refused, in the bank’s word"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("payee_bank")
    op.drop_column("person", "email_changed_at")
    op.drop_column("person", "email_before")
    op.drop_column("payee", "deadline")
    op.drop_column("payee", "disabled_reason")
    op.drop_column("payee", "holds_until")
    op.drop_column("payee", "bank_digest")
