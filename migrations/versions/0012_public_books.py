"""What the public books need: one random name for each backer of a task, and sums of old lines carried forward."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit import ids
from bountyhub.kit.types import BigInt

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: Whoever paid before; unpaid contributions get their name when they are paid. One name for what a person gave by name
#: to a task, one of its own for everything else: anybody may type an address, so one name for it would tell its owner.
PAID = """SELECT id, task_id, CASE WHEN person_id IS NOT NULL AND NOT anonymous THEN 'named' ELSE 'nameless' END,
    CASE WHEN person_id IS NOT NULL AND NOT anonymous THEN person_id ELSE id END
    FROM contribution WHERE captured_at IS NOT NULL ORDER BY contribution.id"""


def upgrade() -> None:
    party = op.create_table(
        "party",
        sa.Column("contribution_id", BigInt, nullable=False, comment="which contribution is theirs"),
        sa.Column("ref", sa.String(length=20), nullable=False, comment="random: whose money it is, in this task alone"),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"], name="fk_party_contribution_id_contribution"),
        sa.PrimaryKeyConstraint("contribution_id", name="pk_party"),
    )
    op.create_index("ix_party_ref", "party", ["ref"], unique=False)
    op.create_table(
        "ledger_sum",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False, comment="ISO 4217"),
        sa.Column("account_kind", sa.String(length=32), nullable=False, comment="which kind of the chart"),
        sa.Column("entry_kind", sa.String(length=32), nullable=False, comment="which kind of event"),
        sa.Column("amount", BigInt, nullable=False, comment="sum of those lines, + debit, − credit, minor units"),
        sa.Column("upto", BigInt, nullable=False, comment="the last entry in it; the same in every row"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_sum"),
        sa.UniqueConstraint(
            "currency", "account_kind", "entry_kind", name="uq_ledger_sum_currency_account_kind_entry_kind"
        ),
    )
    names: dict[tuple[object, ...], str] = {}
    rows = op.get_bind().execute(sa.text(PAID)).all()
    named = [{"contribution_id": id, "ref": names.setdefault(tuple(who), ids.new_ref())} for id, *who in rows]
    if named:
        op.bulk_insert(party, named)


def downgrade() -> None:
    op.drop_table("ledger_sum")
    op.drop_index("ix_party_ref", table_name="party")
    op.drop_table("party")
