"""Alarms, and how the instance's own checks of its books went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("key", sa.Text, nullable=False,
                  comment="what it is about: one row however often it comes"),
        sa.Column("kind", sa.String(30), nullable=False,
                  comment="which rule it breaks; docs/operating.md says what to do"),
        sa.Column("object", sa.Text, nullable=False, comment="the account, currency or check it names"),
        sa.Column("text", sa.Text, nullable=False, comment="what is wrong, with the figures of the last look"),
        sa.Column("first_seen", UtcDateTime(), nullable=False, comment="when it was raised, business time"),
        sa.Column("last_seen", UtcDateTime(), nullable=False, comment="when a check last found it, business time"),
        sa.Column("ended_at", UtcDateTime(), comment="when it no longer held; none while open"),
        sa.UniqueConstraint("key", name="uq_alarm_key"),
    )  # fmt: skip
    op.create_table(
        "self_check",
        sa.Column("name", sa.String(10), primary_key=True, comment="hourly (sums, clocks) or daily (all rules)"),
        sa.Column("began_at", UtcDateTime(), nullable=False, comment="when the newest one began"),
        sa.Column("ended_at", UtcDateTime(), comment="when the last whole one ended"),
        sa.Column("entries", BigInt, nullable=False, comment="how many there were"),
        sa.Column("problems", BigInt, nullable=False, comment="how many alarms it left open"),
    )


def downgrade() -> None:
    op.drop_table("self_check")
    op.drop_table("alarm")
