"""Nobody is called by their address: who signs in by mail alone, or paid signed out, has no public name.

Payments know from which network they were asked for, while they are unpaid.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"
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
    op.add_column("payment", sa.Column("asked_from", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_payment_asked_from"), "payment", ["asked_from"], unique=False)


def downgrade() -> None:
    """The names that were parts of addresses are not brought back."""
    op.drop_index(op.f("ix_payment_asked_from"), table_name="payment")
    op.drop_column("payment", "asked_from")
