"""What the bot did and why; its one comment of an issue, by issue; whether a project's funded issues are labelled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

#: What the digest said of a comment that somebody deleted.
MOVE = """INSERT INTO status_comment (repository_id, issue_number, comment_id, digest, tried_at, hidden, removed,
    locked, refused, label)
    SELECT repository_id, issue_number, comment_id, CASE WHEN comment_digest = 'deleted' THEN '' ELSE comment_digest
    END, created_at, false, CASE WHEN comment_digest = 'deleted' THEN 'by_somebody' ELSE 'no' END, false, '', 'none'
    FROM task WHERE comment_digest <> '' AND id IN (SELECT max(id) FROM task WHERE comment_digest <> ''
    GROUP BY repository_id, issue_number)"""
BACK = """UPDATE task SET
    comment_id = (SELECT c.comment_id FROM status_comment c
        WHERE c.repository_id = task.repository_id AND c.issue_number = task.issue_number),
    comment_digest = COALESCE((SELECT CASE WHEN c.removed = 'no' THEN c.digest ELSE 'deleted' END
        FROM status_comment c
        WHERE c.repository_id = task.repository_id AND c.issue_number = task.issue_number), '')
    WHERE id IN (SELECT max(id) FROM task GROUP BY repository_id, issue_number)"""


def upgrade() -> None:
    op.create_table(
        "bot_action",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("number", BigInt, nullable=False, comment="of the issue or pull request"),
        sa.Column("what", sa.String(length=30), nullable=False, comment="what it did"),
        sa.Column("why", sa.String(length=200), nullable=False, comment="the reason; names nobody"),
        sa.Column("at", UtcDateTime, nullable=False, comment="business time"),
        sa.Column("forge_id", BigInt, nullable=True, comment="the comment or check run; none for what has no number"),
        sa.ForeignKeyConstraint(["repository_id"], ["repository.id"], name="fk_bot_action_repository_id_repository"),
        sa.PrimaryKeyConstraint("id", name="pk_bot_action"),
    )
    op.create_index("ix_bot_action_repository", "bot_action", ["repository_id", "number"], unique=False)
    op.create_table(
        "status_comment",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("repository_id", BigInt, nullable=False),
        sa.Column("issue_number", BigInt, nullable=False),
        sa.Column("comment_id", BigInt, nullable=True, comment="the forge's; none while not known to be there"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of what it says now"),
        sa.Column("tried_at", UtcDateTime, nullable=True, comment="when first to be posted, protocol time"),
        sa.Column("written_at", UtcDateTime, nullable=True, comment="when last written, protocol time"),
        sa.Column("looked_at", UtcDateTime, nullable=True, comment="when last asked whether hidden, protocol time"),
        sa.Column("hidden", sa.Boolean(), nullable=False, comment="somebody minimised it: edited once a day at most"),
        sa.Column("removed", sa.String(length=30), nullable=False, comment="deleted: not posted again"),
        sa.Column("locked", sa.Boolean(), nullable=False, comment="the conversation is locked, as last read"),
        sa.Column("refused", sa.String(length=60), nullable=False, comment="the forge's code of a refused write"),
        sa.Column("label", sa.String(length=30), nullable=False, comment="whose the label is"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repository.id"], name="fk_status_comment_repository_id_repository"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_status_comment"),
        sa.UniqueConstraint("repository_id", "issue_number", name="uq_status_comment_repository_id_issue_number"),
    )  # fmt: skip
    op.execute(MOVE)
    op.add_column(
        "claim",
        sa.Column(
            "check_tried", sa.String(length=64), nullable=False, server_default="",
            comment="the head on which a check run was first to be made",
        ),
    )  # fmt: skip
    op.execute("UPDATE claim SET check_tried = head_sha")
    op.add_column(
        "project",
        sa.Column(
            "label_funded", sa.Boolean(), nullable=False, server_default=sa.false(),
            comment="whether the bot puts a label on funded issues",
        ),
    )  # fmt: skip
    op.add_column(
        "project",
        sa.Column(
            "languages", sa.String(length=20), nullable=False, server_default="en",
            comment="what the bot speaks there, one under the other: codes with commas",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("project", "languages")
    op.drop_column("project", "label_funded")
    op.drop_column("claim", "check_tried")
    op.execute(BACK)
    op.drop_table("status_comment")
    op.drop_table("bot_action")
