"""The guards for an application whose role owns nothing: they name their tables in full, and one acts for the owner.

A role may always make temporary tables, and a temporary `ledger_seal` would be found before the real one by a trigger
that names it without its schema. The trigger that carries a line into its account's balance acts as the owner, so that
the application needs no right to change a balance.

And for speed: `ledger_line_check` asks once instead of three times, and what can only be wrong in a new account (its
kind, side and rule never change) is looked at when it is new. As constraints PostgreSQL reads them anew for each
change of a balance.
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
        found record;
    BEGIN
        SELECT account.kind, account.currency, account.balance, account.version, entry.currency AS of_entry,
                entry.outside_id, EXISTS (SELECT 1 FROM ledger_seal WHERE entry_id = NEW.entry_id) AS sealed
            INTO found FROM ledger_account AS account LEFT JOIN ledger_entry AS entry ON entry.id = NEW.entry_id
            WHERE account.id = NEW.account_id;
        IF found.sealed THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger guard: the entry is sealed';
        END IF;
        IF found.of_entry <> found.currency THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: an entry in ' || found.of_entry || ' on an account in ' || found.currency;
        END IF;
        IF found.kind = 'clearing' AND found.outside_id IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: clearing moves only with a balance transaction of the processor';
        END IF;
        IF NEW.version <> found.version + 1 OR NEW.balance_after <> found.balance + NEW.amount THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: the line does not follow the account''s last one';
        END IF;
        RETURN NEW;
    END $$"""
OF_THE_LOG = ("ledger_leaf_next", "ledger_checkpoint_next")
ACCOUNT_NEW = """CREATE FUNCTION ledger_account_new() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.balance <> 0 OR NEW.version <> 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'ledger guard: an account begins at 0';
        END IF;
        IF NOT coalesce(({kind}) AND ({rule}) AND ({side}), false) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                MESSAGE = 'ledger guard: no account of the chart is of this kind, side and rule: ' || NEW.path;
        END IF;
        RETURN NEW;
    END $$"""
# Names its operator too: a search path of the function's own, the other way to be safe, costs more than the update.
LINE_BOOK = """CREATE FUNCTION ledger_line_book() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        UPDATE ledger_account SET balance = NEW.balance_after, version = NEW.version
            WHERE id OPERATOR(pg_catalog.=) NEW.account_id;
        RETURN NULL;
    END $$"""
FITS = ("kind", "rule", "side")
CHECK = "ck_ledger_account_ck_ledger_account_"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    changed = {
        "ledger_line_check": LINE_CHECK,
        "ledger_line_book": LINE_BOOK,
        "ledger_account_new": ACCOUNT_NEW.format(**{name: _of_new(rule) for name, rule in _fits().items()}),
    }
    for name in FITS:
        op.drop_constraint(op.f(f"{CHECK}{name}"), "ledger_account")
    for name, statement in _first().items():
        named = re.sub(r"\b(FROM|JOIN|UPDATE) ledger_", rf"\1 {schema}.ledger_", changed.get(name, statement))
        op.get_bind().exec_driver_sql(named.replace("CREATE", "CREATE OR REPLACE", 1))
    _look_at_new_entries("WHEN (NEW.reverses IS NOT NULL)")
    for name in OF_THE_LOG:
        op.get_bind().exec_driver_sql(f"ALTER FUNCTION {name}() SET search_path = pg_catalog, {schema}, pg_temp")
    # Nobody else may hang it on a table of their own.
    op.get_bind().exec_driver_sql("REVOKE ALL ON FUNCTION ledger_line_book() FROM PUBLIC")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for statement in _first().values():
        op.get_bind().exec_driver_sql(statement.replace("CREATE", "CREATE OR REPLACE", 1))
    _look_at_new_entries("")
    for name in OF_THE_LOG:
        op.get_bind().exec_driver_sql(f"ALTER FUNCTION {name}() RESET search_path")
    op.get_bind().exec_driver_sql("GRANT EXECUTE ON FUNCTION ledger_line_book() TO PUBLIC")
    for name, rule in _fits().items():
        op.create_check_constraint(op.f(f"{CHECK}{name}"), "ledger_account", rule)


def _look_at_new_entries(when: str) -> None:
    """Only a reversal needs a look; asked by the trigger itself, all others cost nothing."""
    op.get_bind().exec_driver_sql("DROP TRIGGER ledger_entry_new ON ledger_entry")
    op.get_bind().exec_driver_sql(
        f"CREATE TRIGGER ledger_entry_new BEFORE INSERT ON ledger_entry FOR EACH ROW {when} "
        "EXECUTE FUNCTION ledger_entry_new()"
    )


def _fits() -> dict[str, str]:
    """What makes an account one of the chart, as the first revision's constraints have it."""
    first = _first_revision()
    return {
        "kind": f"kind IN ({first.FREE},{first.OTHERS})",
        "rule": f"never_negative = (kind NOT IN ({first.FREE}))",
        "side": f"side = CASE WHEN kind IN ({first.DEBIT_SIDE}) THEN 'debit' ELSE 'credit' END",
    }


def _of_new(rule: str) -> str:
    return re.sub(r"\b(kind|never_negative|side)\b", r"NEW.\1", rule)


def _first_revision() -> ModuleType:
    module = context.script.get_revision("0001").module
    assert isinstance(module, ModuleType)
    return module


def _first() -> dict[str, str]:
    """The functions as the first revision makes them, by name."""
    module = _first_revision()
    made = [statement for statement in module.POSTGRESQL if statement.startswith("CREATE FUNCTION")]
    return dict(zip(module.FUNCTIONS, made, strict=True))
