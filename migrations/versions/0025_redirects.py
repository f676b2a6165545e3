"""Shares that are sent on to a project or a charity; and webhooks of accounts keep nothing about their owners."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "payee",
        sa.Column(
            "charity", sa.String(length=100), nullable=True,
            comment="its name on the operator's list; none for somebody who signs in",
        ),
    )  # fmt: skip
    op.create_table(
        "sent_on",
        sa.Column("share", sa.String(20), primary_key=True, comment="the share's random name"),
        sa.Column("name", sa.String(200), nullable=False, comment="a project or a charity, as it was called then"),
    )
    op.create_table(
        "share_redirect",
        sa.Column("share_id", BigInt, sa.ForeignKey("share.id"), primary_key=True, autoincrement=False,
                  comment="which share"),
        sa.Column("payee_id", BigInt, sa.ForeignKey("payee.id"), nullable=False, comment="to whom it goes"),
        sa.Column("name", sa.String(200), nullable=False, comment="what they were called then: a project or a charity"),
        sa.Column("at", UtcDateTime(), nullable=False, comment="business time"),
    )  # fmt: skip
    op.create_index("ix_share_redirect_payee_id", "share_redirect", ["payee_id"])
    op.create_table(
        "project_payee",
        sa.Column("project_id", BigInt, sa.ForeignKey("project.id"), primary_key=True, autoincrement=False,
                  comment="which project"),
        sa.Column("person_id", BigInt, sa.ForeignKey("person.id"), nullable=False, comment="whose account"),
        sa.Column("named_at", UtcDateTime(), nullable=False, comment="business time"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("project_payee")
    op.drop_index("ix_share_redirect_payee_id", "share_redirect")
    op.drop_table("share_redirect")
    op.drop_table("sent_on")
    op.drop_column("payee", "charity")
