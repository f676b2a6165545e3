"""What banks say against payments: charge-backs, inquiries and early fraud warnings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False, comment="random; its name in ledger paths"),
        sa.Column("contribution_id", BigInt, nullable=False, comment="whose payment it is about"),
        sa.Column("kind", sa.String(length=30), nullable=False, comment="dispute or fraud_warning"),
        sa.Column("processor_id", sa.String(length=120), nullable=False, comment="the processor's id"),
        sa.Column("state", sa.String(length=30), nullable=False, comment="how it stands, in our words"),
        sa.Column("status", sa.String(length=60), nullable=False, comment="how it stands, in the processor's word"),
        sa.Column("reason", sa.String(length=60), nullable=False, comment="the bank's reason, in the processor's word"),
        sa.Column("amount", BigInt, nullable=False, comment="what is disputed, minor units"),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="ISO 4217"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when the bank raised it"),
        sa.Column("due_by", UtcDateTime(), nullable=True, comment="the last day of an answer"),
        sa.Column("withdrawn", sa.String(length=120), nullable=True, comment="book entry of the money taken"),
        sa.Column("reinstated", sa.String(length=120), nullable=True, comment="book entry of the money brought back"),
        sa.Column("warned", sa.Boolean(), nullable=False, comment="whether its money is frozen and nothing was taken"),
        sa.Column("ending", sa.String(length=30), nullable=False, comment="why nothing is to be done any more"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="since when nothing is to be done any more"),
        sa.Column("evidence", sa.Text(), nullable=False, comment="the pack as submitted"),
        sa.Column("submit_asked_at", UtcDateTime(), nullable=True, comment="when the operator had it submitted"),
        sa.Column("submitted_at", UtcDateTime(), nullable=True, comment="when the processor had it"),
        sa.Column("called_at", UtcDateTime(), nullable=True, comment="protocol time of the first call"),
        sa.Column("attempt", sa.Integer(), nullable=False, comment="counts askings after a refusal"),
        sa.Column("note", sa.String(length=1000), nullable=False, comment="why a warned contribution was kept"),
        sa.Column("created_at", UtcDateTime(), nullable=False, comment="when it was heard of here"),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name="fk_dispute_contribution_id_contribution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dispute"),
        sa.UniqueConstraint("processor_id", name="uq_dispute_processor_id"),
        sa.UniqueConstraint("ref", name="uq_dispute_ref"),
        sa.UniqueConstraint("reinstated", name="uq_dispute_reinstated"),
        sa.UniqueConstraint("withdrawn", name="uq_dispute_withdrawn"),
    )
    op.create_index("ix_dispute_contribution_id", "dispute", ["contribution_id"], unique=False)
    op.create_index("ix_dispute_ended_at_due_by", "dispute", ["ended_at", "due_by"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_dispute_ended_at_due_by", table_name="dispute")
    op.drop_index("ix_dispute_contribution_id", table_name="dispute")
    op.drop_table("dispute")
