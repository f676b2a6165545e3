"""The guards for an application whose role owns nothing: they name their tables in full, and one acts for the owner.

A role may always make temporary tables, and a temporary `ledger_seal` would be found before the real one by a trigger
that names it without its schema. The trigger that carries a line into its account's balance acts as the owner, so that
the application needs no right to change a balance. `ledger_line_check` asks once instead of three times.
"""

from __future__ import annotations

import re
from types import ModuleType

from alembic import context, op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LINE_CHECK = """CREATE FUNCTION ledger_line_check() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        entry record;
        account record;
    BEGIN
        SELECT currency, outside_id, EXISTS (SELECT 1 FROM ledger_seal WHERE entry_id = NEW.entry_id) AS sealed
            INTO entry FROM ledger_entry WHERE id = NEW.entry_id;
        IF entry.sealed THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger guard: the entry is sealed';
        END IF;
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
    END $$"""
CHANGED = {"ledger_line_check": LINE_CHECK}
OF_THE_LOG = ("ledger_leaf_next", "ledger_checkpoint_next")


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for name, statement in _first().items():
        named = re.sub(r"\b(FROM|UPDATE) ledger_", rf"\1 {schema}.ledger_", CHANGED.get(name, statement))
        op.get_bind().exec_driver_sql(named.replace("CREATE", "CREATE OR REPLACE", 1))
    op.get_bind().exec_driver_sql(
        f"ALTER FUNCTION ledger_line_book() SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp"
    )
    for name in OF_THE_LOG:
        op.get_bind().exec_driver_sql(f"ALTER FUNCTION {name}() SET search_path = pg_catalog, {schema}, pg_temp")
    # Nobody else may hang it on a table of their own.
    op.get_bind().exec_driver_sql("REVOKE ALL ON FUNCTION ledger_line_book() FROM PUBLIC")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for statement in _first().values():
        op.get_bind().exec_driver_sql(statement.replace("CREATE", "CREATE OR REPLACE", 1))
    for name in OF_THE_LOG:
        op.get_bind().exec_driver_sql(f"ALTER FUNCTION {name}() RESET search_path")
    op.get_bind().exec_driver_sql("GRANT EXECUTE ON FUNCTION ledger_line_book() TO PUBLIC")


def _first() -> dict[str, str]:
    """The functions as the first revision makes them, by name."""
    module = context.script.get_revision("0001").module
    assert isinstance(module, ModuleType)
    made = [statement for statement in module.POSTGRESQL if statement.startswith("CREATE FUNCTION")]
    return dict(zip(module.FUNCTIONS, made, strict=True))
