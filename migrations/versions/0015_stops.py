"""Stops of outgoing money; which card paid, and when a repository was made: both decide how long money is fresh."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stop",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("scope", sa.String(length=30), nullable=False, comment="site, project, task, person or card"),
        sa.Column("target", sa.String(length=64), nullable=False, comment="an id or a digest; empty for the site"),
        sa.Column("reason", sa.String(length=1000), nullable=False, comment="why; public for site, project and task"),
        sa.Column("made_by", BigInt, nullable=True, comment="the operator; null for one that the site made by itself"),
        sa.Column("made_at", UtcDateTime(), nullable=False, comment="business time"),
        sa.Column("until", UtcDateTime(), nullable=False, comment="business time at which it ends by itself"),
        sa.Column("extended_by", BigInt, nullable=True, comment="the last operator who extended it"),
        sa.Column("ended_at", UtcDateTime(), nullable=True, comment="when it ended, and what waited was tried again"),
        sa.Column("ended_by", BigInt, nullable=True, comment="who ended it early; null when its time was over"),
        sa.Column("ended_why", sa.String(length=1000), nullable=False, comment="why it was ended early"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_stop_ended_by_person"),
        sa.ForeignKeyConstraint(["extended_by"], ["person.id"], name="fk_stop_extended_by_person"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_stop_made_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_stop"),
    )
    open_one = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_stop_open", "stop", ["scope", "target"], unique=True, sqlite_where=open_one, postgresql_where=open_one
    )
    op.create_index("ix_audit_event_action_at", "audit_event", ["action", "at"])
    op.add_column("payment", sa.Column("card", sa.String(length=64), nullable=True))
    op.create_index("ix_payment_card", "payment", ["card"])
    op.add_column("repository", sa.Column("forge_created_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("repository", "forge_created_at")
    op.drop_index("ix_payment_card", "payment")
    op.drop_column("payment", "card")
    op.drop_index("ix_audit_event_action_at", "audit_event")
    op.drop_index("uq_stop_open", "stop")
    op.drop_table("stop")
