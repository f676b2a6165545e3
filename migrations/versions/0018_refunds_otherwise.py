"""Refunds that failed and wait: how their backer wants them given back, what was said, what is set apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unclaimed",
        sa.Column("refund_id", BigInt, sa.ForeignKey("refund.id"), primary_key=True, autoincrement=False,
                  comment="the refund that failed"),
        sa.Column("since", UtcDateTime(), nullable=False, comment="when it failed, business time"),
        sa.Column("reminded", sa.Integer(), nullable=False, comment="how many reminders were written"),
        sa.Column("holder", sa.String(200), comment="whose bank account; forgotten once it is settled"),
        sa.Column("iban", sa.String(34), comment="where it goes; forgotten once it is settled"),
        sa.Column("apart_asked_at", UtcDateTime(), comment="when an operator announced a payout of just this sum"),
        sa.Column("payout", sa.String(120), comment="the payout by which it was set apart at the bank"),
        sa.UniqueConstraint("payout", name="uq_unclaimed_payout"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("unclaimed")
