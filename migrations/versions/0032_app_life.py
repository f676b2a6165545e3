"""When an account of the forge was last read, what the App lacks on an installation, and Apps made from here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "identity",
        sa.Column(
            "read_at", UtcDateTime, nullable=True,
            comment="when the forge last named it, business time; none while it wasn't since this is kept",
        ),
    )  # fmt: skip
    op.create_index("ix_identity_read_at", "identity", ["read_at"])
    op.add_column(
        "installation",
        sa.Column(
            "missing", Json, nullable=False, server_default="[]",
            comment="permissions the App needs and wasn't given here, as the forge words them (checks:write)",
        ),
    )  # fmt: skip
    op.create_table(
        "forge_app",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column(
            "state_digest", sa.String(length=64), nullable=False, unique=True,
            comment="digest of the state that came back from the forge: each is good for once",
        ),
        sa.Column("person_id", BigInt, sa.ForeignKey("person.id"), nullable=False, comment="the operator who asked"),
        sa.Column("asked_at", UtcDateTime, nullable=False, comment="when its code came back, protocol time"),
        sa.Column(
            "forge_id", BigInt, nullable=True, comment="the App's number; none while (or because) nothing was learned"
        ),
        sa.Column("slug", sa.String(length=100), nullable=False, server_default="", comment="its name in addresses"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("forge_app")
    op.drop_column("installation", "missing")
    op.drop_index("ix_identity_read_at", "identity")
    op.drop_column("identity", "read_at")
