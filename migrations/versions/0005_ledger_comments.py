"""What each column of the books means, told to the database too (PostgreSQL; SQLite keeps no comments)."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COMMENTS = {
    "ledger_account": {
        "id": "locks are taken in this order",
        "path": "its place in the chart, e.g. escrow/c7k2",
        "kind": "which kind of the chart",
        "currency": "ISO 4217",
        "contribution": "whose money",
        "owner": "the share, refund, … it is tied to",
        "side": "debit or credit: where it normally stands",
        "never_negative": "it may never stand on the other side",
        "balance": "sum of its lines, minor units",
        "version": "number of its lines",
    },
    "ledger_entry": {
        "id": "its seal must exist when the transaction commits",
        "kind": "the event, in the past tense",
        "currency": "of all its lines",
        "key": "idempotency key",
        "digest": "SHA-256 of what was asked under this key",
        "effective_at": "the processor's or the forge's time",
        "recorded_at": "our time",
        "actor": "who or what caused it",
        "refs": "what it is about, by references",
        "outside_id": "the processor's balance transaction",
        "reverses": "the entry it takes back",
    },
    "ledger_line": {
        "amount": "+ debit, − credit, minor units, never 0",
        "balance_after": "the account's balance with this line",
        "version": "the account's version with this line: no gaps",
    },
    "ledger_seal": {"lines": "how many lines the entry has"},
}


def upgrade() -> None:
    _comment(with_text=True)


def downgrade() -> None:
    _comment(with_text=False)


def _comment(*, with_text: bool) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in COMMENTS.items():
        for column, meaning in columns.items():
            text = "'" + meaning.replace("'", "''") + "'" if with_text else "NULL"
            op.get_bind().exec_driver_sql(f"COMMENT ON COLUMN {table}.{column} IS {text}")
