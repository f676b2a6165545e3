"""By what a payment was made, and until when its bank may call it back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "payment",
        sa.Column(
            "method", sa.String(length=40), nullable=True,
            comment="the processor's word for what pays it; none while unknown",
        ),
    )  # fmt: skip
    op.add_column(
        "payment",
        sa.Column(
            "callable_until", UtcDateTime, nullable=True,
            comment="until then its bank may call it back without a reason, business time; none where it may not",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("payment", "callable_until")
    op.drop_column("payment", "method")
