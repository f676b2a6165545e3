"""Who is blocked from a project, and whether it is paused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

STANDING = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "project_block",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("project_id", BigInt, nullable=False),
        sa.Column("identity_id", BigInt, nullable=False, comment="who is blocked"),
        sa.Column(
            "reason", sa.String(length=500), nullable=False, comment="read by them and by maintainers, nobody else"
        ),
        sa.Column("made_at", UtcDateTime, nullable=False, comment="business time"),
        sa.Column("made_by_id", BigInt, nullable=False),
        sa.Column("lifted_at", UtcDateTime, nullable=True, comment="business time; none while it stands"),
        sa.Column("lifted_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_project_block_project_id_project"),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name="fk_project_block_identity_id_identity"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_project_block_made_by_id_person"),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["person.id"], name="fk_project_block_lifted_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_project_block"),
    )
    op.create_index(
        "uq_project_block_standing", "project_block", ["project_id", "identity_id"], unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )  # fmt: skip
    op.create_index("ix_project_block_identity_id", "project_block", ["identity_id"])
    op.add_column(
        "project",
        sa.Column("paused_at", UtcDateTime, nullable=True, comment="business time; none while it isn't paused"),
    )
    op.add_column(
        "project",
        sa.Column(
            "paused_until", UtcDateTime, nullable=True,
            comment="when it goes on by itself, business time; none: when a decider says so",
        ),
    )  # fmt: skip
    op.add_column(
        "project", sa.Column("pause_reason", sa.String(length=500), nullable=False, server_default="", comment="public")
    )


def downgrade() -> None:
    op.drop_column("project", "pause_reason")
    op.drop_column("project", "paused_until")
    op.drop_column("project", "paused_at")
    op.drop_table("project_block")
