"""Branches besides the default one whose merges pay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import Json

revision = "0031"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "project",
        sa.Column(
            "branches", Json, nullable=False, server_default="[]",
            comment="branches besides each default one whose merges pay",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("project", "branches")
