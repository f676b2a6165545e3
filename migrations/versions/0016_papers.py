"""Papers: what a contribution says of its buyer and of the tax on its fee, and what was agreed to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _columns():
        op.add_column("contribution", column)
    op.create_table(
        "buyer",
        sa.Column("contribution_id", BigInt, nullable=False, comment="whose papers"),
        sa.Column("name", sa.String(200), nullable=False,
                  comment="of the company or person, as it shall be printed"),
        sa.Column("address", sa.String(500), nullable=False, comment="as typed, with its lines"),
        sa.Column("vat_id", sa.String(20), nullable=False, comment="well-formed, without spaces; empty for none"),
        sa.Column("reference", sa.String(100), nullable=False, comment="the buyer's own, e.g. an order number"),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"],
                                name="fk_buyer_contribution_id_contribution"),
        sa.PrimaryKeyConstraint("contribution_id", name="pk_buyer"),
    )  # fmt: skip
    op.create_table(
        "agreed_text",
        sa.Column("hash", sa.String(64), nullable=False, comment="SHA-256 of the text, hex"),
        sa.Column("version", sa.String(20), nullable=False, comment="of the terms in it"),
        sa.Column("text", sa.Text, nullable=False, comment="the consent as shown beside its box, then the terms"),
        sa.Column("first_at", UtcDateTime(), nullable=False, comment="when somebody first agreed to it"),
        sa.PrimaryKeyConstraint("hash", name="pk_agreed_text"),
    )


def downgrade() -> None:
    op.drop_table("agreed_text")
    op.drop_table("buyer")
    for column in reversed(_columns()):
        op.drop_column("contribution", column.name)


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
            comment="bought as a business: no 14 days to take it back",
        ),
        sa.Column("consent_at", UtcDateTime(), comment="when the backer agreed"),
        sa.Column(
            "consent_hash", sa.String(64), nullable=False, server_default="",
            comment="SHA-256 of what they agreed to, word by word",
        ),
    ]  # fmt: skip
