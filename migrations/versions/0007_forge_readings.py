"""How often each object of the forge was recorded, so that an older read is not recorded after a newer one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forge_reading",
        sa.Column("object", sa.String(length=100), nullable=False),
        sa.Column("times", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("object", name=op.f("pk_forge_reading")),
    )


def downgrade() -> None:
    op.drop_table("forge_reading")
