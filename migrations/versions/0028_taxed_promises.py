"""The tax on a promise's fee, and whom its papers shall name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _columns():
        op.add_column("promise", column)


def downgrade() -> None:
    for column in reversed(_columns()):
        op.drop_column("promise", column.name)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("vat", BigInt, nullable=False, server_default="0", comment="tax on the fee, minor units"),
        sa.Column(
            "vat_country", sa.String(2), nullable=False, server_default="",
            comment="whose tax it is, or who else owes it (reverse charge)",
        ),
        sa.Column("vat_rate", sa.Integer, nullable=False, server_default="0", comment="in hundredths of a percent"),
        sa.Column(
            "business", sa.Boolean, nullable=False, server_default=sa.false(),
            comment="given as a business: no 14 days to take it back",
        ),
        sa.Column(
            "buyer", Json, nullable=False, server_default="{}",
            comment="whom papers shall name, as typed; empty for nobody",
        ),
    ]  # fmt: skip
