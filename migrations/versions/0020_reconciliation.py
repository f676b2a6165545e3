"""How far the processor's book was compared with ours, and what stands differently."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "movement_cursor",
        sa.Column("account", sa.String(length=120), nullable=False, comment="whose book: `platform`"),
        sa.Column(
            "last_id", sa.String(length=120), nullable=False, comment="the newest balance transaction that was compared"
        ),
        sa.Column("compared", BigInt, nullable=False, comment="how many movements were compared since the beginning"),
        sa.Column("walked_at", UtcDateTime, nullable=False, comment="end of the last look, protocol time"),
        sa.PrimaryKeyConstraint("account", name="pk_movement_cursor"),
    )
    op.create_table(
        "discrepancy",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("balance_transaction", sa.String(length=120), nullable=False, comment="the processor's id"),
        sa.Column(
            "kind", sa.String(length=60), nullable=False,
            comment="the processor's word; `unknown` where only we have it",
        ),
        sa.Column(
            "source", sa.String(length=120), nullable=False, comment="the processor's object behind it, empty for none"
        ),
        sa.Column("currency", sa.String(length=3), nullable=False, comment="ISO 4217"),
        sa.Column("theirs", BigInt, nullable=False, comment="what it did to the processor's balance"),
        sa.Column("ours", BigInt, nullable=False, comment="what it did to our clearing account"),
        sa.Column("first_seen", UtcDateTime, nullable=False, comment="protocol time"),
        sa.Column("last_seen", UtcDateTime, nullable=False, comment="protocol time of the last look"),
        sa.Column("ended_at", UtcDateTime, nullable=True, comment="when both agreed again; none while open"),
        sa.PrimaryKeyConstraint("id", name="pk_discrepancy"),
        sa.UniqueConstraint("balance_transaction", name="uq_discrepancy_balance_transaction"),
    )  # fmt: skip
    op.create_index("ix_discrepancy_ended_at", "discrepancy", ["ended_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_discrepancy_ended_at", table_name="discrepancy")
    op.drop_table("discrepancy")
    op.drop_table("movement_cursor")
