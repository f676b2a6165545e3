"""Tries to pay and declined cards, counted for a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_try",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False, comment="checkout or decline"),
        sa.Column(
            "ref", sa.String(length=120), nullable=False,
            comment="of the payment or promise; of a decline, the processor's id: told twice, it counts once",
        ),
        sa.Column("task_id", BigInt, nullable=False, comment="the task it was for"),
        sa.Column("mail", sa.String(length=64), nullable=False, comment="keyed digest of the mail address"),
        sa.Column(
            "address", sa.String(length=64), nullable=True, comment="keyed digest of the network, as in payment"
        ),
        sa.Column(
            "card", sa.String(length=64), nullable=True, comment="keyed digest of the card declined, as in payment"
        ),
        sa.Column("at", UtcDateTime, nullable=False, comment="protocol time"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_payment_try_task_id_task"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_try"),
        sa.UniqueConstraint("kind", "ref", name="uq_payment_try_kind_ref"),
    )  # fmt: skip
    for name, columns in INDEXES.items():
        op.create_index(name, "payment_try", columns, unique=False)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="payment_try")
    op.drop_table("payment_try")


INDEXES = {
    "ix_payment_try_kind_mail_at": ["kind", "mail", "at"],
    "ix_payment_try_kind_address_at": ["kind", "address", "at"],
    "ix_payment_try_kind_task_id_at": ["kind", "task_id", "at"],
    "ix_payment_try_card_at": ["card", "at"],
    "ix_payment_try_at": ["at"],
}
