"""Releases undone by two operators: their proposals, the reversals of what was paid, and shares that are undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_STANDS = sa.text("state = 'proposed'")


def upgrade() -> None:
    op.add_column("share", sa.Column(
        "undone_at", UtcDateTime, nullable=True,
        comment="when its release was undone: nothing of it is sent any more, what was sent is taken back",
    ))  # fmt: skip
    op.create_table(
        "transfer_reversal",
        sa.Column("id", BigInt, nullable=False),
        sa.Column(
            "ref", sa.String(length=20), nullable=False,
            comment="random; the idempotency key and the reference in the processor's metadata",
        ),
        sa.Column("transfer_id", BigInt, nullable=False, comment="what is taken back"),
        sa.Column("amount", BigInt, nullable=False, comment="what is asked for, minor units"),
        sa.Column("state", sa.String(length=30), nullable=False, comment="planned, asked, waiting, done or given_up"),
        sa.Column("why", sa.String(length=60), nullable=False, comment="why it waits or was given up, in one word"),
        sa.Column("attempt", sa.Integer(), nullable=False, comment="counts askings after a refusal; part of the key"),
        sa.Column(
            "called_at", UtcDateTime, nullable=True,
            comment="protocol time of the first call under this key: after 24 h we look before asking",
        ),
        sa.Column("try_at", UtcDateTime, nullable=False, comment="business time of the next try"),
        sa.Column("created_at", UtcDateTime, nullable=False, comment="when the release was undone"),
        sa.Column("ended_at", UtcDateTime, nullable=True, comment="when it was done or given up"),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name="fk_transfer_reversal_transfer_id_transfer"),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_reversal"),
        sa.UniqueConstraint("ref", name="uq_transfer_reversal_ref"),
        sa.UniqueConstraint("transfer_id", name="uq_transfer_reversal_transfer_id"),
    )  # fmt: skip
    op.create_index("ix_transfer_reversal_state_try_at", "transfer_reversal", ["state", "try_at"], unique=False)
    op.create_table(
        "release_undo",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("claim_id", BigInt, nullable=False, comment="whose release"),
        sa.Column(
            "state", sa.String(length=30), nullable=False,
            comment="proposed, confirmed, withdrawn or lapsed; one proposed at a time",
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False, comment="why; public once it is confirmed"),
        sa.Column("proposed_by", BigInt, nullable=False, comment="the operator who proposed it"),
        sa.Column("proposed_at", UtcDateTime, nullable=False, comment="business time"),
        sa.Column("until", UtcDateTime, nullable=False, comment="business time at which it lapses"),
        sa.Column("confirmed_by", BigInt, nullable=True, comment="the other operator"),
        sa.Column(
            "ended_at", UtcDateTime, nullable=True, comment="when it was confirmed, withdrawn or found lapsed"
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_release_undo_claim_id_claim"),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name="fk_release_undo_confirmed_by_person"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name="fk_release_undo_proposed_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_release_undo"),
    )  # fmt: skip
    op.create_index("ix_release_undo_claim_id", "release_undo", ["claim_id"], unique=False)
    op.create_index(
        "uq_release_undo_standing", "release_undo", ["claim_id"], unique=True, sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_release_undo_standing", table_name="release_undo")
    op.drop_index("ix_release_undo_claim_id", table_name="release_undo")
    op.drop_table("release_undo")
    op.drop_index("ix_transfer_reversal_state_try_at", table_name="transfer_reversal")
    op.drop_table("transfer_reversal")
    op.drop_column("share", "undone_at")
