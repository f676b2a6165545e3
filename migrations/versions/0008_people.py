"""Nobody is called by their address: who signs in by mail alone, or paid signed out, has no public name.

Payments know from which network they were asked for, while they are unpaid. A forge account keeps the address that the
forge named last, so that a changed one can be followed; a mailed link can be for one person's new address.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """UPDATE person SET name = '' WHERE NOT EXISTS
        (SELECT 1 FROM identity WHERE identity.person_id = person.id)"""
    )
    op.execute(
        """UPDATE contribution SET anonymous = true WHERE person_id IS NOT NULL AND id IN
        (SELECT object_id FROM audit_event WHERE action = 'checkout_asked' AND actor = 'backer')"""
    )
    op.add_column("identity", sa.Column("email", sa.String(length=254), nullable=True))
    op.execute("UPDATE identity SET email = (SELECT email FROM person WHERE person.id = identity.person_id)")
    op.add_column("mail_link", sa.Column("person_id", BigInt, nullable=True))
    op.add_column("payment", sa.Column("asked_from", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_payment_asked_from"), "payment", ["asked_from"], unique=False)


def downgrade() -> None:
    """The names that were parts of addresses are not brought back."""
    op.drop_index(op.f("ix_payment_asked_from"), table_name="payment")
    op.drop_column("payment", "asked_from")
    op.drop_column("mail_link", "person_id")
    op.drop_column("identity", "email")
