"""What the application's own role may do on PostgreSQL, where another role owns the tables.

`bountyhub migrate` gives these rights anew after each migration, so that a new table has them; `bountyhub doctor`
asks whether the role has no more than these. The books' guards are triggers: who doesn't own the tables can't switch
them off, and who has no right to change a row doesn't even reach them.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

READ = "SELECT"
APPEND = "SELECT, INSERT"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"

#: Tables of which the application may do less than everything.
RIGHTS = {
    "alembic_version": READ,
    # Locking a row demands the right to update some column of it; the row's guard refuses any such update.
    "ledger_account": "SELECT, INSERT, UPDATE (version)",
    "agreed_text": APPEND,
    "paper": APPEND,
    "built": APPEND,
    "ledger_entry": APPEND,
    "ledger_line": APPEND,
    "ledger_seal": APPEND,
    "ledger_leaf": APPEND,
    "ledger_node": APPEND,
    "ledger_checkpoint": APPEND,
    "ledger_salt": "SELECT, INSERT, DELETE",
}
#: Held by nobody but the owner on tables of the books.
_TOO_MUCH = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")

_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
_MAY = text("SELECT has_table_privilege(:name, :right)")
_OWNED = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' "
    "AND pg_has_role(relowner, 'MEMBER') ORDER BY relname"
)
_IS_SUPERUSER = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
_MAY_CREATE = text("SELECT has_schema_privilege(current_schema(), 'CREATE')")


def give(connection: Connection, role: str) -> None:
    """As the owner: take every right on this schema from the role, then give it what it needs; safe to repeat."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    schema = connection.dialect.identifier_preparer.quote(connection.scalar(text("SELECT current_schema()")))
    tables = list(connection.scalars(_TABLES))
    for statement in (
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {quoted}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {quoted}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {quoted}",
        f"GRANT USAGE ON SCHEMA {schema} TO {quoted}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted}",
        *(f"GRANT {RIGHTS.get(table, EVERYTHING)} ON {schema}.{table} TO {quoted}" for table in tables),
    ):
        connection.exec_driver_sql(statement)


def excess(session: Session) -> list[str]:
    """As the application: every right over the books that it should not have, in words; empty when all is well."""
    if session.scalar(_IS_SUPERUSER):
        return ["is a superuser"]
    tables = [table for table in session.scalars(_TABLES) if table in RIGHTS]
    found = [f"owns {table}" for table in session.scalars(_OWNED)]
    found += [
        f"may {right} {table}"
        for table in tables
        for right in _TOO_MUCH
        if right not in RIGHTS[table] or (right == "UPDATE" and "(" in RIGHTS[table])
        if session.scalar(_MAY, {"name": table, "right": right})
    ]
    return found + ["may create tables"] * bool(session.scalar(_MAY_CREATE))
