"""Attempts (who said "I am on it", for which task, until when), splits of claims, and counted commands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0037"
down_revision = "0036"
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
    op.add_column("claim", sa.Column(
        "split", Json, nullable=False, server_default="{}",
        comment="forge accounts by id with their whole percentages, as the author said; empty: all is the author's",
    ))  # fmt: skip
    op.add_column(
        "claim",
        sa.Column("split_at", UtcDateTime, nullable=True, comment="when the author last said it, business time"),
    )

    op.add_column("claim", sa.Column(
        "uncounted", sa.String(length=20), nullable=False, server_default="",
        comment="why it counts for nothing before its merge: too_many or no_attempt; empty where it counts",
    ))  # fmt: skip
    op.create_table(
        "command_comment",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("comment_id", BigInt, nullable=False, comment="the forge's: answered once"),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False, comment="of the issue or pull request"),
        sa.Column("identity_id", BigInt, nullable=False, comment="who wrote it"),
        sa.Column(
            "commands", sa.Integer(), nullable=False,
            comment="how many were carried out or refused; 0 where they were too many",
        ),
        sa.Column("at", UtcDateTime, nullable=False, comment="protocol time"),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name="fk_command_comment_identity_id_identity"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repository.id"], name="fk_command_comment_repository_id_repository"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_command_comment"),
        sa.UniqueConstraint("comment_id", name="uq_command_comment_comment_id"),
    )  # fmt: skip
    op.create_index("ix_command_comment_identity", "command_comment", ["identity_id", "at"], unique=False)
    op.create_index("ix_command_comment_issue", "command_comment", ["repository_id", "number", "at"], unique=False)
    op.create_index("ix_command_comment_at", "command_comment", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("command_comment")
    op.drop_column("claim", "uncounted")
    op.drop_column("claim", "split_at")
    op.drop_column("claim", "split")
    op.drop_table("attempt")
