"""What the retries of money going out have to remember."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt

revision = "0009"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refund", sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("transfer", sa.Column("reversed", BigInt, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("transfer", "reversed")
    op.drop_column("refund", "attempt")
