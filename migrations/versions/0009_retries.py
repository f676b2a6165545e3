"""What the retries of money going out have to remember; one row for each recurring job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

RECURRING = "uq_outbox_job_recurring"
#: Runners that started at once on an empty database had each made theirs.
ONE_EACH = """DELETE FROM outbox_job WHERE every IS NOT NULL
    AND id NOT IN (SELECT min(id) FROM outbox_job WHERE every IS NOT NULL GROUP BY key)"""


def upgrade() -> None:
    op.add_column("refund", sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("payment", sa.Column("charged", BigInt, nullable=True))
    op.add_column("payment", sa.Column("charged_currency", sa.String(length=3), nullable=True))
    op.add_column("transfer", sa.Column("reversed", BigInt, nullable=False, server_default="0"))
    op.add_column("payee", sa.Column("called_at", UtcDateTime(), nullable=True))
    op.execute(ONE_EACH)
    every = sa.text("every IS NOT NULL")
    op.create_index(RECURRING, "outbox_job", ["key"], unique=True, sqlite_where=every, postgresql_where=every)


def downgrade() -> None:
    op.drop_index(RECURRING, "outbox_job")
    op.drop_column("payee", "called_at")
    op.drop_column("transfer", "reversed")
    op.drop_column("payment", "charged_currency")
    op.drop_column("payment", "charged")
    op.drop_column("refund", "attempt")
