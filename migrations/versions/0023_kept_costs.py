"""What is kept at a late withdrawal: named with the contribution, kept with the refund."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "contribution",
        sa.Column(
            "kept_cost", BigInt, nullable=False, server_default="0",
            comment="kept if it is withdrawn late, without the tax on it, minor units; named before paying",
        ),
    )  # fmt: skip
    op.add_column(
        "refund",
        sa.Column(
            "kept", BigInt, nullable=False, server_default="0",
            comment="processing cost kept of it, with the tax on it, minor units",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("refund", "kept")
    op.drop_column("contribution", "kept_cost")
