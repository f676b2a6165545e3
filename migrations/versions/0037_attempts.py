"""Attempts: who said "I am on it", for which task, until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0037"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("task_id", BigInt, nullable=False, comment="what they work on"),
        sa.Column("identity_id", BigInt, nullable=False, comment="who"),
        sa.Column(
            "state", sa.String(length=30), nullable=False,
            comment="standing, withdrawn, lapsed or over; one standing for each task and person",
        ),
        sa.Column("at", UtcDateTime, nullable=False, comment="business time"),
        sa.Column(
            "until", UtcDateTime, nullable=False,
            comment="when it lapses without a linked pull request; moved on when one goes; business time",
        ),
        sa.Column("ended_at", UtcDateTime, nullable=True, comment="when it ended, business time"),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name="fk_attempt_identity_id_identity"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_attempt_task_id_task"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )  # fmt: skip
    stands = sa.text("state = 'standing'")
    op.create_index(
        "uq_attempt_standing", "attempt", ["task_id", "identity_id"], unique=True, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip
    op.create_index("ix_attempt_state_until", "attempt", ["state", "until"], unique=False)
    op.create_index("ix_attempt_identity_id", "attempt", ["identity_id"], unique=False)


def downgrade() -> None:
    op.drop_table("attempt")
