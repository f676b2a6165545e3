"""What was caught up with at the forge: positions and ETags, comments obeyed, lost deliveries, pauses it asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

#: Comments were known by the jobs that answered them: polling must not find them anew.
ANSWERED = """INSERT INTO handled_comment (comment_id, at)
    SELECT CAST(substr(key, 8) AS BIGINT), max(created_at) FROM outbox_job
    WHERE key LIKE 'answer:%' GROUP BY CAST(substr(key, 8) AS BIGINT)"""


def upgrade() -> None:
    op.create_table(
        "handled_comment",
        sa.Column("comment_id", BigInt, nullable=False, autoincrement=False, comment="the forge's"),
        sa.Column("at", UtcDateTime, nullable=False, comment="business time; in the transaction of the effects"),
        sa.PrimaryKeyConstraint("comment_id", name="pk_handled_comment"),
    )
    op.execute(ANSWERED)
    op.create_table(
        "forge_position",
        sa.Column("what", sa.String(length=100), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False, comment="the forge's time: everything before it was read"),
        sa.Column(
            "etag", sa.String(length=200), nullable=False, comment="of the list since then; empty: ask in full"
        ),
        sa.Column(
            "seen", Json, nullable=False, comment="what of the list was read, by number, with the change it was read at"
        ),
        sa.Column("cursor", sa.String(length=200), nullable=False, comment="where an unfinished walk goes on"),
        sa.Column("target", UtcDateTime, nullable=True, comment="how far it will have read at its end"),
        sa.Column("read_at", UtcDateTime, nullable=False, comment="of the last read, protocol time"),
        sa.PrimaryKeyConstraint("what", name="pk_forge_position"),
    )  # fmt: skip
    op.create_table(
        "lost_delivery",
        sa.Column("guid", sa.String(length=200), nullable=False),
        sa.Column("delivery_id", BigInt, nullable=False, comment="the attempt that GitHub is asked to repeat"),
        sa.Column("event", sa.String(length=100), nullable=False),
        sa.Column("delivered_at", UtcDateTime, nullable=False, comment="the first failed attempt, protocol time"),
        sa.Column("state", sa.String(length=30), nullable=False, comment="waiting, came or given up"),
        sa.Column("asks", sa.Integer(), nullable=False, comment="how often GitHub was asked to send it again"),
        sa.Column("ask_at", UtcDateTime, nullable=False, comment="not before then, protocol time"),
        sa.Column("ended_at", UtcDateTime, nullable=True, comment="protocol time; none while it waits"),
        sa.PrimaryKeyConstraint("guid", name="pk_lost_delivery"),
    )
    op.create_index("ix_lost_delivery_state", "lost_delivery", ["state"], unique=False)
    op.create_table(
        "forge_pause",
        sa.Column("whose", sa.String(length=60), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False, comment="protocol time"),
        sa.PrimaryKeyConstraint("whose", name="pk_forge_pause"),
    )
    op.add_column(
        "branch_head",
        sa.Column(
            "etag", sa.String(length=200), nullable=False, server_default="", comment="of the list of what came since"
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("branch_head", "etag")
    op.drop_table("forge_pause")
    op.drop_index("ix_lost_delivery_state", "lost_delivery")
    op.drop_table("lost_delivery")
    op.drop_table("forge_position")
    op.drop_table("handled_comment")
