"""The life of money: which contribution a new one renews, from which one it was moved, what was said of its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without foreign keys: SQLite can neither add nor drop one without making the table anew.
    op.add_column("contribution", sa.Column("renews_id", BigInt, nullable=True))
    op.add_column("contribution", sa.Column("moved_from_id", BigInt, nullable=True))
    op.add_column("contribution", sa.Column("reminded", sa.Integer(), nullable=True))
    op.create_index("ix_contribution_renews_id", "contribution", ["renews_id"])
    op.create_index("uq_contribution_moved_from_id", "contribution", ["moved_from_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_contribution_moved_from_id", "contribution")
    op.drop_index("ix_contribution_renews_id", "contribution")
    op.drop_column("contribution", "reminded")
    op.drop_column("contribution", "moved_from_id")
    op.drop_column("contribution", "renews_id")
