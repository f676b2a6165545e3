"""The names of the database's guards, and a look at whether they are all on duty. Read by `verify` and tests."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

_TABLES = ("ledger_entry", "ledger_line", "ledger_seal", "ledger_leaf", "ledger_node", "ledger_checkpoint")
_COMMON = {
    "ledger_account_new",
    "ledger_account_change",
    "ledger_account_no_delete",
    "ledger_entry_new",
    "ledger_line_check",
    "ledger_line_book",
    "ledger_seal_check",
    "ledger_leaf_next",
    "ledger_checkpoint_next",
    "ledger_salt_no_update",
}

POSTGRESQL = _COMMON | {
    *(f"{table}_no_truncate" for table in ("ledger_account", "ledger_salt")),
    *(f"{table}_append_only" for table in _TABLES),
    *(f"{table}_no_truncate" for table in _TABLES),
}
SQLITE = _COMMON | {
    "ledger_line_whole",
    *(f"{table}_no_update" for table in _TABLES),
    *(f"{table}_no_delete" for table in _TABLES),
    *(f"{table}_no_replace" for table in ("ledger_account", "ledger_salt", *_TABLES)),
} - {"ledger_checkpoint_no_replace"}  # one that takes another's place can't come after the last one

# A trigger that was switched off counts as missing: 'D' is disabled, 'R' fires for replicas only.
_ON_POSTGRESQL = text(
    "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE relname LIKE 'ledger_%' AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
)
_OFF_POSTGRESQL = text(
    "SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE relname LIKE 'ledger_%' AND tgisinternal AND tgenabled NOT IN ('O', 'A')"
)
_ON_SQLITE = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger_%'")


def expected(session: Session) -> set[str]:
    """The names of all guards on this engine."""
    return POSTGRESQL if _is_postgresql(session) else SQLITE


def on_duty(session: Session) -> set[str]:
    """The names of the guards that exist and are switched on."""
    return set(session.scalars(_ON_POSTGRESQL if _is_postgresql(session) else _ON_SQLITE))


def foreign_keys_off(session: Session) -> bool:
    """Whether somebody switched off the books' foreign keys (on SQLite each connection decides for itself)."""
    return _is_postgresql(session) and bool(session.scalar(_OFF_POSTGRESQL))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
