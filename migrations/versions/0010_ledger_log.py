"""The log that proves the books: leaves, kept hashes, signed checkpoints, deletable salts, and their guards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bountyhub.kit.types import BigInt, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LEAF, NODE, CHECKPOINT, SALT = "ledger_leaf", "ledger_node", "ledger_checkpoint", "ledger_salt"
APPEND_ONLY = (LEAF, NODE, CHECKPOINT)


def upgrade() -> None:
    _create_leaves()
    _create_nodes()
    _create_checkpoints()
    _create_salts()
    for statement in POSTGRESQL if _on_postgresql() else SQLITE:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    # A table takes its triggers with it on both engines.
    for table in (SALT, CHECKPOINT, NODE, LEAF):
        op.drop_table(table)
    if _on_postgresql():
        for name in ("ledger_leaf_next", "ledger_checkpoint_next"):
            op.get_bind().exec_driver_sql(f"DROP FUNCTION {name}()")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _create_leaves() -> None:
    entry = sa.ForeignKey("ledger_entry.id", name="fk_ledger_leaf_entry_id_ledger_entry")
    op.create_table(
        LEAF,
        sa.Column("number", BigInt, primary_key=True, autoincrement=False, comment="from 0, without gaps"),
        sa.Column("entry_id", BigInt, entry, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False, comment="SHA-256(0 ‖ the entry's public body)"),
        sa.Column("details", sa.CHAR(64), nullable=False, comment="the commitment to the entry's private part"),
        sa.UniqueConstraint("entry_id", name="uq_ledger_leaf_entry_id"),
        sa.CheckConstraint("length(hash) = 32", "ck_ledger_leaf_hash"),
    )


def _create_nodes() -> None:
    begins = "it begins at leaf number × 16^level"
    op.create_table(
        NODE,
        sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False, comment="from 1"),
        sa.Column("number", BigInt, primary_key=True, autoincrement=False, comment=begins),
        sa.Column("hash", sa.LargeBinary, nullable=False, comment="of the tree of RFC 6962"),
        sa.CheckConstraint("length(hash) = 32", "ck_ledger_node_hash"),
        sa.CheckConstraint("level > 0 AND number >= 0", "ck_ledger_node_place"),
    )


def _create_checkpoints() -> None:
    op.create_table(
        CHECKPOINT,
        sa.Column("size", BigInt, primary_key=True, autoincrement=False, comment="how many leaves"),
        sa.Column("root", sa.LargeBinary, nullable=False, comment="the hash over all of them"),
        sa.Column("note", sa.Text, nullable=False, comment="the signed text"),
        sa.Column("at", UtcDateTime, nullable=False, comment="when it was signed, our time"),
        sa.CheckConstraint("length(root) = 32", "ck_ledger_checkpoint_root"),
    )


def _create_salts() -> None:
    entry = sa.ForeignKey("ledger_entry.id", name="fk_ledger_salt_entry_id_ledger_entry")
    op.create_table(
        SALT,
        sa.Column("entry_id", BigInt, entry, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.LargeBinary, nullable=False, comment="32 random bytes"),
        sa.CheckConstraint("length(salt) = 32", "ck_ledger_salt_salt"),
    )


def _function(name: str, wrong: str, message: str) -> str:
    return f"""CREATE FUNCTION ledger_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {wrong} THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger guard: {message}';
        END IF;
        RETURN NEW;
    END $$"""


def _on_each_row(name: str, when: str, function: str) -> str:
    return f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION ledger_{function}()"


LEAVES = "(SELECT coalesce(max(number) + 1, 0) FROM ledger_leaf)"
NEXT_LEAF = f"NEW.number <> {LEAVES}"
SIGNED = "(SELECT coalesce(max(size), 0) FROM ledger_checkpoint)"
NEXT_CHECKPOINT = f"NEW.size <> {LEAVES} OR NEW.size <= {SIGNED}"
LEAF_REFUSED = "a leaf follows the last one"
CHECKPOINT_REFUSED = "a checkpoint is of the whole log and comes after the last one"

POSTGRESQL = [
    _function("leaf_next", NEXT_LEAF, LEAF_REFUSED),
    _function("checkpoint_next", NEXT_CHECKPOINT, CHECKPOINT_REFUSED),
    _on_each_row("ledger_leaf_next", f"BEFORE INSERT ON {LEAF}", "leaf_next"),
    _on_each_row("ledger_checkpoint_next", f"BEFORE INSERT ON {CHECKPOINT}", "checkpoint_next"),
    *(
        _on_each_row(f"{table}_append_only", f"BEFORE UPDATE OR DELETE ON {table}", "append_only")
        for table in APPEND_ONLY
    ),
    _on_each_row("ledger_salt_no_update", f"BEFORE UPDATE ON {SALT}", "append_only"),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION ledger_append_only()"
        for table in (*APPEND_ONLY, SALT)
    ),
]


def _sqlite_trigger(name: str, when: str, message: str, condition: str = "1") -> str:
    refuse = f"SELECT RAISE(ABORT, 'ledger guard: {message}') WHERE {condition}"
    return f"CREATE TRIGGER {name} BEFORE {when} BEGIN {refuse}; END"


# INSERT OR REPLACE deletes without firing delete triggers: hence the …_no_replace guards. A checkpoint needs none:
# it has to come after the last one.
SQLITE = [
    _sqlite_trigger("ledger_leaf_next", f"INSERT ON {LEAF}", LEAF_REFUSED, NEXT_LEAF),
    _sqlite_trigger("ledger_checkpoint_next", f"INSERT ON {CHECKPOINT}", CHECKPOINT_REFUSED, NEXT_CHECKPOINT),
    *(
        _sqlite_trigger(f"{table}_no_{verb.lower()}", f"{verb} ON {table}", f"{table} is append-only, {verb} refused")
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ),
    _sqlite_trigger("ledger_salt_no_update", f"UPDATE ON {SALT}", "a salt is not changed"),
    _sqlite_trigger("ledger_leaf_no_replace", f"INSERT ON {LEAF}", "a leaf is not replaced",
                    "EXISTS (SELECT 1 FROM ledger_leaf WHERE number = NEW.number OR entry_id = NEW.entry_id)"),
    _sqlite_trigger("ledger_node_no_replace", f"INSERT ON {NODE}", "a node is not replaced",
                    "EXISTS (SELECT 1 FROM ledger_node WHERE level = NEW.level AND number = NEW.number)"),
    _sqlite_trigger("ledger_salt_no_replace", f"INSERT ON {SALT}", "a salt is not replaced",
                    "EXISTS (SELECT 1 FROM ledger_salt WHERE entry_id = NEW.entry_id)"),
]  # fmt: skip
