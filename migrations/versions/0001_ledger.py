"""The books: accounts, entries, lines, seals, and the guards that keep them honest against any SQL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COSTS = "'cost/processor','cost/refund','cost/dispute','cost/chargeback_loss'"
DEBIT_SIDE = f"'clearing','bank','bank/unclaimed','dispute_funds',{COSTS}"
FREE = f"'clearing','bank','own/float','vat_due','income/fee','income/withdrawal',{COSTS}"
OTHERS = (
    "'bank/unclaimed','escrow','fee_held','vat_held','holdback','kept_for','payable','transfer_pending',"
    "'refund_pending','unclaimed_refund','dispute_funds','frozen','suspense'"
)
TABLES = ("ledger_entry", "ledger_line", "ledger_seal")


def upgrade() -> None:
    _create_accounts()
    _create_entries()
    _create_lines()
    for statement in POSTGRESQL if _on_postgresql() else SQLITE:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    # A table takes its triggers with it on both engines.
    op.drop_table("ledger_line")
    op.drop_table("ledger_entry")
    op.drop_table("ledger_seal")
    op.drop_table("ledger_account")
    if _on_postgresql():
        for name in FUNCTIONS:
            op.get_bind().exec_driver_sql(f"DROP FUNCTION {name}()")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _create_accounts() -> None:
    op.create_table(
        "ledger_account",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("contribution", sa.Text),
        sa.Column("owner", sa.Text),
        sa.Column("side", sa.String(6), nullable=False),
        sa.Column("never_negative", sa.Boolean, nullable=False),
        sa.Column("balance", BigInt, nullable=False, server_default="0"),
        sa.Column("version", BigInt, nullable=False, server_default="0"),
        sa.UniqueConstraint("path", "currency", name="uq_ledger_account_path_currency"),
        sa.CheckConstraint(f"kind IN ({FREE},{OTHERS})", "ck_ledger_account_kind"),
        sa.CheckConstraint(f"never_negative = (kind NOT IN ({FREE}))", "ck_ledger_account_rule"),
        sa.CheckConstraint(
            f"side = CASE WHEN kind IN ({DEBIT_SIDE}) THEN 'debit' ELSE 'credit' END", "ck_ledger_account_side"
        ),
        sa.CheckConstraint(
            "NOT never_negative OR (side = 'credit' AND balance <= 0) OR (side = 'debit' AND balance >= 0)",
            "ck_ledger_account_never_negative",
        ),
    )
    op.create_index("ix_ledger_account_contribution", "ledger_account", ["contribution"])
    op.create_index("ix_ledger_account_owner", "ledger_account", ["owner"])


def _create_entries() -> None:
    name = "fk_ledger_entry_id_ledger_seal"
    seal = sa.ForeignKey("ledger_seal.entry_id", name=name, deferrable=True, initially="DEFERRED")
    op.create_table(
        "ledger_seal",
        sa.Column("entry_id", BigInt, primary_key=True, autoincrement=False),
        sa.Column("lines", BigInt, nullable=False),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", BigInt, seal, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("digest", sa.CHAR(64), nullable=False),
        sa.Column("effective_at", UtcDateTime, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("refs", Json, nullable=False),
        sa.Column("outside_id", sa.Text),
        sa.Column("reverses", BigInt, sa.ForeignKey("ledger_entry.id", name="fk_ledger_entry_reverses_ledger_entry")),
        sa.UniqueConstraint("key", name="uq_ledger_entry_key"),
        sa.UniqueConstraint("kind", "outside_id", name="uq_ledger_entry_kind_outside_id"),
        sa.UniqueConstraint("reverses", name="uq_ledger_entry_reverses"),
        sa.CheckConstraint("length(key) > 0", "ck_ledger_entry_key"),
        sa.CheckConstraint("outside_id <> ''", "ck_ledger_entry_outside_id"),
        sa.CheckConstraint("reverses < id", "ck_ledger_entry_reverses"),
    )


def _create_lines() -> None:
    entry = sa.ForeignKey("ledger_entry.id", name="fk_ledger_line_entry_id_ledger_entry")
    account = sa.ForeignKey("ledger_account.id", name="fk_ledger_line_account_id_ledger_account")
    op.create_table(
        "ledger_line",
        sa.Column("id", BigInt, primary_key=True),
        sa.Column("entry_id", BigInt, entry, nullable=False),
        sa.Column("account_id", BigInt, account, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("balance_after", BigInt, nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.UniqueConstraint("entry_id", "account_id", name="uq_ledger_line_entry_id_account_id"),
        sa.UniqueConstraint("account_id", "version", name="uq_ledger_line_account_id_version"),
        sa.CheckConstraint("amount <> 0", "ck_ledger_line_amount"),
    )


FUNCTIONS = [
    f"ledger_{name}"
    for name in ("append_only", "account_new", "account_change", "entry_new", "line_check", "line_book", "seal_check")
]


def _on_each_row(name: str, when: str, function: str) -> str:
    return f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION ledger_{function}()"


# Written with || and USING, because a percent sign would have to be doubled on its way through the driver.
POSTGRESQL = [
    """CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            MESSAGE = 'ledger guard: ' || TG_TABLE_NAME || ' is append-only, ' || TG_OP || ' refused';
    END $$""",
    """CREATE FUNCTION ledger_account_new() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.balance <> 0 OR NEW.version <> 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger guard: an account begins at 0';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE FUNCTION ledger_account_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (NEW.id, NEW.path, NEW.kind, NEW.currency, NEW.contribution, NEW.owner, NEW.side, NEW.never_negative)
            IS DISTINCT FROM
            (OLD.id, OLD.path, OLD.kind, OLD.currency, OLD.contribution, OLD.owner, OLD.side, OLD.never_negative)
        THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: only balance and version of an account change';
        END IF;
        IF NEW.version <> OLD.version + 1 OR NOT EXISTS (
            SELECT 1 FROM ledger_line
            WHERE account_id = NEW.id AND version = NEW.version AND balance_after = NEW.balance)
        THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: a balance changes by a line only';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE FUNCTION ledger_entry_new() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.reverses IS NOT NULL
            AND EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.reverses AND reverses IS NOT NULL)
        THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger guard: a reversal is not reversed';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE FUNCTION ledger_line_check() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        entry record;
        account record;
    BEGIN
        IF EXISTS (SELECT 1 FROM ledger_seal WHERE entry_id = NEW.entry_id) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger guard: the entry is sealed';
        END IF;
        SELECT currency, outside_id INTO entry FROM ledger_entry WHERE id = NEW.entry_id;
        SELECT kind, currency, balance, version INTO account FROM ledger_account WHERE id = NEW.account_id;
        IF entry.currency <> account.currency THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: an entry in ' || entry.currency || ' on an account in ' || account.currency;
        END IF;
        IF account.kind = 'clearing' AND entry.outside_id IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: clearing moves only with a balance transaction of the processor';
        END IF;
        IF NEW.version <> account.version + 1 OR NEW.balance_after <> account.balance + NEW.amount THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: the line does not follow the account''s last one';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE FUNCTION ledger_line_book() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE ledger_account SET balance = NEW.balance_after, version = NEW.version WHERE id = NEW.account_id;
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION ledger_seal_check() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        found record;
    BEGIN
        SELECT count(*) AS lines, coalesce(sum(amount), 0) AS total INTO found
            FROM ledger_line WHERE entry_id = NEW.entry_id;
        IF found.lines < 2 OR found.lines <> NEW.lines OR found.total <> 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: the entry has ' || found.lines || ' lines that sum to ' || found.total;
        END IF;
        RETURN NEW;
    END $$""",
    *(_on_each_row(f"{table}_append_only", f"BEFORE UPDATE OR DELETE ON {table}", "append_only") for table in TABLES),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION ledger_append_only()"
        for table in ("ledger_account", *TABLES)
    ),
    _on_each_row("ledger_account_no_delete", "BEFORE DELETE ON ledger_account", "append_only"),
    _on_each_row("ledger_account_new", "BEFORE INSERT ON ledger_account", "account_new"),
    _on_each_row("ledger_account_change", "BEFORE UPDATE ON ledger_account", "account_change"),
    _on_each_row("ledger_entry_new", "BEFORE INSERT ON ledger_entry", "entry_new"),
    _on_each_row("ledger_line_check", "BEFORE INSERT ON ledger_line", "line_check"),
    _on_each_row("ledger_line_book", "AFTER INSERT ON ledger_line", "line_book"),
    _on_each_row("ledger_seal_check", "BEFORE INSERT ON ledger_seal", "seal_check"),
]


def _sqlite_trigger(name: str, when: str, body: str) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {body}; END"


def _refuse(message: str, condition: str = "1") -> str:
    return f"SELECT RAISE(ABORT, 'ledger guard: {message}') WHERE {condition}"


# INSERT OR REPLACE deletes without firing delete triggers: hence the …_no_replace guards.
SQLITE = [
    *(
        _sqlite_trigger(f"{table}_no_{verb.lower()}", f"BEFORE {verb} ON {table}",
                        _refuse(f"{table} is append-only, {verb} refused"))
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ),
    _sqlite_trigger("ledger_account_no_delete", "BEFORE DELETE ON ledger_account",
                    _refuse("ledger_account is append-only, DELETE refused")),
    _sqlite_trigger("ledger_account_no_replace", "BEFORE INSERT ON ledger_account", _refuse(
        "an account is not replaced", "EXISTS (SELECT 1 FROM ledger_account "
        "WHERE id = NEW.id OR (path = NEW.path AND currency = NEW.currency))")),
    _sqlite_trigger("ledger_entry_no_replace", "BEFORE INSERT ON ledger_entry", _refuse(
        "an entry is not replaced", "EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id OR key = NEW.key "
        "OR reverses = NEW.reverses OR (kind = NEW.kind AND outside_id = NEW.outside_id))")),
    _sqlite_trigger("ledger_line_no_replace", "BEFORE INSERT ON ledger_line", _refuse(
        "a line is not replaced", "EXISTS (SELECT 1 FROM ledger_line WHERE id = NEW.id "
        "OR (entry_id = NEW.entry_id AND account_id = NEW.account_id) "
        "OR (account_id = NEW.account_id AND version = NEW.version))")),
    _sqlite_trigger("ledger_seal_no_replace", "BEFORE INSERT ON ledger_seal", _refuse(
        "a seal is not replaced", "EXISTS (SELECT 1 FROM ledger_seal WHERE entry_id = NEW.entry_id)")),
    _sqlite_trigger("ledger_account_new", "BEFORE INSERT ON ledger_account", _refuse(
        "an account begins at 0", "NEW.balance IS NOT 0 OR NEW.version IS NOT 0")),
    _sqlite_trigger("ledger_account_change", "BEFORE UPDATE ON ledger_account", "; ".join((
        _refuse("only balance and version of an account change",
                "NEW.id IS NOT OLD.id OR NEW.path IS NOT OLD.path OR NEW.kind IS NOT OLD.kind "
                "OR NEW.currency IS NOT OLD.currency OR NEW.contribution IS NOT OLD.contribution "
                "OR NEW.owner IS NOT OLD.owner OR NEW.side IS NOT OLD.side "
                "OR NEW.never_negative IS NOT OLD.never_negative"),
        _refuse("a balance changes by a line only",
                "NEW.version IS NOT OLD.version + 1 OR NOT EXISTS (SELECT 1 FROM ledger_line "
                "WHERE account_id = NEW.id AND version = NEW.version AND balance_after = NEW.balance)"),
    ))),
    _sqlite_trigger("ledger_entry_new", "BEFORE INSERT ON ledger_entry WHEN NEW.reverses IS NOT NULL", _refuse(
        "a reversal is not reversed",
        "EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.reverses AND reverses IS NOT NULL)")),
    _sqlite_trigger("ledger_line_check", "BEFORE INSERT ON ledger_line", "; ".join((
        _refuse("the entry is sealed", "EXISTS (SELECT 1 FROM ledger_seal WHERE entry_id = NEW.entry_id)"),
        _refuse("entry and account are of different currencies",
                "(SELECT currency FROM ledger_entry WHERE id = NEW.entry_id) "
                "IS NOT (SELECT currency FROM ledger_account WHERE id = NEW.account_id)"),
        _refuse("clearing moves only with a balance transaction of the processor",
                "(SELECT kind FROM ledger_account WHERE id = NEW.account_id) = 'clearing' "
                "AND (SELECT outside_id FROM ledger_entry WHERE id = NEW.entry_id) IS NULL"),
        _refuse("the line does not follow the account''s last one",
                "NOT EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.account_id "
                "AND version + 1 = NEW.version AND balance + NEW.amount = NEW.balance_after)"),
    ))),
    _sqlite_trigger("ledger_line_whole", "AFTER INSERT ON ledger_line", _refuse(
        "amounts are whole numbers of 64 bits",
        "typeof(NEW.amount) <> 'integer' OR typeof(NEW.balance_after) <> 'integer'")),
    _sqlite_trigger("ledger_line_book", "AFTER INSERT ON ledger_line",
                    "UPDATE ledger_account SET balance = NEW.balance_after, version = NEW.version "
                    "WHERE id = NEW.account_id"),
    _sqlite_trigger("ledger_seal_check", "BEFORE INSERT ON ledger_seal", _refuse(
        "the entry is not balanced or has too few lines",
        "(SELECT count(*) FROM ledger_line WHERE entry_id = NEW.entry_id) IS NOT NEW.lines OR NEW.lines < 2 "
        "OR (SELECT sum(amount) FROM ledger_line WHERE entry_id = NEW.entry_id) IS NOT 0")),
]  # fmt: skip
